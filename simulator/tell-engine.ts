import type { Arrivals } from './arrivals';
import { chance } from './chance';
import type { Now } from './clock';
import type { EngineAddress } from './http-app';
import type { OpenProvider } from './provider';
import type { OutgoingWebhook } from './webhook-request';
import type { Witness } from './witness';
import type { ReactionActivities, TellInput } from './workflows/reaction-input';

/** Real milliseconds that a receiver of events may take. */
const answerTimeoutMs = 10_000;

interface TellerDependencies {
  arrivals: Arrivals;
  providers: readonly OpenProvider[];
  witness: Witness;
  now: Now;
  engine: EngineAddress;
  seed: number;
}

/** Sends the events of a reaction to the engine and writes every attempt down. */
export function createTeller(dependencies: TellerDependencies): ReactionActivities {
  const { arrivals, providers, witness, now, engine, seed } = dependencies;

  async function send(request: OutgoingWebhook, recipient: string, touchId: string | null): Promise<boolean> {
    const answer = await post(request);
    if (answer?.ok) request.onAnswer?.(answer.body);
    const { provider, event, detail } = request;
    const answeredStatus = answer?.status ?? null;
    if (event) await witness.inbox({ provider, event, recipient, touchId, answeredStatus, detail });
    return answeredStatus === null || answeredStatus >= 500;
  }

  return {
    async tellEngine({ deliveryId, kind, facts }: TellInput): Promise<boolean> {
      if (kind === 'leaves') {
        for (const provider of providers) await provider.woken?.(deliveryId);
        return false;
      }
      const delivery = arrivals.find(deliveryId);
      if (!delivery) return false;
      if (engine.baseUrl === null) {
        process.stderr.write(`nobody has told where the engine is: ${kind} waits\n`);
        return true;
      }
      const at = await now();
      const luck = chance(seed, delivery.person?.email ?? '', 'words', kind);
      const context = { kind, facts, now: at, luck, engineBaseUrl: engine.baseUrl };
      const requests = providers.flatMap((provider) => provider.requests?.(delivery, context) ?? []);
      for (const request of requests) {
        if (await send(request, delivery.recipient, delivery.touchId)) return true;
      }
      return false;
    },
  };
}

interface Answer {
  status: number;
  ok: boolean;
  body: string;
}

/** null: no answer at all. */
async function post({ url, headers, body }: OutgoingWebhook): Promise<Answer | null> {
  try {
    const signal = AbortSignal.timeout(answerTimeoutMs);
    const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    return { status: response.status, ok: response.ok, body: await response.text() };
  } catch {
    return null;
  }
}
