import { engine } from './environment';
import type { VariableGroup } from './variables';

const head = `# Copy to .env for \`npm start\` with real providers and for docker-compose. A line that is left empty counts as not set.
# \`npm run demo\` and \`npm test\` need none of this.`;

/** The text of `.env.example`: every variable with its sentence and its default. */
export function envExample(providers: readonly VariableGroup[]): string {
  // A provider's default is left out: a line that is set would make the provider half configured.
  const groups = [section(engine, true), ...providers.map((group) => section(group, false))];
  return `${[head, ...groups].join('\n\n')}\n`;
}

function section({ title, variables }: VariableGroup, showDefaults: boolean): string {
  const lines = Object.values(variables).flatMap((variable) => [
    `# ${variable.sentence} Default: ${variable.otherwise}.`,
    `${variable.name}=${showDefaults ? (variable.default ?? '') : ''}`,
  ]);
  return [`# --- ${title} ---`, '', ...lines].join('\n');
}
