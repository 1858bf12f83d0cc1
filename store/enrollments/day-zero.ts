import type { Database, Transaction } from '../database';
import { dateValue } from '../dates';

/** SEQ-1: Day 0 is set once. */
export async function beginDay0(tx: Database | Transaction, enrollmentId: string, day0: string): Promise<void> {
  await tx.enrollment.updateMany({ where: { id: enrollmentId, day0: null }, data: { day0: dateValue(day0) } });
}
