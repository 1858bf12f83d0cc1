import type { SimulatedProvider } from '../provider';
import { anySecret } from '../secret';
import { apolloApi } from './api';

/** The directory of people. It only answers; it tells of nothing by itself. */
export const simulatedApollo: SimulatedProvider<'apolloApiKey'> = {
  name: 'apollo',
  account: {
    secrets: { apolloApiKey: anySecret },
    // Another provider's paths begin like Apollo's own.
    variables: ({ apolloApiKey }, { httpUrl }) => ({
      APOLLO_BASE_URL: `${httpUrl}/apollo`,
      APOLLO_API_KEY: apolloApiKey,
    }),
  },
  open: (context) => ({ http: { prefix: '/apollo/api/v1', api: apolloApi(context) } }),
};
