import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import { channels, rulesOf, type Channel } from '../../domain/channels';
import type { Sender } from '../../domain/limits';
import { generateSequence } from '../../domain/sequence';
import { providersOf } from '../../providers';
import { resourcesOf } from '../../store/senders/resources';

/** Agencies with alike names: what is measured beside each other takes different ones. */
export interface AgencyGroup {
  name: string;
  agencies: number;
}

/** A client in Sydney with an active campaign, a domain with three mailboxes, a number and a seat. */
export interface Agency {
  clientId: string;
  campaignId: string;
  domainId: string;
  mailboxIds: string[];
  numberId: string;
  seatId: string;
}

export const mailboxesEach = 3;
/** Long ago, so that the domain may send all it ever may. */
const warmupStartedAt = '2025-01-01';

/** The same ids in SQL: md5('client warm 3')::uuid. */
export function idOf(...words: readonly (string | number)[]): string {
  const hex = createHash('md5').update(words.join(' ')).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The agency of a group that an index falls on: its work goes round. */
export function agencyAt({ name, agencies }: AgencyGroup, index: number): Agency {
  const at = index % agencies;
  return {
    clientId: idOf('client', name, at),
    campaignId: idOf('campaign', name, at),
    domainId: idOf('domain', name, at),
    mailboxIds: Array.from({ length: mailboxesEach }, (_, number) => idOf(`mailbox${number}`, name, at)),
    numberId: idOf('number', name, at),
    seatId: idOf('seat', name, at),
  };
}

/** The agency's senders of one channel, as booking wants them. */
export function sendersOf(agency: Agency, channel: Channel): Sender[] {
  const kind = rulesOf(channel).sender;
  const ids = { mailbox: agency.mailboxIds, phone_number: [agency.numberId], linkedin_seat: [agency.seatId] }[kind];
  const domain = kind === 'mailbox' ? { id: agency.domainId, warmupStartedAt, isHalved: false } : null;
  const [provider = ''] = providersOf(channel);
  const client = { id: agency.clientId, timezone: 'Australia/Sydney' };
  const place = { kind, provider, domain, restedUntil: null };
  return ids.map((id) => ({ id, resources: resourcesOf(client, { id, ...place }) }));
}

/** Where a sender's address may not be anybody's: names under .example, numbers reserved for fiction. */
export async function createAgencies(filler: Client, { name, agencies }: AgencyGroup): Promise<void> {
  const at = `FROM generate_series(0, ${agencies - 1}) AS a`;
  const id = (word: string): string => `md5('${word} ${name} ' || a)::uuid`;
  const host = `'${name}' || a || '.example'`;
  await filler.query(`INSERT INTO client (id, name, timezone, country, region, tier, sender_name, proof_points)
    SELECT ${id('client')}, ${host}, 'Australia/Sydney', 'AU', 'NSW', 'velocity', 'Anna Reid', '{}' ${at}`);
  await filler.query(`INSERT INTO sending_domain (id, client_id, name, warmup_started_at)
    SELECT ${id('domain')}, ${id('client')}, ${host}, '${warmupStartedAt}' ${at}`);
  const sender = async (word: string, kind: string, address: string, on: readonly Channel[]): Promise<void> => {
    await filler.query(`INSERT INTO sender (id, client_id, kind, address, name)
      SELECT ${id(word)}, ${id('client')}, '${kind}', ${address}, 'Anna Reid' ${at}`);
    for (const channel of on) {
      await filler.query(`INSERT INTO sender_channel (sender_id, client_id, channel, provider)
        SELECT ${id(word)}, ${id('client')}, '${channel}', '${providersOf(channel)[0] ?? ''}' ${at}`);
    }
  };
  for (let number = 0; number < mailboxesEach; number += 1) {
    await sender(`mailbox${number}`, 'mailbox', `'anna${number}@' || ${host}`, ['email']);
    await filler.query(`INSERT INTO mailbox (sender_id, client_id, domain_id)
      SELECT ${id(`mailbox${number}`)}, ${id('client')}, ${id('domain')} ${at}`);
  }
  const digits = `lpad((abs(hashtext('${name} ' || a)) % 100000000)::text, 8, '0')`;
  await sender('number', 'phone_number', `'+6125550' || ${digits}`, ['voice', 'sms']);
  await sender('seat', 'linkedin_seat', `'seat of ' || ${host}`, ['linkedin']);
  await filler.query(`INSERT INTO campaign (id, client_id, name, targeting, status, activated_at)
    SELECT ${id('campaign')}, ${id('client')}, 'Campaign', '{}', 'active', '2025-01-01' ${at}`);
  for (const { step, day, channel, purpose } of generateSequence(new Set(channels))) {
    await filler.query(`INSERT INTO campaign_step (campaign_id, client_id, step, day, channel, purpose)
      SELECT ${id('campaign')}, ${id('client')}, ${step}, ${day}, '${channel}', '${purpose}' ${at}`);
  }
}
