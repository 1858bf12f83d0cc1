import type { Database } from '../../store/database';
import { rescoreLeads, rescoreOpen } from '../../store/leads/scoring';
import { countersAndHolds, monday } from '../store/fixtures';
import { createTestDatabase } from '../support/database';
import { engineByHand, expectDelivery, oneLead } from './engine-by-hand';

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());

const targeting = { industries: ['Software'], titles: ['Founder'], companySizes: ['11-50'], locations: ['Australia'] };

/** A warm lead, 75 points, by what is known of it, whose call is booked. */
async function withCallBooked() {
  const { agency, enrollmentId, leadId } = await oneLead(database);
  const { clientId, campaignId } = agency;
  await database.campaign.update({ where: { id: campaignId }, data: { targeting } });
  const known = { title: 'Founder', industry: 'Software', companySize: '35', country: 'AU', score: null };
  await database.lead.update({ where: { id: leadId }, data: known });
  await rescoreLeads(database, { clientId, leadIds: [leadId] }, monday);
  const engine = engineByHand(database);
  const call = expectDelivery(await engine.deliver(enrollmentId, await engine.prepare(enrollmentId)));
  expect(call).toMatchObject({ step: 2, channel: 'voice' });
  return { agency, enrollmentId, leadId, engine, call };
}

async function targetOthers({ clientId, campaignId }: { clientId: string; campaignId: string }, others: object) {
  await database.campaign.update({ where: { id: campaignId }, data: { targeting: { ...targeting, ...others } } });
  await rescoreOpen(database, { clientId, campaignId }, monday);
}

test('ACC-1, ACC-3: a score that falls between plan and claim closes the channel at the gate', async () => {
  const { agency, enrollmentId, leadId, engine, call } = await withCallBooked();
  await targetOthers(agency, { industries: ['Retail'], companySizes: ['500+'] });
  expect((await database.lead.findUniqueOrThrow({ where: { id: leadId } })).score).toBe(57);
  const next = await engine.deliver(enrollmentId, call);
  expect(engine.requests.map(({ channel }) => channel)).toEqual(['email']);
  expect(next).toMatchObject({ kind: 'deliver', step: 3, channel: 'linkedin' });
  const touch = await database.touch.findUniqueOrThrow({ where: { id: call.touchId } });
  expect(touch).toMatchObject({ status: 'skipped', rule: 'ACC-1', reason: 'cool leads get no voice' });
  const { counters, holds } = await countersAndHolds(database);
  expect(counters).toEqual(holds);
});

test('a score that falls but stays in its tier changes nothing', async () => {
  const { agency, enrollmentId, engine, call } = await withCallBooked();
  await targetOthers(agency, { companySizes: ['500+'] });
  await engine.deliver(enrollmentId, call);
  expect(engine.requests.map(({ channel }) => channel)).toEqual(['email', 'voice']);
});

test('a lead that is dead by its score gets nothing more', async () => {
  const { agency, enrollmentId, leadId, engine, call } = await withCallBooked();
  await database.lead.update({
    where: { id: leadId },
    data: { title: null, mobile: null, linkedinUrl: null, linkedinProfile: null },
  });
  await targetOthers(agency, { industries: ['Retail'], companySizes: ['500+'], locations: ['Germany'] });
  expect((await database.lead.findUniqueOrThrow({ where: { id: leadId } })).score).toBe(15);
  expect(await engine.deliver(enrollmentId, call)).toMatchObject({ kind: 'finish', status: 'stopped' });
  expect(engine.requests).toHaveLength(1);
});

test('the wake-up that is owed lets the plan skip the call before its slot', async () => {
  const { agency, enrollmentId, engine } = await withCallBooked();
  await targetOthers(agency, { industries: ['Retail'], companySizes: ['500+'] });
  expect(await engine.prepare(enrollmentId)).toMatchObject({ step: 3, channel: 'linkedin' });
});
