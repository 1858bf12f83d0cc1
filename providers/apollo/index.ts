import { text, webUrl } from '../../runtime/variables';
import { provider } from '../manifest';
import { apolloEnrichment, apolloSign, apolloSource } from './client';

export const apollo = provider({
  name: 'apollo',
  title: 'Leads and enrichment by Apollo',
  variables: {
    baseUrl: webUrl('APOLLO_BASE_URL', 'Base URL of the API.', { default: 'https://api.apollo.io' }),
    apiKey: text('APOLLO_API_KEY', 'API key; people search wants a master key.', {
      otherwise: 'none, no leads from Apollo and no enrichment',
    }),
  },
  leadSource: apolloSource,
  enrichment: apolloEnrichment,
  signOfLife: apolloSign,
});
