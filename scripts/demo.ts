/** `npm run demo`: a whole campaign in virtual time, through the same parts that run in production. */
import path from 'node:path';
import { runDemo } from './demo/run-demo';
import { UserError } from './user-error';
import { ConfigError } from '../runtime/config';

runDemo(process.argv.slice(2), path.join(__dirname, '..')).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const isForPeople = error instanceof UserError || error instanceof ConfigError;
    console.error(isForPeople ? `\n${error.message}` : error);
    process.exit(isForPeople ? 2 : 1);
  },
);
