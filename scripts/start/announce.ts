import path from 'node:path';
import color from 'picocolors';
import { manifests } from '../../providers';
import type { ProviderChoice } from './provider-choice';
import { secretsFile, type Secrets } from './secrets';
import type { RunningStack } from './stack';

/** Says where everything is, and what the providers are. */
export function announceStack(stack: RunningStack, choice: ProviderChoice, data: string): void {
  const api = stack.engine.apiUrl;
  const places: [string, string][] = [
    ['API', api],
    ['try it', `${api}/docs`],
    ['OpenAPI', `${api}/openapi.json`],
    ['health', `${api}/healthz, ${api}/readyz`],
    ['Temporal Web UI', stack.temporalUi ?? `the one of the Temporal server at ${stack.temporalAddress}`],
    ['data', relative(data)],
  ];
  if (choice.kind === 'simulated') places.push(["simulator's logs", relative(path.join(data, 'simulator'))]);
  console.log(`\n${color.bold('Running.')} ${color.dim('Ctrl-C stops everything; the data stay.')}\n`);
  for (const [what, where] of places) console.log(`  ${what.padEnd(17)} ${where}`);
  console.log(`\n${choice.kind === 'simulated' ? simulatedLine(choice) : realLines(choice)}`);
}

/** Providers that write texts. */
const writers = manifests.filter(({ writer }) => writer).map(({ name }) => name);

function simulatedLine({ configured }: ProviderChoice): string {
  const ignored = configured.length === 0 ? '' : ` (--simulate: the settings of ${configured.join(', ')} are not used)`;
  return `Providers: ${color.bold('simulated')}. Nothing leaves this machine${ignored}.`;
}

function realLines({ configured, missing }: ProviderChoice): string {
  const lines = [`Providers: ${color.bold('REAL')} (${configured.join(', ')}). Whoever is imported will be contacted.`];
  if (missing.length > 0) lines.push(`Not configured: ${missing.join(', ')}. Register no senders for them.`);
  if (!writers.some((name) => configured.includes(name))) {
    lines.push(`Without ${writers.join(' or ')} no text is written, so nothing is sent.`);
  }
  return lines.join('\n');
}

/** Shows a key, the only time that it can be shown, and what it is good for. */
export function announceKey(title: string, key: string): void {
  console.log(`\n${color.bold(title)} It cannot be shown again:\n\n  KEY=${key}`);
}

/** On a later run: where the key was shown, and what to do without it. */
export function announceKnownClient(client: NonNullable<Secrets['firstClient']>, data: string): void {
  console.log(`\nThe API key of "${client.name}" was shown at ${client.keyShownAt}. Lost? npm start -- --new-key`);
  console.log(
    `The operator's key, which makes other clients (POST /v1/clients), is in ${relative(secretsFile(data))}.`,
  );
}

/** A campaign by three commands. */
export function announceCommands(api: string, choice: ProviderChoice, key: string | null): void {
  if (choice.kind === 'real') return console.log(`\n${firstSteps}`);
  const authorization = '-H "Authorization: Bearer $KEY"';
  const campaign =
    '{"name":"Operations leaders","targeting":{"titles":["Head of Operations"],"locations":["Australia"]}}';
  const readId = "node -p 'JSON.parse(fs.readFileSync(0)).id'";
  console.log(`\n${color.bold('A campaign in three commands')}${key === null ? ' (KEY=… first)' : ''}:\n`);
  console.log(`  CAMPAIGN=$(curl -s ${api}/v1/campaigns ${authorization} \\`);
  console.log(`    -H 'content-type: application/json' -d '${campaign}' | ${readId})`);
  console.log(`  curl -s ${api}/v1/campaigns/$CAMPAIGN/leads ${authorization} \\`);
  console.log(`    -H 'content-type: text/csv' --data-binary @examples/leads.csv`);
  console.log(`  curl -s -X POST ${api}/v1/campaigns/$CAMPAIGN/activate ${authorization}\n`);
  console.log('Touches leave Monday to Friday, 09:00 to 11:00 where the recipient is. What is planned and why:');
  console.log(`  curl -s ${api}/v1/campaigns/$CAMPAIGN/leads ${authorization}   and /v1/leads/ID/timeline\n`);
}

const firstSteps =
  'Next: PATCH /v1/client (postalAddress, website, senderName, proofPoints), then register what the client sends from:\n' +
  'POST /v1/domains (warmupStartedAt!), /v1/mailboxes, /v1/phone-numbers, /v1/linkedin-seats. README.md has the rest.\n';

function relative(place: string): string {
  const from = path.relative(process.cwd(), place);
  return from.startsWith('..') ? place : from || '.';
}
