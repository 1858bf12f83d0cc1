import { anthropic } from './anthropic';
import { clicksend } from './clicksend';
import { mail } from './mail';
import type { SimulatedProvider } from './provider';
import { salesforge } from './salesforge';
import { smtp } from './smtp';
import { twilio } from './twilio';
import { unipile } from './unipile';
import { unsubscribeLink } from './unsubscribe-link';

/** Everybody with whom the engine speaks. */
export const simulatedProviders: readonly SimulatedProvider[] = [
  smtp,
  salesforge,
  mail,
  unsubscribeLink,
  twilio,
  unipile,
  clicksend,
  anthropic,
];

export const secretNames: readonly string[] = simulatedProviders.flatMap(({ account }) =>
  Object.keys(account?.secrets ?? {}),
);
