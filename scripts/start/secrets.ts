import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { simulatedAccounts } from '../simulated-accounts';
import { UserError } from '../user-error';
import type { ProviderChoice } from './provider-choice';

const text = z.string().min(1);

/** What has to be the same at every start on the same data. */
const secretsSchema = z.object({
  providers: z.enum(['simulated', 'real']),
  secretKey: z.string().min(32),
  operatorApiKey: z.string().min(16),
  /** Makes the creation of the first client safe to repeat after a crash. */
  setupId: text,
  simulatedAccounts: z.record(z.string(), text),
  /** null: not made yet. */
  firstClient: z.object({ id: text, name: text, keyShownAt: z.iso.datetime() }).nullable(),
});

export type Secrets = z.infer<typeof secretsSchema>;

export const secretsFile = (data: string): string => path.join(data, 'secrets.json');

/**
 * Reads the secrets of these data, or makes them.
 * @throws UserError when the data belong to the other kind of providers: invented leads must never meet real ones
 */
export function openSecrets(data: string, providers: ProviderChoice['kind']): Secrets {
  const file = secretsFile(data);
  if (!existsSync(file)) {
    const made: Secrets = {
      providers,
      secretKey: randomBytes(32).toString('hex'),
      operatorApiKey: `aos_operator_${randomBytes(24).toString('base64url')}`,
      setupId: randomBytes(8).toString('hex'),
      simulatedAccounts: simulatedAccounts(),
      firstClient: null,
    };
    writeSecrets(data, made);
    return made;
  }
  const secrets = withNewAccounts(data, readSecrets(file));
  if (secrets.providers === providers) return secrets;
  throw new UserError(
    `The data in ${data} were made with ${secrets.providers} providers, and this start would use ${providers} ones. ` +
      'Take another folder: npm start -- --data DIR',
  );
}

/** Data of an earlier version know nothing of providers that have come since. */
function withNewAccounts(data: string, secrets: Secrets): Secrets {
  const accounts = { ...simulatedAccounts(), ...secrets.simulatedAccounts };
  if (Object.keys(accounts).length === Object.keys(secrets.simulatedAccounts).length) return secrets;
  const completed = { ...secrets, simulatedAccounts: accounts };
  writeSecrets(data, completed);
  return completed;
}

function readSecrets(file: string): Secrets {
  try {
    return secretsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new UserError(
      `${file} cannot be read. Put it back from a copy: without it the database beside it is of little use. ` +
        'Or start on another folder: npm start -- --data DIR',
    );
  }
}

/** Written beside and moved into place, so that a crash leaves the old file or the new one. */
export function writeSecrets(data: string, secrets: Secrets): void {
  mkdirSync(data, { recursive: true });
  const file = secretsFile(data);
  writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  chmodSync(`${file}.new`, 0o600);
  renameSync(`${file}.new`, file);
}
