import { channelsFrom } from '../../domain/channels';
import { createSender, updateSender, type SenderRecord } from '../../store/senders/senders';
import type { ApiDeps } from '../ports';
import { isoOrNull } from '../schemas/basics';
import { newSeat, seat, seatChanges } from '../schemas/resources';
import type { ApiResource } from './resource';
import { changedUses, senderBasics, showSenders, usesOf } from './sender-kind';

const kind = 'linkedin_seat';

export function linkedInSeatKind(
  deps: ApiDeps,
): ApiResource<typeof newSeat, typeof seatChanges, typeof seat, SenderRecord> {
  const { database } = deps;
  return {
    ...senderBasics(deps, kind),
    path: 'linkedin-seats',
    noun: 'LinkedIn seat',
    summaries: { create: 'Register a LinkedIn seat', change: 'Rename a seat' },
    schemas: { create: newSeat, changes: seatChanges, view: seat },
    unique: 'accountId',
    create: async (clientId, { accountId, name, providers }, now) =>
      createSender(database, {
        clientId,
        kind,
        address: accountId,
        name,
        uses: usesOf(channelsFrom(kind), providers),
        mailbox: null,
        now,
      }),
    change: (owner, { name, providers }) =>
      updateSender(database, { ...owner, kind }, { name, uses: changedUses(kind, providers) }),
    async views(clientId, rows) {
      const shown = await showSenders(deps, clientId, rows);
      return shown.map(({ row, common }) => ({
        ...common,
        accountId: row.address,
        name: row.name ?? '',
        restedUntil: isoOrNull(row.restedUntil),
      }));
    },
  };
}
