import { createActivities } from '../../activities/create-activities';
import type { Channel } from '../../domain/channels';
import type { Providers } from '../../providers/ports';
import type { Database } from '../../store/database';
import { dispatch } from '../../store/outbox/dispatch';
import type { NextMove } from '../../workflows/contract';
import { secretKey } from '../run';

const texts: Record<Channel, unknown> = {
  email: { subject: 'A question about Acme', body: 'Hello,\n\nI would like to ask how Acme plans its next quarter.' },
  voice: { script: 'Hello, this is Anna. I would like to ask how Acme plans its next quarter.' },
  linkedin: { note: 'I would like to hear how Acme plans its next quarter.' },
  sms: { text: 'Anna here, about Acme and its next quarter. Reply STOP to opt out' },
};

/** An outside world that takes no time: every touch is accepted, every text is written. */
const providers: Providers = {
  leadSources: [],
  enrichment: null,
  sender: () => ({
    send: () => Promise.resolve({ kind: 'accepted', reference: null }),
    find: () => Promise.resolve('unknown'),
  }),
  writer: {
    write: ({ data }) => {
      const { channel } = data.touch as { channel: Channel };
      return Promise.resolve({
        content: texts[channel],
        model: 'model-of-the-bench',
        inputTokens: 300,
        outputTokens: 90,
      });
    },
  },
};

const nothing = (): Promise<void> => Promise.resolve();
const silent = { info: () => undefined, warn: () => undefined };

const everywhere = (domain: string) =>
  Promise.resolve({ kind: 'found', records: [{ exchange: `mx.${domain}`, priority: 10 }] } as const);
const noRecord = () => Promise.resolve({ kind: 'none' } as const);

const hostOf = (domain: string) => Promise.resolve({ kind: 'found', records: [`mx.${domain}`] } as const);

/** The activities on a database, at an instant, with an outside world that takes no time. */
export function activitiesAt(database: Database, now: Date) {
  const clock = { now: () => Promise.resolve(now), toWorkflowTime: (at: Date) => at.getTime() };
  return createActivities({
    database,
    clock,
    providers,
    resolver: { txt: noRecord, mx: everywhere, mailHosts: hostOf, cname: noRecord },
    deliverOutbox: (wanted) => dispatch(database, clock, nothing, wanted),
    log: silent,
    secretKey,
    publicBaseUrl: 'https://engine.example',
  });
}

export type PlannedDelivery = NextMove & { kind: 'deliver' };

/** @throws Error when a lead has something else before it than a touch of this step */
export function expectDelivery(next: NextMove, step: number): PlannedDelivery {
  if (next.kind === 'deliver' && next.step === step) return next;
  throw new Error(`expected a touch of step ${step}, got ${JSON.stringify(next)}`);
}
