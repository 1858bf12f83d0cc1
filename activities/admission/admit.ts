import { heartbeat } from '@temporalio/activity';
import { nextAdmission, settlingMs } from '../../domain/admission';
import { dayTarget, pacingAlertKinds, pacingAlerts } from '../../domain/pacing';
import { readRunningCampaign } from '../../store/campaigns/campaigns';
import { completeIfFinished } from '../../store/campaigns/complete-finished';
import { admittedInAll, lastActivation } from '../../store/enrollments/admission';
import { stopWaiting } from '../../store/enrollments/finish';
import { withLease } from '../../store/lease';
import { raiseAlert, resolveAlert } from '../../store/tenants/alerts';
import { presentCredits, refundUntouched } from '../../store/tenants/credits';
import { readPacing, type Pacing } from '../../store/tenants/pacing';
import type { AdmitInput, AdmitResult } from '../../workflows/contract';
import type { ActivityDeps } from '../deps';
import type { Alive } from '../source';
import { findLeads } from './find-leads';
import { admitInTurn } from './turns';

/**
 * Admits leads, of all campaigns of the client of this one (PACE-4): follow-ups hold their bookings already (LIM-4), then
 * the campaigns take turns, each with its highest scores first (ACC-2). It ends where the day's target, the credits or the
 * capacity of today end (PACE-2). Workflows' starts are owed by the admissions' own transactions, and delivered at once as
 * far as Temporal answers.
 */
export async function admit(deps: ActivityDeps, input: AdmitInput): Promise<AdmitResult> {
  const { campaignId } = input;
  const { database } = deps;
  const before = await admittedInAll(database.sql, campaignId);
  const { clientId, status, clientTimezone } = await readRunningCampaign(database.sql, campaignId);
  const settled = await settledAt(deps, clientId);
  if (status === 'active' && settled <= (await deps.clock.now())) {
    // Every campaign of the client comes here at the same time: one admits for all, and the others find nothing left.
    const admitDay = (alive: Alive) => admitForClient(deps, clientId, alive);
    await withLease(database.sql, `admission of ${clientId}`, admitDay, heartbeat);
  }
  const now = await deps.clock.now();
  // A completion that this workflow has not heard of: Temporal was away.
  if (status === 'completed') await stopWaiting(database, campaignId, now);
  const isDone =
    status === 'completed' || (status === 'active' && (await completeIfFinished(database, campaignId, now)));
  const inAll = await admittedInAll(database.sql, campaignId);
  const { endsAt } = await presentCredits(database.sql, clientId, now);
  const next = isDone ? [now] : [nextAdmission(now, clientTimezone), endsAt, ...(settled > now ? [settled] : [])];
  return {
    // A workflow runs from activation on: there are no drafts here.
    state: isDone ? 'completed' : status === 'draft' ? 'paused' : status,
    admitted: inAll - before,
    admittedInAll: inAll,
    nextAt: deps.clock.toWorkflowTime(next.reduce((a, b) => (a < b ? a : b))),
  };
}

/** From when on the client's campaigns, as they stand, share a day. */
async function settledAt(deps: ActivityDeps, clientId: string): Promise<Date> {
  const last = await lastActivation(deps.database.sql, clientId);
  return new Date((last?.getTime() ?? 0) + settlingMs);
}

async function admitForClient(deps: ActivityDeps, clientId: string, alive: Alive): Promise<void> {
  const { sql } = deps.database;
  const now = await deps.clock.now();
  const refunded = await refundUntouched(sql, clientId, now);
  const pacing = await readPacing(sql, clientId, now);
  await findLeads(deps, pacing, alive);
  const { target, sendingDays } = dayTarget(pacing.today, pacing);
  const admitted = await admitInTurn(deps, pacing, { since: pacing.since, atMost: target }, { now, alive });
  const { remaining, admittedToday } = pacing;
  const numbers = { admitted, admittedToday: admittedToday + admitted, target, remaining, sendingDays, refunded };
  deps.log.info({ clientId, ...numbers }, 'admission');
  await alert(deps, await readPacing(sql, clientId, now), now);
}

/** PACE-3. */
async function alert(deps: ActivityDeps, pacing: Pacing, now: Date): Promise<void> {
  const { clientId, today } = pacing;
  const alerts = pacingAlerts(today, pacing);
  for (const kind of pacingAlertKinds) {
    const alert = alerts.find((each) => each.kind === kind);
    const about = { clientId, kind, resourceId: clientId };
    if (alert === undefined) await resolveAlert(deps.database.sql, about, now);
    else await raiseAlert(deps.database.sql, { ...about, message: alert.message }, now);
  }
}
