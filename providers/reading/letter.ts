import { DateTime } from 'luxon';
import type { ProviderEvent } from '../ports';
import { looksAutomatic } from './automatic-reply';
import { isOptOut, isOptOutSubject } from './opt-out';
import { plainText, unquoted } from './plain-text';
import { statedReturnDate } from './return-date';

/** A mail that a person or a machine wrote to one of our mailboxes. */
export interface Letter {
  subject: string | null;
  /** Text or HTML, with or without the mail that it answers. */
  content: string;
  /** Do its headers say that a machine wrote it? */
  saysAutomatic: boolean;
  /** When it was written, in the writer's zone as far as that is known. */
  writtenAt: DateTime;
}

/**
 * What a letter means: a wish to be left alone (SEQ-5), whoever wrote it; an automatic reply with its date of return (SEQ-3);
 * else a reply. In doubt a person wrote it.
 */
export function readLetter({
  subject,
  content,
  saysAutomatic,
  writtenAt,
}: Letter): Pick<ProviderEvent, 'kind' | 'returnDate' | 'returnDateMonthFirst'> {
  const said = unquoted(plainText(content));
  if (isOptOut(said) || isOptOutSubject(subject)) return { kind: 'unsubscribe' };
  if (!saysAutomatic && !looksAutomatic(subject, content)) return { kind: 'reply' };
  const text = `${subject ?? ''}\n${said}`;
  return {
    kind: 'autoReply',
    returnDate: statedReturnDate(text, writtenAt),
    returnDateMonthFirst: statedReturnDate(text, writtenAt, { monthFirst: true }),
  };
}

/** The instant of a mail with its writer's offset, as its Date header gives it; without one in UTC. */
export function writtenAt(dateHeader: string | null, occurredAt: Date): DateTime {
  const at = DateTime.fromJSDate(occurredAt, { zone: 'utc' });
  const header = DateTime.fromRFC2822((dateHeader ?? '').replace(/\s*\([^)]*\)\s*$/, '').trim(), { setZone: true });
  return header.isValid ? at.setZone(header.zone) : at;
}
