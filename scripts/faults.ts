/** `npm run faults`: campaigns in processes of their own, and somebody who kills, freezes and cuts them off. */
import path from 'node:path';
import { runFaults } from './faults/run-faults';
import { UserError } from './user-error';

runFaults(process.argv.slice(2), path.join(__dirname, '..')).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const isForPeople = error instanceof UserError;
    console.error(isForPeople ? `\n${error.message}` : error);
    process.exit(isForPeople ? 2 : 1);
  },
);
