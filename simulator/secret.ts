import { randomBytes } from 'node:crypto';

/** A secret that nobody can guess, 48 characters. */
export const anySecret = (): string => randomBytes(24).toString('hex');
