import type { InboxLine, LeadLine, OutboxLine, Run } from '../../../verification/run';

/** One lie told to the logs of a good run: what is wrong then, which check must say so, and in which words. */
export interface Tampering {
  what: string;
  check: string;
  says: RegExp;
  tamper: (run: Run) => void;
}

export const first = <T>(lines: readonly T[]): T => {
  const [line] = lines;
  if (line === undefined) throw new Error('nothing to tamper with');
  return line;
};
export const ofOperation = ({ outbox }: Run, operation: string): OutboxLine[] =>
  outbox.filter((line) => line.operation === operation);
export const ofEvent = ({ inbox }: Run, event: string): InboxLine =>
  first(inbox.filter((line) => line.event === event));
export const later = (at: string, hours: number): string => new Date(Date.parse(at) + hours * 3_600_000).toISOString();
export const shift = (line: { at: string }, hours: number): void => void (line.at = later(line.at, hours));

/** Lookups and texts have touch ids, too. */
const contacts = ['send', 'call', 'invite', 'message', 'sms'];

/** The outbox lines of a lead that got all of its steps, in order. */
export function touchesOfOne(run: Run): OutboxLine[] {
  const { touches } = first(
    run.leads.filter((lead) => lead.touches.filter(({ status }) => status === 'sent').length > 4),
  );
  return touches.map(({ touchId }) =>
    first(run.outbox.filter((line) => line.touchId === touchId && contacts.includes(line.operation))),
  );
}
/** Puts one of its touches at another time, in its place in the log. */
export function move(run: Run, line: OutboxLine, at: string): void {
  line.at = at;
  run.outbox.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
/** As many further requests like the first of its kind. @param changes what is different about them */
export function repeat(
  run: Run,
  operation: string,
  times: number,
  { daysApart = 0, ...changes }: Partial<OutboxLine> & { daysApart?: number } = {},
): void {
  const line = first(ofOperation(run, operation));
  for (let i = 1; i <= times; i += 1) {
    run.outbox.push({ ...line, ...changes, touchId: `repeated-${i}`, at: later(line.at, 24 * daysApart * i) });
  }
}
export const toldOf = ({ leads }: Run, { touchId }: OutboxLine): LeadLine['touches'][number] =>
  first(leads.flatMap((lead) => lead.touches).filter((touch) => touch.touchId === touchId));
