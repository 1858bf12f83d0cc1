import type { SimulatedProvider } from '../provider';

/** The DNS of the simulated world (`server.ts`): whatever the engine asks about domains, it asks here. */
export const simulatedDns: SimulatedProvider<never> = {
  name: 'dns',
  account: {
    secrets: {},
    variables: (_secrets, { dnsPort }) => ({ DNS_SERVERS: `127.0.0.1:${dnsPort}` }),
  },
};
