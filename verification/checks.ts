import type { Check } from './check';
import { limitsKept, warmUp } from './checks/limits';
import { spacing } from './checks/spacing';
import { apart, once, onePerDay, order } from './checks/steps';
import { answered, bounces, optOuts, replies } from './checks/stops';
import { timelines } from './checks/timelines';
import { callWindow, holidays, window } from './checks/windows';
import { zones } from './checks/zones';

/** Every promise that a run is held against; a new one is an object and a line here. */
export const checks: readonly Check[] = [
  once,
  timelines,
  answered,
  order,
  apart,
  replies,
  bounces,
  optOuts,
  onePerDay,
  window,
  zones,
  callWindow,
  holidays,
  spacing,
  limitsKept,
  warmUp,
];
