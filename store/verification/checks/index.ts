import type { DatabaseCheck } from '../database-check';
import { counters, holds } from './capacity';
import { ledger, paidOnce } from './credits';
import { applied, quiet } from './events';
import { explained } from './explained';
import { atOnce, daily, health, warmUp } from './limits';
import { punctual, spacing } from './slots';
import { apart, onePerDay, order } from './steps';
import { ended, suppressed } from './stops';
import { callWindow, holidays, window } from './windows';

/** Every promise that the database is held against; a new one is an object and a line here. */
export const databaseChecks: readonly DatabaseCheck[] = [
  order,
  apart,
  onePerDay,
  window,
  callWindow,
  holidays,
  spacing,
  punctual,
  daily,
  atOnce,
  warmUp,
  health,
  counters,
  holds,
  ended,
  quiet,
  suppressed,
  applied,
  ledger,
  paidOnce,
  explained,
];
