import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { WorkflowClient } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { version } from '../../package.json';

const directory = path.join(__dirname, '..', 'histories');

export interface RecordedHistory {
  file: string;
  workflow: string;
  history: unknown;
}

/** Every recorded history, for the replay. */
export function recordedHistories(): RecordedHistory[] {
  const files = readdirSync(directory).filter((file) => file.endsWith('.json'));
  return files.map((file) => ({
    file,
    workflow: file.slice(0, file.indexOf('_')),
    history: JSON.parse(readFileSync(path.join(directory, file), 'utf8')) as unknown,
  }));
}

/** With RECORD_HISTORIES=1, keeps a finished workflow's history as test/histories/<workflow>_<case>_<version>.json. */
export async function recordHistory(
  client: WorkflowClient,
  workflowId: string,
  workflow: string,
  what: string,
): Promise<void> {
  if (process.env.RECORD_HISTORIES !== '1') return;
  const json = historyToJSON(await client.getHandle(workflowId).fetchHistory());
  // On which machine and in which process it was recorded is nobody's business.
  const history: unknown = JSON.parse(json, (key, value: unknown) => (key === 'identity' ? 'recorded' : value));
  writeFileSync(path.join(directory, `${workflow}_${what}_${version}.json`), `${JSON.stringify(history)}\n`);
}
