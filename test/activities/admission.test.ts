import { heartbeat } from '@temporalio/activity';
import type { Database } from '../../store/database';
import { pause } from '../../store/senders/pauses';
import { createAgency, createLeads, monday, type Agency } from '../store/fixtures';
import { createTestDatabase } from '../support/database';
import { admitByHand } from './admit-by-hand';

jest.mock('@temporalio/activity', () => ({ heartbeat: jest.fn() }));

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());
beforeEach(() => void jest.mocked(heartbeat).mockClear());

const admitInto = ({ campaignId }: Agency, at: Date = monday) => admitByHand(database, campaignId, at);
/** How many leads were read. */
const asked = (): number => jest.mocked(heartbeat).mock.calls.length;

const outOfMailboxes = async (agency: Agency): Promise<void> => {
  const because = { reason: 'operator', detail: 'paused by the user' } as const;
  for (const senderId of agency.mailboxIds) {
    await pause(database.sql, { kind: 'sender', senderId, clientId: agency.clientId }, because, monday);
  }
};

describe('PACE-4: an admission reads those whom it can admit', () => {
  test('while the first channel’s sender is out, one of each kind of lead', async () => {
    const agency = await createAgency(database);
    await createLeads(database, agency, 120, 'waiting');
    await outOfMailboxes(agency);
    expect(await admitInto(agency)).toMatchObject({ admitted: 0, state: 'active' });
    expect(asked()).toBe(1);
  });

  test('who begins on another channel is admitted beside them', async () => {
    const agency = await createAgency(database);
    const ids = await createLeads(database, agency, 60, 'waiting');
    await outOfMailboxes(agency);
    // Without a step by mail the sequence begins with a call.
    await database.campaignStep.deleteMany({ where: { campaignId: agency.campaignId, channel: 'email' } });
    expect((await admitInto(agency)).admitted).toBe(ids.length);
  });

  test('a campaign that is paused meanwhile is left at once', async () => {
    const agency = await createAgency(database, { mailboxes: 6 });
    await createLeads(database, agency, 120, 'waiting');
    jest.mocked(heartbeat).mockImplementationOnce(() => undefined);
    const paused = new Promise<void>((resolve) => {
      jest.mocked(heartbeat).mockImplementationOnce(() => {
        void database.campaign
          .update({ where: { id: agency.campaignId }, data: { status: 'paused' } })
          .then(() => resolve());
      });
    });
    // At nine, when the window opens: there is room for everyone.
    const { admitted } = await admitInto(agency, new Date(monday.getTime() - 2 * 3_600_000));
    await paused;
    expect(admitted).toBeGreaterThan(0);
    expect(asked()).toBeLessThan(60);
  });
});
