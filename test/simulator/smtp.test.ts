import { config, jane, mailbox, only } from './support/settings';
import { sendMail } from './support/mail';
import { openWorld, startOfRun, type TestWorld } from './support/world';

let open: TestWorld | undefined;

async function start(...settings: Parameters<typeof config>): Promise<TestWorld> {
  open = await openWorld(config(...settings));
  return open;
}

afterEach(async () => {
  await open?.world.close();
  open = undefined;
});

test('a mail is written down with its touch, text and headers before it is accepted', async () => {
  const { smtpPort, outbox } = await start();
  expect(await sendMail(smtpPort)).toMatch(/^250 /);
  const [entry, ...others] = outbox();
  expect(others).toEqual([]);
  expect(entry).toMatchObject({
    at: startOfRun.toISOString(),
    provider: 'smtp',
    operation: 'send',
    resource: mailbox,
    recipient: jane.email,
    touchId: 'touch-1',
    outcome: 'accepted',
    answered: true,
    detail: {
      reference: 'touch-1@growth.example',
      subject: 'A thought for Zürich',
      text: expect.stringContaining('shall we talk?') as string,
      headers: {
        'list-unsubscribe': '<http://127.0.0.1:9/u/token>',
        'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
        'message-id': '<touch-1@growth.example>',
      },
    },
  });
});

test('the reaction is started before the mail is answered, and names no person', async () => {
  const { smtpPort, reactions } = await start({ prospects: only(jane.email, 'reply') });
  await sendMail(smtpPort);
  expect(reactions).toHaveLength(1);
  expect(reactions[0]?.reactions).toContainEqual(expect.objectContaining({ kind: 'reply', afterMs: 3 * 3_600_000 }));
  expect(JSON.stringify(reactions)).not.toContain('jane');
});

test('a sender that is no mailbox of the host is refused and written down', async () => {
  const { smtpPort, outbox } = await start();
  await expect(sendMail(smtpPort, { from: 'eve@other.example' })).rejects.toMatchObject({ responseCode: 550 });
  expect(outbox()).toEqual([
    expect.objectContaining({ outcome: 'rejected', resource: 'eve@other.example', recipient: null }),
  ]);
  expect(outbox()[0]?.detail).toMatchObject({ error: expect.stringMatching(/^550 5\.7\.1/) as string });
});

test('a mailbox may log in with any password, a stranger may not', async () => {
  const { smtpPort, outbox } = await start();
  await sendMail(smtpPort, { user: mailbox });
  await expect(sendMail(smtpPort, { user: 'eve@other.example' })).rejects.toMatchObject({ responseCode: 535 });
  expect(outbox()).toHaveLength(1);
});

test('AUTH can be required', async () => {
  const { smtpPort } = await start({ smtpAllowUnauthenticated: false });
  await expect(sendMail(smtpPort)).rejects.toMatchObject({ responseCode: 530 });
  await expect(sendMail(smtpPort, { user: mailbox })).resolves.toMatch(/^250 /);
});
