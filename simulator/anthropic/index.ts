import type { SimulatedProvider } from '../provider';
import { anySecret } from '../secret';
import { anthropicApi } from './api';

/** The writer. */
export const simulatedAnthropic: SimulatedProvider<'anthropicApiKey'> = {
  name: 'anthropic',
  account: {
    secrets: { anthropicApiKey: anySecret },
    variables: ({ anthropicApiKey }, { httpUrl }) => ({
      ANTHROPIC_BASE_URL: httpUrl,
      ANTHROPIC_API_KEY: anthropicApiKey,
    }),
  },
  open: (context) => ({ http: { prefix: '/v1', api: anthropicApi(context) } }),
};
