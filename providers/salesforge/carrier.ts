import { asRecord, textField } from '../http-exchange';
import type { CarrierKey, CarrierMemory, EmailCarrier } from '../ports';
import type { SalesforgeApi } from './account';
import { mailboxIdOf } from './mailbox';
import { listIn, notSent, prepared } from './outcome';
import { variablesOf } from './texts';

/** Pages of a list that are read before giving up, 100 each. */
const pagesRead = 50;

/**
 * The sequence that carries a mail: one for each mailbox, step and zone, with a single e-mail whose words are variables
 * of the contact, and the recipient's window as its schedule. It is made on first use, and found again by its name.
 * @throws NotSent when there is none that would send
 */
export async function readyCarrier(
  api: SalesforgeApi,
  memory: CarrierMemory,
  mailbox: string,
  carrier: EmailCarrier,
): Promise<string> {
  const { step, timezone } = carrier;
  const key: CarrierKey = { mailbox, step, timezone };
  const known = await memory.sequenceOf(key);
  if (known !== null && (await isRunning(api, known))) return known;
  const made = await memory.alone(key, async () => {
    const id = (await sequenceNamed(api, nameOf(key))) ?? (await createSequence(api, key));
    await complete(api, id, { mailbox, carrier });
    await memory.keep(key, id);
    return id;
  });
  // Somebody else is making it: by the next attempt it is there.
  if (made === null) throw notSent('later', 'carrier_in_the_making');
  return made;
}

/** The carrier as it stands, without making one; null: there is none. @throws NotSent when Salesforge cannot tell */
export async function existingCarrier(
  api: SalesforgeApi,
  memory: CarrierMemory,
  mailbox: string,
  { step, timezone }: EmailCarrier,
): Promise<string | null> {
  const key = { mailbox, step, timezone };
  return (await memory.sequenceOf(key)) ?? (await sequenceNamed(api, nameOf(key)));
}

const nameOf = ({ mailbox, step, timezone }: CarrierKey): string => `agency-os ${mailbox} step ${step} ${timezone}`;

/** Does the sequence send what it is given? One that is gone, or was never finished, does not. */
async function isRunning(api: SalesforgeApi, id: string): Promise<boolean> {
  const answer = await api.multichannel('GET', `/sequences/${id}`);
  if (answer.kind === 'answered' && answer.status === 404) return false;
  const status = textField(asRecord(prepared(answer)['sequence']), 'status');
  if (status === 'paused') throw notSent('resource', 'carrier_paused');
  return status === 'active';
}

/** Of several with one name, which only a race can have made, everybody takes the oldest. */
async function sequenceNamed(api: SalesforgeApi, name: string): Promise<string | null> {
  const found: string[] = [];
  for (let page = 1; page <= pagesRead; page += 1) {
    const list = prepared(await api.multichannel('GET', `/sequences?page=${page}&limit=100`));
    const sequences = listIn(list, 'sequences', 'data');
    if (sequences === null) throw notSent('later', 'malformed_answer');
    const ids = sequences.filter((one) => one['name'] === name).map((one) => textField(one, 'id'));
    found.push(...ids.filter((id) => id !== null));
    if (asRecord(list['pagination'])['hasNext'] !== true) {
      return found.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))[0] ?? null;
    }
  }
  throw notSent('resource', 'too_many_sequences');
}

async function createSequence(api: SalesforgeApi, key: CarrierKey): Promise<string> {
  const body = { name: nameOf(key), timezone: key.timezone, kind: 'primary' };
  return idIn(prepared(await api.multichannel('POST', '/sequences', body)));
}

/** Gives the sequence what it lacks, wherever an earlier attempt has ended, and launches it. */
async function complete(
  api: SalesforgeApi,
  id: string,
  { mailbox, carrier }: { mailbox: string; carrier: EmailCarrier },
): Promise<void> {
  const path = `/sequences/${id}`;
  const detail = prepared(await api.multichannel('GET', path));
  const status = textField(asRecord(detail['sequence']), 'status');
  if (status === 'active') return;
  if (status === 'paused') throw notSent('resource', 'carrier_paused');
  if (status === 'completed') {
    prepared(await api.multichannel('PATCH', `${path}/status`, { status: 'active' }));
    return;
  }
  if (actionsIn(detail) === 0) await addMail(api, path, carrier.step);
  prepared(await api.multichannel('PUT', `${path}/schedule`, scheduleOf(carrier)));
  prepared(await api.multichannel('PATCH', `${path}/settings`, settings));
  const senderProfileIds = [await senderProfileOf(api, mailbox)];
  prepared(await api.multichannel('POST', `${path}/sender-profiles`, { senderProfileIds }));
  // A second e-mail in it would be a second mail to everybody.
  const finished = prepared(await api.multichannel('GET', path));
  if (actionsIn(finished) !== 1) throw notSent('resource', 'carrier_malformed');
  prepared(await api.multichannel('PATCH', `${path}/launch`));
}

const actionsIn = (detail: Record<string, unknown>): number =>
  (listIn(detail, 'nodes') ?? []).filter((node) => node['type'] === 'action').length;

async function addMail(api: SalesforgeApi, path: string, step: number): Promise<void> {
  const action = listIn(prepared(await api.actions('channel=email&name=send_email')), 'actions')?.[0];
  const branches = listIn(prepared(await api.multichannel('GET', `${path}/branches`)), 'branches');
  const open = branches?.find(({ toNodeId }) => toNodeId === null || toNodeId === undefined || toNodeId === 0);
  if (action === undefined || open === undefined) throw notSent('resource', 'carrier_malformed');
  const { subject, body } = variablesOf(step);
  const metadata = { name: 'mail', subject: `{{${subject}}}`, message: `{{${body}}}` };
  const variants = [{ isEnabled: true, exposureInPercentage: 100, metadata }];
  const node = { branchId: open['id'], actionId: action['id'], waitDays: 0, distributionStrategy: 'equal', variants };
  prepared(await api.multichannel('POST', `${path}/nodes/actions`, node));
}

/** The text is sent as it was written: Salesforge adds no opt-out of its own, for ours stands in it, and tracks nothing. */
const settings = {
  plainTextEmailsEnabled: true,
  openTrackingEnabled: false,
  clickTrackingEnabled: false,
  optOutTextEnabled: false,
  optOutLinkEnabled: false,
  ccAndBccEnabled: false,
};

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
const weekend = ['saturday', 'sunday'];

/** The hours of a day on which nothing leaves must make sense too [3p]. */
function scheduleOf({ timezone, hours }: EmailCarrier): object {
  const { from, to } = hours;
  const days = [
    ...weekdays.map((day) => [day, { enabled: true, from, to }]),
    ...weekend.map((day) => [day, { enabled: false, from: 0, to: 23 }]),
  ] as const;
  return { timezone, schedule: Object.fromEntries(days) as Record<string, unknown> };
}

/** The profile that sends from this mailbox alone; made when there is none. */
async function senderProfileOf(api: SalesforgeApi, mailbox: string): Promise<unknown> {
  for (let page = 1; page <= pagesRead; page += 1) {
    const list = prepared(await api.multichannel('GET', `/sender-profiles?page=${page}&limit=100`));
    const found = (listIn(list, 'profiles', 'senderProfiles') ?? []).find((profile) => sendsFromOnly(profile, mailbox));
    if (found !== undefined) return found['id'];
    if (asRecord(list['pagination'])['hasNext'] !== true) break;
  }
  const body = { name: mailbox, mailboxIds: [await mailboxIdOf(api, mailbox)] };
  return prepared(await api.multichannel('POST', '/sender-profiles', body))['id'];
}

function sendsFromOnly(profile: Record<string, unknown>, mailbox: string): boolean {
  const mailboxes = listIn(profile, 'mailboxes') ?? [];
  return mailboxes.length === 1 && textField(mailboxes[0] ?? {}, 'address')?.toLowerCase() === mailbox;
}

function idIn(body: Record<string, unknown>): string {
  const id = textField(body, 'id') ?? textField(asRecord(body['sequence']), 'id');
  if (id === null) throw notSent('later', 'malformed_answer');
  return id;
}
