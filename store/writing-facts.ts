import type { Channel } from '../domain/sequence';
import type { Database } from './database';
import type { LeadRecord } from './facts';
import { alreadySaid } from './texts';

/** What is known of a lead, its company and the client, for writing. Personal data: it stays inside the activity. */
export async function readWritingFacts(database: Database, record: LeadRecord) {
  const lead = await database.lead.findUniqueOrThrow({ where: { id: record.leadId } });
  const client = await database.client.findUniqueOrThrow({ where: { id: record.clientId } });
  const said = await alreadySaid(database, record.enrollmentId);
  return {
    lead: { firstName: lead.firstName, lastName: lead.lastName, title: lead.title },
    company: {
      name: lead.company,
      domain: lead.companyDomain,
      industry: lead.industry,
      size: lead.companySize,
      city: lead.city,
      country: lead.country,
    },
    client: {
      name: client.name,
      senderName: client.senderName,
      website: client.website,
      proofPoints: client.proofPoints,
    },
    alreadySaid: said.map(({ channel, content }) => ({ channel: channel as Channel, text: plainText(content) })),
  };
}

/** The words of a stored text, whatever its channel: subject and body, script, note or text. */
function plainText(content: unknown): string {
  if (typeof content !== 'object' || content === null) return '';
  return Object.values(content)
    .filter((value) => typeof value === 'string')
    .join('\n');
}
