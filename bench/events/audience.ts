import { bookEmail, windows } from '../capacity/booking';
import type { BenchRun } from '../run';
import { createAgencies, idOf, type AgencyGroup } from '../world/agencies';
import { createLeads, personAt, type LeadsOf } from '../world/leads';
import { createHistory } from '../world/history';
import { createTraces } from '../world/traces';
import type { BenchWorld } from '../world/server';
import type { RequestKind, Subject } from './requests';

/** A world with so many leads, some of whom are about to be heard of. */
export interface EventAudience {
  world: BenchWorld;
  leads: number;
  /** Whom the n-th event of a kind is about: nobody twice. Among no leads it is about someone unknown. */
  subjectOf(kind: RequestKind, index: number): Subject;
}

const purposeOf: Readonly<Record<RequestKind, string>> = {
  'delivered, by the touch': 'delivered',
  'opened, by the touch': 'opened',
  'reply, by the person': 'reply',
};

/** @param wanted how many people of each kind are heard of in one use, and how often that is */
export async function peopleWhoAnswer(
  { server, report, sizes }: BenchRun,
  leads: number,
  wanted: { each: number; uses: number },
): Promise<EventAudience> {
  report.progress(`making ${leads} leads …`);
  const world = await server.createWorld();
  const group = { name: 'warm', agencies: sizes.agencies };
  const needed = Math.ceil((wanted.each * wanted.uses) / group.agencies);
  const people = Object.values(purposeOf).map((purpose) => ({ group, purpose, each: leads === 0 ? 0 : needed }));
  await world.fill(async (filler) => {
    await createAgencies(filler, group);
    const others = { group, purpose: 'others', each: Math.max(0, Math.ceil(leads / group.agencies) - 3 * needed) };
    for (const some of leads === 0 ? [] : [others, ...people]) await createLeads(filler, some, 'active');
    for (const { purpose, each } of people)
      if (purpose !== 'reply') await filler.query(sentTouches(group, purpose, each));
    if (leads === 0) return;
    const past = { group, purpose: 'past', each: 20 };
    await createLeads(filler, past, 'completed');
    await createHistory(filler, past);
    await createTraces(filler, past);
  });
  const numbers = await numbersOf(world, group);
  const replying = people.find(({ purpose }) => purpose === 'reply');
  if (replying !== undefined && leads > 0) {
    await bookAll(world, replying);
    // Of no leads the server keeps no statistics: it would plan for tables that stay empty.
    await world.fill(async (filler) => void (await filler.query('VACUUM ANALYZE')));
  }
  return {
    world,
    leads,
    subjectOf(kind, index) {
      const purpose = purposeOf[kind];
      const at = index % group.agencies;
      const touchId = idOf('touch', group.name, purpose, at, Math.floor(index / group.agencies));
      const person = personAt({ group, purpose, each: needed }, index);
      return { person, touchId, number: numbers.get(person.agency.numberId) ?? '' };
    },
  };
}

/** A text that was sent to each of these leads. */
function sentTouches({ name, agencies }: AgencyGroup, purpose: string, each: number): string {
  const id = (word: string): string => `md5('${word} ${name} ${purpose} ' || a || ' ' || n)::uuid`;
  const of = (word: string): string => `md5('${word} ${name} ' || a)::uuid`;
  return `INSERT INTO touch (id, client_id, campaign_id, enrollment_id, step, channel, status, slot_at, planned_for,
      sender_id, fence, claimed_at, sent_at, sent_on, reference)
    SELECT ${id('touch')}, ${of('client')}, ${of('campaign')}, ${id('enrollment')}, 1, 'sms', 'sent', at, at,
      ${of('number')}, 1, at, at, '2026-02-27', 'ref ' || ${id('touch')}
    FROM generate_series(0, ${agencies - 1}) AS a, generate_series(0, ${each - 1}) AS n,
      (VALUES (timestamptz '2026-02-26 22:30:00Z')) AS sent(at)`;
}

/** Who replies has a touch before them that is then taken back. */
async function bookAll(world: BenchWorld, leads: LeadsOf): Promise<void> {
  for (let index = 0; index < leads.each * leads.group.agencies; index += 1) {
    await bookEmail(world.database, { leads, index, segments: windows(60) });
  }
}

async function numbersOf({ database }: BenchWorld, { name }: AgencyGroup): Promise<Map<string, string>> {
  const rows = await database.sql<{ id: string; address: string }>`
    SELECT s.id, s.address FROM sender s JOIN client c ON c.id = s.client_id
    WHERE s.kind = 'phone_number' AND c.name LIKE ${`${name}%`}`;
  return new Map(rows.map(({ id, address }) => [id, address]));
}
