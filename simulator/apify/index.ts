import type { SimulatedProvider } from '../provider';
import { anySecret } from '../secret';
import { apifyApi, actorId } from './api';

/** An actor that looks people up, and its datasets. */
export const simulatedApify: SimulatedProvider<'apifyToken'> = {
  name: 'apify',
  account: {
    secrets: { apifyToken: anySecret },
    variables: ({ apifyToken }, { httpUrl }) => ({
      APIFY_BASE_URL: httpUrl,
      APIFY_TOKEN: apifyToken,
      APIFY_ACTOR_ID: actorId,
    }),
  },
  open: (context) => ({ http: { prefix: '/v2', api: apifyApi(context) } }),
};
