import type { SequenceStep } from '../../domain/sequence';
import type { Channel } from '../../domain/channels';
import { planAgain } from '../../store/touches/outcomes';
import { claimForSending } from '../../store/touches/claims';
import type { ReportedEventKind, SendOutcome } from '../../providers/ports';
import { moveCampaign } from '../../store/campaigns/campaigns';
import { createImportedCampaign } from '../../store/campaigns/imports';
import { migrateCampaign } from '../../store/campaigns/migration';
import { bookTouch } from '../../store/capacity/book';
import type { Database } from '../../store/database';
import { recordEvent } from '../../store/events/record-event';
import { readEnrollment } from '../../store/enrollments/facts';
import type { LeadPosition } from '../../store/leads/lead-draft';
import { importLeads } from '../../store/leads/lead-import';
import { skipStep } from '../../store/touches/steps';
import { readMetrics } from '../../store/reports/read-metrics';
import { refreshMetrics } from '../../store/reports/refresh-metrics';
import { storeText } from '../../store/touches/texts';
import { eventOf } from '../events/provider-events';
import { bookingOf, countersAndHolds, createAgency, draftOf, monday, secretKey, type Agency } from '../store/fixtures';
import { createTestDatabase } from '../support/database';
import { admitByHand } from './admit-by-hand';
import type { SendRequest } from '../workflows/recording-providers';
import { claimingAt, engineByHand, expectDelivery, type EngineByHand } from './engine-by-hand';

jest.mock('@temporalio/activity', () => ({ heartbeat: jest.fn() }));

let database: Database;
let drop: () => Promise<void>;
let engine: EngineByHand;
let onSend: (request: SendRequest) => SendOutcome | undefined | Promise<SendOutcome | undefined>;
let asked: unknown[];

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());
beforeEach(() => {
  asked = [];
  onSend = () => undefined;
  engine = engineByHand(database, {
    onSend: (request) => onSend(request),
    onWrite: ({ instructions, data }) => void asked.push({ instructions, touch: (data as { touch: unknown }).touch }),
  });
});
afterEach(async () => {
  const { counters, holds } = await countersAndHolds(database);
  expect(counters).toEqual(holds);
});

const own = (...words: [number, Channel, string][]): SequenceStep[] =>
  words.map(([day, channel, purpose], index) => ({ step: index + 1, day, channel, purpose, replaces: null }));
const steps = own(
  [0, 'email', 'intro'],
  [2, 'email', 'the case study'],
  [6, 'linkedin', 'connect'],
  [9, 'sms', 'last'],
);

interface Imported {
  agency: Agency;
  campaignId: string;
  enrollmentId: string;
  leadId: string;
  email: string;
}

let leads = 0;
/** A custom campaign of a new client with one lead, who stands after these steps; active, and the lead admitted. */
async function underway(
  finished: LeadPosition['finished'] = [],
  { sequence = steps, run = true }: { sequence?: SequenceStep[]; run?: boolean } = {},
): Promise<Imported> {
  const agency = await createAgency(database);
  const { clientId } = agency;
  const campaign = { clientId, externalId: 'crm', name: 'Old', description: '', steps: sequence };
  const targeting = { industries: [], titles: [], companySizes: [], locations: [], icpRefinements: '' };
  const { id: campaignId } = await createImportedCampaign(database, { ...campaign, targeting }, monday);
  leads += 1;
  const email = `jane${leads}@acme.example`;
  const draft = draftOf(email, { score: 90, linkedinUrl: `https://www.linkedin.com/in/jane-${leads}`, state: 'NSW' });
  const mobile = `+6149157${String(1000 + leads)}`;
  const client = { id: clientId, timezone: 'Australia/Sydney', country: 'AU' };
  const positions = new Map([[1, { lastStep: finished.at(-1)?.step ?? 0, finished }]]);
  await importLeads(database, { campaignId, client, secretKey, now: monday, positions }, [[{ ...draft, mobile }]]);
  const { id, leadId } = await database.enrollment.findFirstOrThrow({ where: { campaignId } });
  if (run) {
    await moveCampaign(database, { clientId, id: campaignId }, 'activate', new Date(monday.getTime() - 60_000));
    await admitNow(campaignId);
  }
  return { agency, campaignId, enrollmentId: id, leadId, email };
}

const admitNow = (campaignId: string, at = monday) => admitByHand(database, campaignId, at);

const migrate = ({ agency: { clientId }, campaignId }: Imported, now = monday) =>
  migrateCampaign(database, { id: campaignId, clientId }, now);
const enrollmentOf = ({ enrollmentId: id }: Imported) => database.enrollment.findUniqueOrThrow({ where: { id } });
const touchesOf = ({ enrollmentId }: Imported) =>
  database.touch.findMany({ where: { enrollmentId }, orderBy: { step: 'asc' }, include: { text: true } });
const storyOf = async ({ enrollmentId }: Imported) =>
  (await database.timelineEntry.findMany({ where: { enrollmentId }, orderBy: { id: 'asc' } })).map(
    ({ what, step, rule }) => `${what} ${step ?? '-'} ${rule}`,
  );
const sydneyDay = (wakeAt: number): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Australia/Sydney' }).format(new Date(wakeAt));
/** Sends touches until the lead is done; what was sent, as "step channel day". */
async function toItsEnd({ enrollmentId }: Imported): Promise<string[]> {
  const sent: string[] = [];
  let next = await engine.prepareAny(enrollmentId);
  while (next.kind === 'deliver') {
    sent.push(`${next.step} ${next.channel} ${sydneyDay(next.wakeAt)}`);
    next = await engine.deliver(enrollmentId, next);
  }
  expect(next.kind).toBe('finish');
  return sent;
}

/** Ten past midnight of Tuesday in Sydney. */
const nextDay = new Date('2026-03-02T13:10:00Z');

/** Finished at nine in the morning of Sydney. */
const done = (step: number, on: string, channel: Channel = 'email') => ({
  step,
  day: steps[step - 1]?.day ?? 0,
  channel,
  doneAt: new Date(`${on}T09:00:00+11:00`),
});

describe('MIG-1: an imported campaign runs as it is', () => {
  test('from the first step: its own steps, days, channels and purposes', async () => {
    const lead = await underway();
    // Imported at eleven on Monday: the window of that day is over.
    engine.clock.set(nextDay);
    await admitNow(lead.campaignId, nextDay);
    expect(await toItsEnd(lead)).toEqual([
      '1 email 2026-03-03',
      '2 email 2026-03-05',
      '3 linkedin 2026-03-09',
      '4 sms 2026-03-12',
    ]);
    expect(asked.slice(0, 2)).toMatchObject([
      { instructions: expect.stringContaining('Purpose: the first contact') as string, touch: { purpose: 'intro' } },
      { instructions: expect.stringContaining('in the client') as string, touch: { purpose: 'the case study' } },
    ]);
    expect(JSON.stringify((asked[1] as { instructions: string }).instructions)).not.toContain('case study');
  });

  test('from its position: what was finished is not repeated, spaces the next touch, and holds no capacity', async () => {
    const lead = await underway([done(1, '2026-02-26'), done(2, '2026-03-02')]);
    expect(await enrollmentOf(lead)).toMatchObject({ status: 'active', fromStep: 3 });
    expect(await toItsEnd(lead)).toEqual(['3 linkedin 2026-03-04', '4 sms 2026-03-09']);
    const now = new Date('2026-03-20T00:00:00Z');
    await refreshMetrics(database, now, Infinity);
    const { clientId } = lead.agency;
    const query = {
      clientId,
      campaignId: lead.campaignId,
      domainId: null,
      from: null,
      to: null,
      cohort: null,
    } as const;
    const { all } = await readMetrics(database, query, now);
    expect(all.replyRateByStep.map(({ step }) => step)).toEqual([3, 4]);
  });

  test('SEQ-9: mails of somebody else are no thread of ours', async () => {
    const lead = await underway([done(1, '2026-02-25')]);
    const next = await engine.prepare(lead.enrollmentId);
    await engine.deliver(lead.enrollmentId, next);
    expect(engine.requests[0]).toMatchObject({ step: 2, channel: 'email' });
    expect(JSON.stringify(engine.requests[0])).not.toMatch(/Re: /);
  });

  test('SEQ-7: a channel that the client lacks is skipped with its reason; the sequence stays', async () => {
    const lead = await underway([done(1, '2026-02-20'), done(2, '2026-02-24')]);
    await database.senderChannel.deleteMany({ where: { clientId: lead.agency.clientId, channel: 'linkedin' } });
    expect(await toItsEnd(lead)).toEqual(['4 sms 2026-03-03']);
    expect((await touchesOf(lead)).map(({ step, status, rule }) => [step, status, rule])).toEqual([
      [3, 'skipped', 'SEQ-7'],
      [4, 'sent', 'TRUTH-1'],
    ]);
    expect(await database.campaignStep.count({ where: { campaignId: lead.campaignId } })).toBe(4);
  });

  test('a lead that is done with everything completes when it would be admitted', async () => {
    const finished = [1, 2, 3, 4].map((step) => done(step, `2026-02-1${step}`));
    expect(await enrollmentOf(await underway(finished))).toMatchObject({ status: 'completed' });
  });

  test.each<[ReportedEventKind, string, string]>([
    ['reply', 'stopped', 'SEQ-3'],
    ['unsubscribe', 'stopped', 'SEQ-5'],
    ['complaint', 'stopped', 'SEQ-5'],
    ['smsStop', 'stopped', 'SEQ-5'],
  ])('%s: stops it as it stops a default one', async (kind, status, rule) => {
    const lead = await underway([done(1, '2026-02-26')]);
    await engine.prepare(lead.enrollmentId);
    // The answer to a mail of somebody else names none of our touches.
    const event = eventOf(kind, { occurredAt: monday, person: { email: lead.email } });
    await recordEvent(database, event, secretKey, monday);
    expect(await enrollmentOf(lead)).toMatchObject({ status, stopRule: rule });
    expect((await touchesOf(lead)).map((touch) => [touch.status, touch.slotAt])).toEqual([['cancelled', null]]);
    expect(await toItsEnd(lead)).toEqual([]);
  });

  test('a hard bounce skips its mails; its other channels go on (SEQ-4)', async () => {
    const lead = await underway([done(1, '2026-02-26')]);
    await engine.prepare(lead.enrollmentId);
    const event = eventOf('hardBounce', { occurredAt: monday, person: { email: lead.email } });
    await recordEvent(database, event, secretKey, monday);
    expect((await toItsEnd(lead)).map((line) => line.slice(0, 5))).toEqual(['3 lin', '4 sms']);
    expect((await touchesOf(lead))[0]).toMatchObject({ step: 2, status: 'skipped', rule: 'SEQ-4' });
  });

  test('an automatic reply holds it (SEQ-3)', async () => {
    const lead = await underway([done(1, '2026-02-26')]);
    const facts = { occurredAt: monday, person: { email: lead.email }, returnDate: '2026-03-16' };
    await recordEvent(database, eventOf('autoReply', facts), secretKey, monday);
    expect((await toItsEnd(lead))[0]).toBe('2 email 2026-03-17');
  });
});

describe('MIG-2: moving to the default sequence', () => {
  test('a booked lead: its booking is released, the next touch is the default’s, in the same workflow', async () => {
    const lead = await underway([done(1, '2026-02-26')]);
    const old = await engine.prepare(lead.enrollmentId);
    expect(old).toMatchObject({ step: 2, channel: 'email' });
    expect(await migrate(lead)).toMatchObject({ moved: 1, alreadyThere: 0, withoutNextStep: 0 });
    expect(await touchesOf(lead)).toMatchObject([
      { id: old.touchId, step: 2, channel: 'voice', status: 'planned', slotAt: null, senderId: null, text: null },
    ]);
    const wake = await database.outbox.findMany({ where: { subjectId: lead.enrollmentId, kind: 'leadSignal' } });
    expect(wake.map(({ payload }) => payload)).toEqual([{ signal: 'leadWoken' }]);
    // The old slot comes although the wake-up was lost: nothing leaves.
    expect(await engine.deliver(lead.enrollmentId, old)).toMatchObject({ kind: 'deliver', step: 2, channel: 'voice' });
    expect(engine.requests).toEqual([]);
    engine.clock.set(monday);
    expect((await toItsEnd(lead)).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      '2 voice',
      '3 linkedin',
      '4 email',
      '5 sms',
    ]);
    expect((await storyOf(lead)).filter((line) => line.startsWith('moved'))).toEqual(['moved - MIG-2']);
  });

  test('a second time moves nobody, tells nothing and wakes nobody', async () => {
    const lead = await underway([done(1, '2026-02-26')]);
    await migrate(lead);
    const story = await storyOf(lead);
    await database.outbox.deleteMany({ where: { subjectId: lead.enrollmentId } });
    expect(await migrate(lead)).toMatchObject({ moved: 0, alreadyThere: 1 });
    expect(await storyOf(lead)).toEqual(story);
    expect(await database.outbox.count({ where: { subjectId: lead.enrollmentId } })).toBe(0);
  });

  test('eight at once move each lead once', async () => {
    const lead = await underway([done(1, '2026-02-26')]);
    const summaries = await Promise.all(Array.from({ length: 8 }, () => migrate(lead)));
    expect(summaries.map((summary) => summary.moved).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
    expect((await storyOf(lead)).filter((line) => line.startsWith('moved'))).toHaveLength(1);
  });

  test('what it has had under another number is skipped with its reason', async () => {
    const sequence = own([0, 'email', 'intro'], [3, 'email', 'value-add'], [6, 'email', 'x'], [9, 'email', 'y']);
    const lead = await underway([done(1, '2026-02-20'), done(2, '2026-02-24')], { sequence });
    await migrate(lead);
    expect((await toItsEnd(lead)).map((line) => line.slice(0, 5))).toEqual(['3 lin', '5 sms']);
    expect((await touchesOf(lead)).map(({ step, status, reason, rule }) => [step, status, reason, rule])).toMatchObject(
      [
        [3, 'sent', expect.anything(), expect.anything()],
        [4, 'skipped', 'done already as step 2 of its own sequence', 'MIG-2'],
        [5, 'sent', expect.anything(), expect.anything()],
      ],
    );
  });

  test('a plan for a step that the default sequence does not have is cancelled, and the lead completes', async () => {
    const sequence = own(
      ...Array.from({ length: 7 }, (_, i): [number, Channel, string] => [i * 2, 'email', `mail ${i}`]),
    );
    const lead = await underway(
      [1, 2, 3, 4, 5, 6].map((step) => done(step, `2026-02-1${step}`)),
      { sequence },
    );
    await engine.prepare(lead.enrollmentId);
    expect(await migrate(lead)).toMatchObject({ moved: 1, withoutNextStep: 1 });
    expect(await touchesOf(lead)).toMatchObject([{ step: 7, status: 'cancelled', rule: 'MIG-2', slotAt: null }]);
    expect(await toItsEnd(lead)).toEqual([]);
    expect(await enrollmentOf(lead)).toMatchObject({ status: 'completed' });
  });

  test('a waiting lead moves too; a stopped one is left, and told with its reason', async () => {
    const waiting = await underway([], { run: false });
    expect(await migrate(waiting)).toMatchObject({ moved: 1 });
    expect(await enrollmentOf(waiting)).toMatchObject({ status: 'waiting', fromStep: 1 });
    const stopped = await underway();
    await recordEvent(
      database,
      eventOf('reply', { occurredAt: monday, person: { email: stopped.email } }),
      secretKey,
      monday,
    );
    expect(await migrate(stopped)).toMatchObject({ moved: 0, stopped: 1, stops: { reply: 1 } });
    expect((await enrollmentOf(stopped)).movedAt).toBeNull();
  });

  describe('beside a touch that is on its way', () => {
    /** Moves the campaign while the provider is being asked. */
    const movedWhile = async (answer: SendOutcome | undefined) => {
      const lead = await underway([done(1, '2026-02-26')]);
      const old = await engine.prepare(lead.enrollmentId);
      onSend = async ({ step, channel }) => {
        if (step !== 2 || channel !== 'email') return undefined;
        await migrate(lead, new Date(old.wakeAt));
        return answer;
      };
      return { lead, next: await engine.deliver(lead.enrollmentId, old) };
    };

    test('sent: it keeps its step, and the lead goes on behind it', async () => {
      const { lead, next } = await movedWhile(undefined);
      expect(next).toMatchObject({ kind: 'deliver', step: 3, channel: 'linkedin' });
      expect((await touchesOf(lead))[0]).toMatchObject({ step: 2, channel: 'email', status: 'sent' });
      expect((await toItsEnd(lead)).map((line) => line.slice(0, 5))).toEqual(['3 lin', '4 ema', '5 sms']);
    });

    test('certainly not sent: it is not tried again', async () => {
      const { lead, next } = await movedWhile({ kind: 'rejected', retry: 'later', error: 'http_503' });
      expect(next).toMatchObject({ kind: 'deliver', step: 3, channel: 'linkedin' });
      expect((await touchesOf(lead))[0]).toMatchObject({ step: 2, status: 'cancelled', rule: 'MIG-2', slotAt: null });
      expect(engine.requests.filter(({ step }) => step === 2)).toHaveLength(1);
    });

    test('the first of all, certainly not sent: Day 0 is known all the same', async () => {
      const lead = await underway();
      engine.clock.set(nextDay);
      await admitNow(lead.campaignId, nextDay);
      const touch = await engine.prepare(lead.enrollmentId);
      const ids = { enrollmentId: lead.enrollmentId, touchId: touch.touchId };
      const at = new Date(touch.wakeAt);
      const claim = await claimForSending(database, ids, secretKey, claimingAt(at));
      if (claim.kind !== 'claimed') throw new Error(claim.kind);
      await migrate(lead, at);
      await planAgain(database, claim.touch, { reason: 'refused', rule: 'LIM-6', numbers: {} }, at);
      expect((await enrollmentOf(lead)).day0).toEqual(new Date(`${sydneyDay(touch.wakeAt)}T00:00:00Z`));
      engine.clock.set(at);
      expect(expectDelivery(await engine.prepareAny(lead.enrollmentId))).toMatchObject({ step: 2, channel: 'voice' });
    });
  });

  test('what was decided before the move is written nowhere after it: no booking, no skip, no text', async () => {
    const lead = await underway([done(1, '2026-02-26')]);
    const before = await readEnrollment(database.sql, lead.enrollmentId, secretKey, monday);
    if (before === null) throw new Error('no enrollment');
    const old = await engine.prepare(lead.enrollmentId);
    await migrate(lead);
    const agency = { ...lead.agency, campaignId: lead.campaignId };
    const booking = bookingOf(agency, lead.enrollmentId, 'email', { step: 2, moved: before.moved });
    expect(await bookTouch(database.sql, booking)).toEqual({ kind: 'closed' });
    const because = { reason: 'x', rule: 'SEQ-7', numbers: {} };
    await skipStep(database, before, { step: 3, channel: 'linkedin', because, day0: '2026-02-26', now: monday });
    const { clientId } = lead.agency;
    const what = { step: 2, channel: 'email', form: 'email' } as const;
    const owner = { touchId: old.touchId, clientId, enrollmentId: lead.enrollmentId, moved: before.moved, ...what };
    const text = { content: {}, promptVersion: 'x', model: 'x', inputTokens: 0, outputTokens: 0, costMicroUsd: 0 };
    await storeText(database.sql, owner, { text, because }, monday);
    expect((await touchesOf(lead)).map(({ step, status, text: stored }) => [step, status, stored])).toEqual([
      [2, 'planned', null],
    ]);
  });

  test('Day 0 begins anew for a lead whose own first step is still to come, and is today where there is no step 1', async () => {
    const sequence = own([2, 'email', 'intro'], [4, 'voice', 'connect']);
    const lead = await underway([], { sequence });
    expect((await enrollmentOf(lead)).day0).toEqual(new Date('2026-03-02T00:00:00Z'));
    await migrate(lead);
    expect((await enrollmentOf(lead)).day0).toBeNull();
    expect((await toItsEnd(lead)).slice(0, 2)).toEqual(['1 email 2026-03-03', '2 voice 2026-03-06']);

    const mute = await underway([], { run: false });
    const { clientId } = mute.agency;
    await database.enrollment.update({
      where: { id: mute.enrollmentId },
      data: { status: 'active', admittedAt: monday },
    });
    await moveCampaign(database, { clientId, id: mute.campaignId }, 'activate', monday);
    await database.senderChannel.deleteMany({ where: { clientId, channel: 'email' } });
    await migrate(mute);
    engine.clock.set(monday);
    expect((await toItsEnd(mute)).slice(0, 2)).toEqual(['2 voice 2026-03-05', '3 linkedin 2026-03-09']);
  });

  test('positions that are told in the old steps come too late', async () => {
    const lead = await underway();
    await migrate(lead);
    const client = { id: lead.agency.clientId, timezone: 'Australia/Sydney', country: 'AU' };
    const positions = new Map([[1, { lastStep: 1, finished: [done(1, '2026-02-26')] }]]);
    const target = { campaignId: lead.campaignId, client, secretKey, now: monday, positions };
    await expect(importLeads(database, target, [[draftOf('late@acme.example')]])).rejects.toThrow('has moved');
    expect(await database.enrollment.count({ where: { campaignId: lead.campaignId } })).toBe(1);
  });

  test('an import that goes on beside it: every lead is moved, or comes to the default sequence', async () => {
    const lead = await underway([done(1, '2026-02-26')]);
    const client = { id: lead.agency.clientId, timezone: 'Australia/Sydney', country: 'AU' };
    const target = { campaignId: lead.campaignId, client, secretKey, now: monday };
    const batches = Array.from({ length: 12 }, (_, batch) =>
      Array.from({ length: 10 }, (_, i) =>
        draftOf(`beside-${leads}-${batch}-${i}@acme.example`, { row: batch * 10 + i + 2 }),
      ),
    );
    const [counts] = await Promise.all([importLeads(database, target, batches), migrate(lead)]);
    expect(counts.imported).toBe(120);
    const { usesDefaultSequence } = await database.campaign.findUniqueOrThrow({ where: { id: lead.campaignId } });
    expect(usesDefaultSequence).toBe(true);
    expect(await database.enrollment.count({ where: { campaignId: lead.campaignId } })).toBe(121);
  });
});
