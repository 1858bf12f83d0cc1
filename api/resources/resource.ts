import type { z } from 'zod';
import type { Page, PageRequest } from '../../store/paging';
import type { Pausable } from '../../store/senders/pauses';

/** One of the caller's own resources. */
export interface Owned {
  clientId: string;
  id: string;
}

/**
 * A kind of resource that clients send from: its schemas, and how it is stored and shown. The routes are the same for
 * every kind (api/routes/resources.ts); a kind is one file beside this one and a line there.
 */
export interface ApiResource<New extends z.ZodType, Changes extends z.ZodType, View extends z.ZodType, Row> {
  /** As it stands in the URL. */
  path: string;
  /** What a person calls one of them. */
  noun: string;
  summaries: { create: string; change: string };
  schemas: { create: New; changes: Changes; view: View };
  /** The field that only one client may have: registering it twice is refused. */
  unique: string;
  /** @throws Prisma's P2002 when somebody has registered it already; Problem 400 */
  create(clientId: string, body: z.output<New>, now: Date): Promise<{ id: string }>;
  list(clientId: string, page: PageRequest): Promise<Page<Row>>;
  read(owner: Owned): Promise<Row | null>;
  /** @throws Problem 400 */
  change(owner: Owned, body: z.output<Changes>): Promise<void>;
  views(clientId: string, rows: Row[]): Promise<z.output<View>[]>;
  pausable(owner: Owned): Pausable;
  /** Looks at once at what is otherwise looked at daily; a kind without it has no such route. */
  check?: { summary: string; act(owner: Owned, now: Date): Promise<void> };
}
