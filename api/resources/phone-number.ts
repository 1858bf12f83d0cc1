import { limits } from '../../domain/limits';
import { createSender, readSender, updateSender, type SenderRecord } from '../../store/senders/senders';
import { phoneNumber } from '../../domain/phone-number';
import type { ApiDeps } from '../ports';
import { newPhoneNumber, phoneNumberAnswer, phoneNumberChanges } from '../schemas/resources';
import { mainCount } from './capacity-view';
import type { ApiResource } from './resource';
import { senderBasics, showSenders, usesOf, type ShownSender } from './sender-kind';

const kind = 'phone_number';

export function phoneNumberKind(
  deps: ApiDeps,
): ApiResource<typeof newPhoneNumber, typeof phoneNumberChanges, typeof phoneNumberAnswer, SenderRecord> {
  const { database } = deps;
  return {
    ...senderBasics(deps, kind),
    path: 'phone-numbers',
    noun: 'phone number',
    summaries: {
      create: 'Register a phone number for calls, texts or both',
      change: 'Change what the number is used for, and through which providers',
    },
    schemas: { create: newPhoneNumber, changes: phoneNumberChanges, view: phoneNumberAnswer },
    unique: 'number',
    create: async (clientId, { number, channels, providers }, now) =>
      createSender(database, {
        clientId,
        kind,
        address: phoneNumber(number, null) ?? number,
        name: null,
        uses: usesOf(channels, providers),
        mailbox: null,
        now,
      }),
    async change(owner, { channels, providers }) {
      const present = await readSender(database, { ...owner, kind });
      if (present === null || (channels === undefined && providers === undefined)) return;
      const used = channels ?? present.uses.map((use) => use.channel);
      await updateSender(database, { ...owner, kind }, { uses: usesOf(used, providers, present.uses) });
    },
    async views(clientId, rows) {
      const shown = await showSenders(deps, clientId, rows);
      return shown.map((each) => ({
        ...each.common,
        number: each.row.address,
        channels: each.row.uses.map((use) => use.channel),
        byChannel: byChannel(each),
      }));
    },
  };
}

/** limit, booked and consumed of each channel's day. */
function byChannel({ row, uses }: ShownSender) {
  const entries = row.uses.flatMap(({ channel }) => {
    const counts = mainCount(channel);
    const ofDay = limits.find(
      (limit) => limit.resource === kind && counts.includes(limit.counts) && limit.period === 'day',
    );
    const use = uses.find((each) => each.counter === ofDay?.counter && each.period === 'day');
    return use === undefined
      ? []
      : [[channel, { limit: use.limit, booked: use.booked, consumed: use.consumed }] as const];
  });
  return Object.fromEntries(entries);
}
