import type { DatabaseCheck } from '../database-check';
import { punctual, spacing } from './slots';
import { apart, onePerDay, order } from './steps';

/** Every promise that the database is held against; a new one is an object and a line here. */
export const databaseChecks: readonly DatabaseCheck[] = [order, apart, onePerDay, punctual, spacing];
