import { DatabaseError } from 'pg';
import { Prisma } from '../prisma/generated/client';

/** Did a write fail because a unique value is taken? */
export function isTaken(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.code === '23505';
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}
