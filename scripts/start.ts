/** `npm start`: the whole stack in real time, with the Temporal Web UI, until Ctrl-C. */
import path from 'node:path';
import { ConfigError } from '../runtime/config';
import { runStart } from './start/run-start';
import { UserError } from './user-error';

runStart(process.argv.slice(2), path.join(__dirname, '..')).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const isForPeople = error instanceof UserError || error instanceof ConfigError;
    console.error(isForPeople ? `\n${error.message}` : error);
    process.exit(isForPeople ? 2 : 1);
  },
);
