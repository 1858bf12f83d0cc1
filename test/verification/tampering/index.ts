import { timelines } from './timelines';
import { limits } from './limits';
import { sequence } from './sequence';
import { time } from './time';
import type { Tampering } from './lines';

/** Lies told to the logs of a good run: at least one for every check. */
export const tamperings: readonly Tampering[] = [...timelines, ...limits, ...sequence, ...time];
