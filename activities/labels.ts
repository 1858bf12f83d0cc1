import { DateTime } from 'luxon';
import { zoneOfChannel } from '../domain/calendar/send-window';
import type { SequenceStep } from '../domain/sequence';
import type { EnrollmentRecord } from '../store/enrollments/facts';

/** "Tue 10 Mar 09:14 Sydney": a slot on the wall clock that the step's window goes by. */
export function slotLabel(record: EnrollmentRecord, step: SequenceStep, slotAt: Date): string {
  const zone = zoneOfChannel(step.channel, record.facts);
  const city = (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
  return `${DateTime.fromJSDate(slotAt, { zone }).toFormat('ccc d LLL HH:mm')} ${city}`;
}

/** "step 2 voice · Tue 10 Mar 09:14 Sydney": what the Temporal Web UI shows of a waiting lead. */
export function touchLabel(record: EnrollmentRecord, step: SequenceStep, slotAt: Date): string {
  return `step ${step.step} ${step.channel} · ${slotLabel(record, step, slotAt)}`;
}
