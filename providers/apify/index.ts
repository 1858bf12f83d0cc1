import { formed, text, webUrl } from '../../runtime/variables';
import { provider } from '../manifest';
import { apifySign, apifySource } from './client';
import { actorInput, defaultInput } from './input';

export const apify = provider({
  name: 'apify',
  title: 'Leads by an actor of Apify',
  variables: {
    baseUrl: webUrl('APIFY_BASE_URL', 'Base URL of the API.', { default: 'https://api.apify.com' }),
    token: text('APIFY_TOKEN', 'API token.', { otherwise: 'none, no leads from Apify' }),
    actorId: text('APIFY_ACTOR_ID', 'The actor that finds people: its id, or owner~name.', {
      otherwise: 'none, no leads from Apify',
      remedy: 'set the id of an actor whose dataset holds one person an item, with their e-mail address',
    }),
    input: formed(
      'APIFY_INPUT',
      "The actor's input as JSON, in which $titles, $industries, $locations, $sizes and $maxItems stand for the targeting.",
      actorInput,
      { default: defaultInput, otherwise: 'these five, under their own names', remedy: 'set a JSON object' },
    ),
  },
  leadSource: apifySource,
  signOfLife: apifySign,
});
