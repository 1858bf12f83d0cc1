import { simulatedAnthropic } from './anthropic';
import { simulatedApify } from './apify';
import { simulatedApollo } from './apollo';
import { simulatedClicksend } from './clicksend';
import { simulatedMail } from './mail';
import { simulatedDns } from './dns';
import type { SimulatedProvider } from './provider';
import { simulatedSalesforge } from './salesforge';
import { simulatedSmtp } from './smtp';
import { simulatedTwilio } from './twilio';
import { simulatedUnipile } from './unipile';
import { unsubscribeLink } from './unsubscribe-link';

/** Everybody with whom the engine speaks. */
export const simulatedProviders: readonly SimulatedProvider[] = [
  simulatedSmtp,
  simulatedSalesforge,
  simulatedMail,
  unsubscribeLink,
  simulatedTwilio,
  simulatedUnipile,
  simulatedClicksend,
  simulatedAnthropic,
  simulatedApollo,
  simulatedApify,
  simulatedDns,
];

export const secretNames: readonly string[] = simulatedProviders.flatMap(({ account }) =>
  Object.keys(account?.secrets ?? {}),
);
