import { ApiUnderTest, badFields, type Tenant } from './api-under-test';

let api: ApiUnderTest;
let tenant: Tenant;

beforeAll(async () => {
  api = await ApiUnderTest.start();
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant();
});

const steps = [
  { step: 1, day: 0, channel: 'email', purpose: 'Intro' },
  { step: 2, day: 4, channel: 'linkedin', purpose: 'connect' },
  { step: 3, day: 9, channel: 'email', purpose: 'a  case study' },
  { step: 4, day: 20, channel: 'sms', purpose: 'final nudge' },
];
const jane = {
  email: 'jane@acme.example',
  firstName: 'Jane',
  country: 'Australia',
  finishedSteps: [
    { step: 1, doneAt: '2026-02-20T22:30:00Z' },
    { step: 2, doneAt: '2026-02-25T22:30:00Z', channel: 'email' },
  ],
};
const john = { email: 'john@acme.example', country: 'Australia' };
const campaign = (changes: Record<string, unknown> = {}) => ({
  externalId: 'crm-7',
  name: 'Old one',
  description: 'From before',
  targeting: { titles: ['Head of Operations'] },
  steps,
  leads: [jane, john],
  ...changes,
});

interface Answer {
  campaign: { id: string; status: string; usesDefaultSequence: boolean; externalId: string; sequence: unknown[] };
  imported: number;
  duplicates: number;
  rejected: { row: number; field: string; reason: string }[];
}
const bring = (body: object = campaign(), headers: Record<string, string> = {}, key = tenant.key) =>
  api.ask(key, 'POST', '/v1/campaigns/import', body, headers);
const rejectedOf = async (leads: object[]) => (await bring(campaign({ leads }))).json<Answer>().rejected;
const campaigns = () => api.database.campaign.count({ where: { clientId: tenant.id } });

describe('POST /v1/campaigns/import', () => {
  test('brings a draft with its own steps, and its leads with their position (MIG-1)', async () => {
    const answer = await bring();
    expect(answer.statusCode).toBe(201);
    const body = answer.json<Answer>();
    expect(body).toMatchObject({ imported: 2, duplicates: 0, suppressed: 0, rejected: [] });
    expect(body.campaign).toMatchObject({
      status: 'draft',
      usesDefaultSequence: false,
      externalId: 'crm-7',
      name: 'Old one',
      targeting: { titles: ['Head of Operations'], industries: [] },
      sequence: [
        { step: 1, day: 0, channel: 'email', purpose: 'intro', replaces: null },
        { step: 2, day: 4, channel: 'linkedin', purpose: 'connect', replaces: null },
        { step: 3, day: 9, channel: 'email', purpose: 'a case study', replaces: null },
        { step: 4, day: 20, channel: 'sms', purpose: 'final nudge', replaces: null },
      ],
    });
    const id = await api.leadId(tenant.key, body.campaign.id, jane.email);
    const lead = (await api.ask(tenant.key, 'GET', `/v1/leads/${id}`)).json<{ enrollments: object[] }>();
    expect(lead.enrollments).toMatchObject([
      {
        status: 'waiting',
        day0: '2026-02-21',
        touches: [],
        finishedSteps: [
          { step: 1, channel: 'email', doneAt: '2026-02-20T22:30:00.000Z' },
          { step: 2, channel: 'email', doneAt: '2026-02-25T22:30:00.000Z' },
        ],
      },
    ]);
    const timeline = await api.ask(tenant.key, 'GET', `/v1/leads/${id}/timeline`);
    expect(
      timeline.json<{ data: object[] }>().data.map((entry) => entry as { step: number; reason: string; rule: string }),
    ).toMatchObject([
      { step: null, rule: 'CTL-1' },
      { step: 1, what: 'imported', reason: 'finished before the import', rule: 'MIG-1', numbers: { channel: 'email' } },
      { step: 2, rule: 'MIG-1', numbers: { doneOn: '2026-02-26' } },
    ]);
  });

  test('the same again makes nothing twice, under an Idempotency-Key or without', async () => {
    const first = await bring(campaign(), { 'idempotency-key': 'once' });
    const replayed = await bring(campaign(), { 'idempotency-key': 'once' });
    expect([replayed.statusCode, replayed.headers['idempotent-replayed']]).toEqual([201, 'true']);
    const again = await bring();
    expect(again.statusCode).toBe(200);
    expect(again.json<Answer>()).toMatchObject({ imported: 0, duplicates: 2 });
    expect(again.json<Answer>().campaign.id).toBe(first.json<Answer>().campaign.id);
    expect(await campaigns()).toBe(1);
    expect(await api.database.lead.count({ where: { clientId: tenant.id } })).toBe(2);
    expect(await api.database.finishedStep.count({ where: { clientId: tenant.id } })).toBe(2);
  });

  test('eight at once make one campaign with each lead once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => bring()));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([...Array<number>(7).fill(200), 201]);
    expect(answers.reduce((sum, answer) => sum + answer.json<Answer>().imported, 0)).toBe(2);
    expect(await campaigns()).toBe(1);
  });

  test('a corrected lead comes in with the next import', async () => {
    const wrong = { ...john, finishedSteps: [{ step: 9, doneAt: '2026-02-20T00:00:00Z' }] };
    expect((await bring(campaign({ leads: [jane, wrong] }))).json<Answer>()).toMatchObject({ imported: 1 });
    const answer = await bring(campaign({ leads: [jane, john] }));
    expect(answer.json<Answer>()).toMatchObject({ imported: 1, duplicates: 1, rejected: [] });
  });

  test('another client’s campaign under the same id is another one', async () => {
    const other = await api.tenant();
    const ids = [await bring(), await bring(campaign(), {}, other.key)].map((one) => one.json<Answer>().campaign.id);
    expect(new Set(ids).size).toBe(2);
  });

  test('other steps under a known id are refused, and change nothing', async () => {
    await bring();
    const answer = await bring(campaign({ steps: steps.slice(0, 3), leads: [{ email: 'new@acme.example' }] }));
    expect([answer.statusCode, badFields(answer)]).toEqual([409, ['steps']]);
    expect(await api.database.lead.count({ where: { clientId: tenant.id } })).toBe(2);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['no external id', { externalId: undefined }, 'externalId'],
    ['no steps', { steps: [] }, 'steps'],
    [
      'more steps than a plan walks',
      { steps: Array.from({ length: 16 }, (_, i) => ({ ...steps[0], step: i + 1 })) },
      'steps',
    ],
    ['a channel that is none', { steps: [{ ...steps[0], channel: 'fax' }] }, 'steps[0].channel'],
    ['a day that is none', { steps: [{ ...steps[0], day: -1 }] }, 'steps[0].day'],
    ['half a day', { steps: [{ ...steps[0], day: 0.5 }] }, 'steps[0].day'],
    [
      'days that go back',
      {
        steps: [
          { ...steps[0], day: 5 },
          { ...steps[1], day: 4 },
        ],
      },
      'steps[1].day',
    ],
    ['numbers with a gap', { steps: [steps[0], { ...steps[1], step: 3 }] }, 'steps[1].step'],
    ['no purpose', { steps: [{ ...steps[0], purpose: ' ' }] }, 'steps[0].purpose'],
    ['what the system sets', { dailyLimit: 500 }, 'dailyLimit'],
    ['a template in a step', { steps: [{ ...steps[0], template: 'Hi' }] }, 'steps[0].template'],
    ['leads that are no list', { leads: 'jane@acme.example' }, 'leads'],
  ])('%s: refused by name, nothing is made', async (_, changes, field) => {
    const answer = await bring(campaign(changes));
    expect([answer.statusCode, badFields(answer)]).toEqual([400, [field]]);
    expect(await campaigns()).toBe(0);
  });

  test('a bad lead is refused with row, field and reason; the others come in', async () => {
    const finished = (...done: object[]) => ({ email: 'x@acme.example', finishedSteps: done });
    const at = (step: number, day: string, more = {}) => ({ step, doneAt: `2026-02-${day}T00:00:00Z`, ...more });
    const bad: [object, string][] = [
      [{ email: 'nobody' }, 'email'],
      [finished(at(5, '20')), 'finishedSteps[0].step'],
      [finished(at(0, '20')), 'finishedSteps[0].step'],
      [finished(at(1, '20'), at(1, '21')), 'finishedSteps[1].step'],
      [finished(at(1, '20'), at(2, '19')), 'finishedSteps[1].doneAt'],
      [finished({ step: 1, doneAt: '2026-03-02T00:00:01Z' }), 'finishedSteps[0].doneAt'],
      [finished({ step: 1, doneAt: 'yesterday' }), 'finishedSteps[0].doneAt'],
      [finished({ step: 1 }), 'finishedSteps[0].doneAt'],
      [finished(at(1, '20', { channel: 'fax' })), 'finishedSteps[0].channel'],
      [finished(at(1, '20', { text: 'Hi' })), 'finishedSteps[0].text'],
      [{ ...finished(at(2, '20')), lastFinishedStep: 1 }, 'lastFinishedStep'],
      [{ ...finished(at(2, '20')), lastFinishedStep: 5 }, 'lastFinishedStep'],
      [{ ...finished(), lastFinishedStep: 2 }, 'finishedSteps'],
      [{ email: 'x@acme.example', finishedSteps: 'all' }, 'finishedSteps'],
      [{ ...john, steps: [] }, 'steps'],
    ];
    const rejected = await rejectedOf([...bad.map(([lead]) => lead), jane]);
    expect(rejected.map(({ row, field }) => [row, field])).toEqual(bad.map(([, field], index) => [index + 1, field]));
    expect(rejected.every(({ reason }) => reason.length > 5)).toBe(true);
    expect(await api.database.lead.count({ where: { clientId: tenant.id } })).toBe(1);
  });

  test('lastFinishedStep: what was passed over lies behind, too', async () => {
    const { campaign: made } = (await bring(campaign({ leads: [{ ...jane, lastFinishedStep: 3 }] }))).json<Answer>();
    const [row] = await api.database.enrollment.findMany({ where: { campaignId: made.id } });
    expect(row?.fromStep).toBe(4);
  });

  test('activation, and a new sender, leave its steps as they are (MIG-1)', async () => {
    const { id } = (await bring()).json<Answer>().campaign;
    const seat = await api.ask(tenant.key, 'POST', '/v1/linkedin-seats', { name: 'Anna', accountId: 'seat-import' });
    expect(seat.statusCode).toBe(201);
    const activated = await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/activate`);
    expect(activated.json<Answer['campaign']>()).toMatchObject({ status: 'active', usesDefaultSequence: false });
    expect(activated.json<Answer['campaign']>().sequence).toHaveLength(steps.length);
  });

  test('leads for a campaign that is completed are refused, and it is said what to do', async () => {
    const { id } = (await bring()).json<Answer>().campaign;
    for (const move of ['activate', 'complete']) await api.ask(tenant.key, 'POST', `/v1/campaigns/${id}/${move}`);
    const answer = await bring(campaign({ leads: [{ email: 'new@acme.example' }] }));
    expect([answer.statusCode, answer.json<{ detail: string }>().detail]).toEqual([
      409,
      'The campaign is completed and takes no leads any more. Make a new one and import them there.',
    ]);
  });

  test('steps are named here and nowhere else (CTL-2)', async () => {
    const { externalId: _id, leads: _leads, ...body } = campaign();
    const answer = await api.ask(tenant.key, 'POST', '/v1/campaigns', body);
    expect([answer.statusCode, badFields(answer)]).toEqual([400, ['steps']]);
  });
});
