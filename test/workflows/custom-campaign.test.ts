import type { Channel } from '../../domain/channels';
import type { SequenceStep } from '../../domain/sequence';
import { moveCampaign } from '../../store/campaigns/campaigns';
import { completeIfFinished } from '../../store/campaigns/complete-finished';
import { createImportedCampaign } from '../../store/campaigns/imports';
import { migrateCampaign, type MigrationSummary } from '../../store/campaigns/migration';
import { importLeads } from '../../store/leads/lead-import';
import { campaignWorkflowId, leadWorkflowId } from '../../workflows/contract';
import { eventOf } from '../events/provider-events';
import { countersAndHolds, createAgency, draftOf, secretKey } from '../store/fixtures';
import { startVirtualEngine, type VirtualEngine } from './virtual-engine';

// Two custom campaigns of two clients in one virtual run. It begins on Monday, 2 March 2026, at 07:00 in Sydney (UTC+11).
const monday7 = new Date('2026-03-01T20:00:00Z');
const names = ['Fresh', 'Halfway', 'Replies'] as const;
const words: [number, Channel, string][] = [
  [0, 'email', 'intro'],
  [3, 'email', 'a case study'],
  [7, 'linkedin', 'connect'],
  [10, 'email', 'goodbye'],
];
const steps = words.map(([day, channel, purpose], index): SequenceStep => ({
  step: index + 1,
  day,
  channel,
  purpose,
  replaces: null,
}));

let engine: VirtualEngine;
/** Moved to the default sequence on its third day. */
let moved: { clientId: string; id: string };
/** Runs its own sequence to the end. */
let kept: { clientId: string; id: string };
let summary: MigrationSummary;
let runIds: { before: string[]; after: string[] };

beforeAll(async () => {
  engine = await startVirtualEngine(monday7);
  moved = await customCampaign();
  kept = await customCampaign();
  engine.at('2026-03-02T05:00:00Z', async (now) => {
    for (const { clientId } of [moved, kept]) {
      const lead = await engine.database.lead.findFirstOrThrow({ where: { clientId, firstName: 'Replies' } });
      await engine.receive(eventOf('reply', { occurredAt: now, person: { email: lead.email } }));
    }
  });
  engine.at('2026-03-04T05:00:00Z', async (now) => {
    const before = await runIdsOf(moved);
    summary = await migrateCampaign(engine.database, moved, now);
    await engine.deliverOwed();
    runIds = { before, after: await runIdsOf(moved) };
  });
  await engine.runUntil('2026-04-01T00:00:00Z');
  for (const { id } of [moved, kept]) await completeIfFinished(engine.database, id, await engine.clock.now());
  await engine.runUntil('2026-04-03T00:00:00Z');
  runIds.after = await runIdsOf(moved);
}, 90_000);
afterAll(() => engine.stop());

let campaigns = 0;
async function customCampaign(): Promise<typeof moved> {
  const { clientId } = await createAgency(engine.database);
  campaigns += 1;
  const targeting = { industries: [], titles: [], companySizes: [], locations: [], icpRefinements: '' };
  const campaign = { clientId, externalId: 'crm', name: 'Old', description: '', targeting, steps };
  const { id } = await createImportedCampaign(engine.database, campaign, monday7);
  const client = { id: clientId, timezone: 'Australia/Sydney', country: 'AU' };
  const finished = [{ step: 1, day: 0, channel: 'email' as const, doneAt: new Date('2026-02-26T22:30:00Z') }];
  const positions = new Map([[2, { lastStep: 1, finished }]]);
  const drafts = names.map((firstName, index) =>
    draftOf(`${firstName.toLowerCase()}${campaigns}@acme.example`, {
      row: index + 1,
      firstName,
      state: 'NSW',
      score: 90,
      mobile: `+6149157${campaigns}00${index}`,
      linkedinUrl: `https://www.linkedin.com/in/${firstName}-${campaigns}`,
    }),
  );
  await importLeads(engine.database, { campaignId: id, client, secretKey, now: monday7, positions }, [drafts]);
  await moveCampaign(engine.database, { clientId, id }, 'activate', monday7);
  await engine.deliverOwed();
  return { clientId, id };
}

async function runIdsOf({ id }: typeof moved): Promise<string[]> {
  const rows = await engine.database.enrollment.findMany({ where: { campaignId: id }, orderBy: { position: 'asc' } });
  const descriptions = rows.map((row) => engine.client.getHandle(leadWorkflowId(row.id)).describe());
  return (await Promise.all(descriptions)).map(({ runId }) => runId);
}

/** What providers were asked for a lead, by date in Sydney. */
const asked = ({ clientId }: typeof moved, name: (typeof names)[number]): string[] =>
  engine.requests
    .filter((request) => request.clientId === clientId && request.lead === name)
    .map(({ at, step, channel }) => {
      const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Australia/Sydney' }).format(at);
      return `${day.slice(5)} ${step} ${channel}`;
    });

test('MIG-1: one that stays runs its own steps on its own days, from each lead’s position', () => {
  expect(asked(kept, 'Fresh')).toEqual(['03-02 1 email', '03-05 2 email', '03-09 3 linkedin', '03-12 4 email']);
  expect(asked(kept, 'Halfway')).toEqual(['03-02 2 email', '03-06 3 linkedin', '03-09 4 email']);
});

test('MIG-2: one that moves goes on behind what is done, in the same workflows', () => {
  expect(summary).toEqual({
    moved: 2,
    withoutNextStep: 0,
    alreadyThere: 0,
    completed: 0,
    stopped: 1,
    stops: { reply: 1 },
  });
  expect(asked(moved, 'Fresh')).toEqual([
    '03-02 1 email',
    '03-05 2 voice',
    '03-09 3 linkedin',
    '03-11 4 email',
    '03-16 5 sms',
  ]);
  expect(asked(moved, 'Halfway')).toEqual(['03-02 2 email', '03-05 3 linkedin', '03-09 4 email', '03-11 5 sms']);
  expect(runIds.after).toEqual(runIds.before);
});

test('SEQ-3: a reply stops the leads of both', () => {
  expect([asked(kept, 'Replies'), asked(moved, 'Replies')]).toEqual([['03-02 1 email'], ['03-02 1 email']]);
});

test('TRUTH-1: no step of a lead was asked for twice, and the counters equal the holds', async () => {
  const keys = engine.requests.map(({ enrollmentId, step }) => `${enrollmentId} ${step}`);
  expect(new Set(keys).size).toBe(keys.length);
  const { counters, holds } = await countersAndHolds(engine.database);
  expect(counters).toEqual(holds);
});

test('both completed by themselves, and their workflows have ended', async () => {
  for (const { id } of [moved, kept]) {
    const campaign = await engine.database.campaign.findUniqueOrThrow({ where: { id } });
    expect(campaign).toMatchObject({ status: 'completed', summary: { leads: { completed: 2, stopped: 1 } } });
    const { status } = await engine.client.getHandle(campaignWorkflowId(id)).describe();
    expect(status.name).toBe('COMPLETED');
  }
});
