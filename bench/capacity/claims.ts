import { claimTouch } from '../../store/capacity/claim';
import { releaseTouches } from '../../store/capacity/release';
import { transact } from '../../store/database';
import { claimForSending } from '../../store/touches/claims';
import { rowOf } from '../rows';
import { operationsIn, takeTurns } from '../rounds';
import { secretKey, type BenchRun } from '../run';
import { bookForClaims, changeSameRows, deleteSameRows, type BookedTouch } from './claiming';
import type { House } from './capacity';

/** Claims and releases against what changing the same rows costs. Each takes a booked touch of its own. */
export async function measureClaims(run: BenchRun, house: House): Promise<void> {
  const { sizes, report } = run;
  const { database } = house.world;
  const course = { rounds: sizes.rounds, perRound: sizes.perRound, warmUp: sizes.warmUp, writers: 1 };
  const each = operationsIn(course);
  report.progress(`claiming and releasing, ${house.touches} touches …`);
  const leads = await house.leadsFor('claims', house.agencies, 5 * each);
  const touches = await bookForClaims(database, leads, 5 * each);
  // Each subject has agencies of its own, and its touches in the order of their slots: a claim comes after the last one.
  const hands = [0, 1, 2, 3, 4].map((hand) => touches.filter((touch) => touch.agency % 5 === hand));
  const touchOf = (hand: number, index: number): BookedTouch => {
    const touch = hands[hand]?.[index];
    if (touch === undefined) throw new Error('no touch is left to claim');
    return touch;
  };
  const results = await takeTurns(
    {
      claimFloor: (index) => changeSameRows(database.sql, touchOf(0, index)),
      claimTouch: async (index) => {
        const { touchId, sender, slotAt } = touchOf(1, index);
        const request = { touchId, form: 'email' as const, now: slotAt, day: '2026-03-03', sender };
        expectClaimed(await transact(database, (sql) => claimTouch(sql, request)));
      },
      claimForSending: async (index) => {
        const touch = touchOf(2, index);
        expectClaimed(
          await claimForSending(database, touch, secretKey, { clock: { now: () => Promise.resolve(touch.slotAt) } }),
        );
      },
      releaseFloor: (index) => deleteSameRows(database.sql, touchOf(3, index)),
      release: (index) => releaseTouches(database.sql, [touchOf(4, index).touchId]),
    },
    course,
  );
  const claimFloor = { what: 'the same rows changed by one statement', measured: results.claimFloor };
  const add = (what: string, measured: typeof results.release, floor: typeof claimFloor): void =>
    report.add(
      rowOf({
        part: 'capacity',
        what: `${what}, ${house.touches} touches`,
        measured,
        floor,
      }),
    );
  add('claim in a transaction (claimTouch)', results.claimTouch, claimFloor);
  add('gate and claim (claimForSending)', results.claimForSending, claimFloor);
  add('release', results.release, { ...claimFloor, measured: results.releaseFloor });
}

function expectClaimed(claim: { kind: string; reason?: string }): void {
  if (claim.kind !== 'claimed') throw new Error(`not claimed: ${claim.kind}, ${claim.reason ?? ''}`);
}
