import { MockActivityEnvironment } from '@temporalio/testing';
import { randomUUID } from 'node:crypto';
import type { ProviderEvent } from '../../providers/ports';
import type { Database } from '../../store/database';
import { stopLead } from '../../store/enrollments/stop-lead';
import { recordEvent } from '../../store/events/record-event';
import { importLeads } from '../../store/leads/lead-import';
import { dispatch } from '../../store/outbox/dispatch';
import { transact } from '../../store/database';
import { drain } from '../../store/touches/in-flight';
import type { House } from '../capacity/capacity';
import { bookEmail, monday, windows } from '../capacity/booking';
import { activitiesAt, expectDelivery } from '../engine/instant-engine';
import { secretKey } from '../run';
import { agencyAt } from '../world/agencies';
import { personAt, type LeadsOf } from '../world/leads';

/** People for each walk; a walk takes the index-th of each. */
export interface WalkPeople {
  booked: LeadsOf;
  full: LeadsOf;
  prepared: LeadsOf;
  heard: LeadsOf;
}

/** Every path that is walked for each touch, event or message, once. Statements are planned as they are in production. */
export async function walk(database: Database, house: House, people: WalkPeople, index: number): Promise<void> {
  const { sql } = database;
  await bookEmail(database, { leads: people.booked, index, segments: windows(10) });
  await bookEmail(database, { leads: people.full, index, segments: windows(60) }, 'full');
  const { enrollmentId } = personAt(people.prepared, index);
  const { touchId, wakeAt } = expectDelivery(await activitiesAt(database, monday).prepare({ enrollmentId }), 1);
  await activitiesAt(database, new Date(wakeAt)).deliver({ enrollmentId, touchId });
  await hear(database, people, touchId, index);
  const { leadId } = personAt(people.booked, index);
  const stop = { reason: 'stopped on request', rule: 'CTL-3', signal: 'leadUnsubscribed' as const };
  await transact(database, (tx) => stopLead(tx, leadId, stop, monday));
  await drain(sql, [leadId], 0);
  const clock = { now: () => Promise.resolve(monday), toWorkflowTime: (at: Date) => at.getTime() };
  await dispatch(database, clock, () => Promise.resolve(), { kind: 'due' });
  const { campaignId } = agencyAt(house.agencies, index);
  await dispatch(database, clock, () => Promise.resolve(), { kind: 'campaign', campaignId });
  await new MockActivityEnvironment().run(() => activitiesAt(database, monday).admit({ campaignId }));
  await importSome(database, house, index);
}

/** Events about a touch, a person by number and by address, a link in a mail, and someone unknown. */
async function hear(database: Database, { heard }: WalkPeople, touchId: string, index: number): Promise<void> {
  const { email, mobile } = personAt(heard, index);
  const nobody = {
    provider: 'clicksend',
    occurredAt: monday,
    touchId: null,
    reference: null,
    person: null,
    resource: null,
  };
  const event = (changes: Partial<ProviderEvent> & Pick<ProviderEvent, 'kind'>): ProviderEvent => ({
    ...nobody,
    providerEventId: randomUUID(),
    payload: null,
    ...changes,
  });
  const events = [
    event({ kind: 'delivered', touchId, reference: `ref ${touchId}` }),
    event({ kind: 'softBounce', person: { email } }),
    event({ kind: 'autoReply', person: { phone: mobile } }),
    event({ kind: 'reply', person: { phone: mobile } }),
    event({ kind: 'unsubscribe', person: { email, linkedinUrl: 'https://www.linkedin.com/in/nobody' } }),
    event({ kind: 'unsubscribe', provider: 'unsubscribe-link', reference: randomUUID() }),
    event({ kind: 'reply', person: { email: 'nobody@nowhere.example' } }),
  ];
  for (const one of events) await recordEvent(database, one, secretKey, monday);
}

async function importSome(database: Database, house: House, index: number): Promise<void> {
  const { clientId, campaignId } = agencyAt(house.agencies, index);
  const client = { id: clientId, timezone: 'Australia/Sydney', country: 'AU' };
  const none = { title: null, company: null, companyDomain: null, companySize: null, industry: null, phone: null };
  const nowhere = {
    mobile: null,
    linkedinUrl: null,
    city: null,
    state: null,
    country: null,
    timezone: null,
    score: 50,
  };
  const drafts = Array.from({ length: 500 }, (_, row) => ({
    row,
    email: `new-${index}-${row}@acme.example`,
    firstName: 'Jane',
    lastName: 'Doe',
    ...none,
    ...nowhere,
  }));
  await importLeads(database, { campaignId, client, secretKey, now: monday }, [drafts]);
}
