/** `npm run verify`: every promise of the specification, held against a database, the logs of a run, or both. */
import path from 'node:path';
import { ConfigError } from '../runtime/config';
import { UserError } from './user-error';
import { runVerify } from './verify/run-verify';

runVerify(process.argv.slice(2), path.join(__dirname, '..')).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const isForPeople = error instanceof UserError || error instanceof ConfigError;
    console.error(isForPeople ? error.message : error);
    process.exit(2);
  },
);
