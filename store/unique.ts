import { Prisma } from '../prisma/generated/client';

/** Did a write fail because a unique value is taken? */
export function isTaken(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}
