import type { Enrichment, PersonFacts } from '../providers/ports';
import { rowChecker } from '../store/leads/lead-row';
import { completeLead, incompleteLeads, type IncompleteLead, type Told } from '../store/sourcing/enrichment';
import { requestProgress } from '../store/sourcing/source-requests';
import { readSourcingCampaign } from '../store/sourcing/sourced-people';
import type { SourceResult } from './source';
import type { Alive, SourcingDeps } from './source';
import { draftOf } from './sourced-person';

/** Leads that are read at a time. */
const leadsAtOnce = 25;

/**
 * Completes what is known of the leads that wait in a campaign: place and so the zone (TIME-2), numbers, profile, company.
 * What is known stays. Each lead is asked for once, in the order of admission, and written at once, so a repetition goes on
 * where it stopped.
 * @throws SourceUnavailable
 */
export async function enrichLeads(
  deps: SourcingDeps,
  { id, campaignId, wanted }: { id: string; campaignId: string; wanted: number },
  alive: Alive,
): Promise<SourceResult> {
  const { database, providers, clock, secretKey } = deps;
  const { sql } = database;
  const { status, client } = await readSourcingCampaign(sql, campaignId);
  const end = async (state: SourceResult['state']): Promise<SourceResult> => {
    const progress = await requestProgress(sql, id);
    deps.log.info({ campaignId, state, ...progress }, 'enrichment');
    return { state, ...progress, retryAfterSeconds: null };
  };
  const { enrichment } = providers;
  if (status === 'completed') return end('completed');
  if (enrichment === null) return end('notConfigured');
  const check = rowChecker(client.country);
  for (;;) {
    const { imported } = await requestProgress(sql, id);
    const leads = await incompleteLeads(sql, campaignId, Math.min(leadsAtOnce, wanted - imported));
    if (leads.length === 0) return end(imported < wanted ? 'exhausted' : 'enough');
    for (const lead of leads) {
      await alive();
      const told = await ask(enrichment, lead, check);
      const target = { campaignId, client, secretKey, now: await clock.now() };
      await completeLead(database, target, { lead, requestId: id }, told);
    }
  }
}

/** Its address is ours to know: another one that the provider has does not take its place. */
async function ask(enrichment: Enrichment, lead: IncompleteLead, check: ReturnType<typeof rowChecker>): Promise<Told> {
  const { facts, credits } = await enrichment.match({ facts: factsOf(lead) });
  const draft = facts === null ? null : draftOf({ ...facts, email: lead.email }, check);
  return { by: enrichment.name, credits, draft };
}

function factsOf({ id: _id, enrollmentId: _enrollmentId, ...fields }: IncompleteLead): PersonFacts {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
