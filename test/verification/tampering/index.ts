import { account } from './account';
import { limits } from './limits';
import { sequence } from './sequence';
import { time } from './time';
import type { Tampering } from './lines';

/** Lies told to the logs of a good run: at least one for every check. */
export const tamperings: readonly Tampering[] = [...account, ...limits, ...sequence, ...time];
