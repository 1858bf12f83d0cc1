import type { WritingFacts } from '../../activities/content/facts';
import { channelOf, type TouchForm } from '../../domain/channels';

export function sampleFacts(form: TouchForm, change: Partial<WritingFacts> = {}): WritingFacts {
  return {
    touch: { channel: channelOf(form), form, purpose: 'intro', step: 1 },
    lead: { firstName: 'Jane', lastName: 'Doe', title: 'Head of Operations' },
    company: {
      name: 'Acme',
      domain: 'acme.example',
      industry: 'Logistics',
      size: '51-200',
      city: 'Perth',
      country: 'AU',
    },
    client: {
      name: 'Growth Co',
      senderName: 'Anna Bell',
      website: 'https://growth.example',
      proofPoints: ['Rosters in a day'],
    },
    alreadySaid: [],
    ...change,
  };
}

export const goodEmail = {
  subject: 'Crew rosters at Acme',
  body: 'Hello Jane,\n\nyour crews in Perth change every week. We make rosters in a day.\n\nIs it worth a short talk?',
};
