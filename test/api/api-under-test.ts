import { MailforgeRefused } from '../../providers/mailforge/client';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import pino from 'pino';
import { createApi } from '../../api/create-api';
import { checkDomainDns } from '../../activities/check-dns';
import type { ApiDeps } from '../../api/ports';
import type { CampaignWorkflows } from '../../api/workflow-port';
import { openWebhooks, watchProviders } from '../../providers';
import { openOutside } from '../../providers/outside';
import { dispatch, type DeliverMessage, type Dispatched } from '../../store/outbox/dispatch';
import { isSendingMailbox } from '../../store/senders/senders';
import { takeCallScript } from '../../store/touches/call-scripts';
import { goodDns } from '../support/dns';
import { createTestDatabase, type TestDatabase } from '../support/database';

export const operatorApiKey = 'operator-key-for-tests';
export const publicBaseUrl = 'https://engine.example';
export const webhookSecrets = {
  salesforge: 'salesforge-secret',
  clicksend: 'clicksend-secret',
  unipile: 'unipile-secret',
  mail: 'mail-secret',
  twilioAuthToken: 'twilio-token',
};

/** What webhooks need of each provider's settings. */
const providersUnderTest = {
  salesforge: { webhookSecret: webhookSecrets.salesforge },
  clicksend: { webhookSecret: webhookSecrets.clicksend },
  unipile: { webhookSecret: webhookSecrets.unipile },
  mail: { webhookSecret: webhookSecrets.mail },
  twilio: { authToken: webhookSecrets.twilioAuthToken },
};

/** Monday 2026-03-02, 11:00 in Sydney. */
export const monday = new Date('2026-03-02T00:00:00Z');

/** Workflows that only note what they were told; `away` makes every call fail as if Temporal were down. */
export class NotedWorkflows implements CampaignWorkflows {
  readonly told: string[] = [];
  away = false;
  pauseCampaign = (id: string) => this.note(`pause ${id}`);
  resumeCampaign = (id: string) => this.note(`resume ${id}`);
  completeCampaign = (id: string) => this.note(`complete ${id}`);
  leadsImported = (id: string) => this.note(`imported ${id}`);
  isHealthy = () => Promise.resolve(!this.away);

  /** Where the outbox's messages arrive. */
  deliver: DeliverMessage = ({ kind, subjectId }) =>
    this.note(kind === 'leadSignal' ? 'signals' : `start ${subjectId}`);

  private note(what: string): Promise<void> {
    if (this.away) return Promise.reject(new Error('Temporal is away'));
    this.told.push(what);
    return Promise.resolve();
  }
}

export interface Tenant {
  id: string;
  key: string;
}

/** The API on a database of its own, asked through `inject`. */
export class ApiUnderTest {
  now = monday;

  private constructor(
    readonly db: TestDatabase,
    readonly server: FastifyInstance,
    readonly workflows: NotedWorkflows,
    private readonly deliveries: Set<Promise<unknown>>,
  ) {}

  static async start(overrides: Partial<ApiDeps> = {}): Promise<ApiUnderTest> {
    const db = await createTestDatabase(4);
    const { database } = db;
    const started: { api?: ApiUnderTest } = {};
    const clock = {
      now: () => Promise.resolve(started.api?.now ?? monday),
      toWorkflowTime: (at: Date) => at.getTime(),
    };
    const workflows = new NotedWorkflows();
    const deliveries = new Set<Promise<unknown>>();
    const server = createApi({
      database,
      clock,
      config: { publicBaseUrl, secretKey: 'a key for tests that is long enough', operatorApiKey },
      logger: pino({ level: 'silent' }),
      workflows,
      deliverOutbox: (wanted) => noted(deliveries, dispatch(database, clock, workflows.deliver, wanted)),
      webhooks: openWebhooks(providersUnderTest, {
        publicBaseUrl,
        isOurMailbox: (address) => isSendingMailbox(database, address),
        takeCallScript: (touchId, callSid) => takeCallScript(database, touchId, callSid),
      }),
      leadSources: [],
      readMailforge: () => Promise.reject(new MailforgeRefused('no_key')),
      checkDomainDns: (domainId, now) => checkDomainDns({ database, resolver: goodDns }, domainId, now),
      canEnrich: false,
      providerStates: watchProviders({}, openOutside({ publicBaseUrl, onlyThisMachine: true })),
      ...overrides,
    });
    const api = new ApiUnderTest(db, server, workflows, deliveries);
    started.api = api;
    await server.ready();
    return api;
  }

  get database() {
    return this.db.database;
  }

  async stop(): Promise<void> {
    await this.server.close();
    await this.db.drop();
  }

  /** Asks with a key; a plain object is sent as JSON. Resolves when what the answer did not wait for is delivered. */
  async ask(
    key: string | null,
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    body?: InjectOptions['payload'],
    headers: Record<string, string> = {},
  ): Promise<LightMyRequestResponse> {
    const authorization: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
    const answer = await this.server.inject({
      method,
      url,
      headers: { ...authorization, ...headers },
      ...(body === undefined ? {} : { payload: body }),
    });
    await Promise.allSettled(this.deliveries);
    return answer;
  }

  /** Delivers whatever is owed and due, as the relay does. */
  relay(): Promise<Dispatched> {
    const clock = { now: () => Promise.resolve(this.now), toWorkflowTime: (at: Date) => at.getTime() };
    return dispatch(this.database, clock, this.workflows.deliver, { kind: 'due' });
  }

  async tenant(fields: Record<string, unknown> = {}): Promise<Tenant> {
    const body = { name: 'Growth', timezone: 'Australia/Sydney', country: 'AU', tier: 'velocity', ...fields };
    const answer = await this.ask(operatorApiKey, 'POST', '/v1/clients', body);
    if (answer.statusCode !== 201) throw new Error(answer.body);
    const { id, apiKey } = answer.json<{ id: string; apiKey: { secret: string } }>();
    return { id, key: apiKey.secret };
  }

  async campaign(key: string, fields: Record<string, unknown> = {}): Promise<string> {
    const answer = await this.ask(key, 'POST', '/v1/campaigns', { name: 'Spring', ...fields });
    if (answer.statusCode !== 201) throw new Error(answer.body);
    return answer.json<{ id: string }>().id;
  }

  import(key: string, campaignId: string, csv: string | Buffer): Promise<LightMyRequestResponse> {
    return this.ask(key, 'POST', `/v1/campaigns/${campaignId}/leads`, csv, { 'content-type': 'text/csv' });
  }

  /** The only lead of a campaign with this address. */
  async leadId(key: string, campaignId: string, email: string): Promise<string> {
    const answer = await this.ask(key, 'GET', `/v1/campaigns/${campaignId}/leads?email=${email}`);
    const [lead] = answer.json<{ data: { id: string }[] }>().data;
    if (lead === undefined) throw new Error(`no lead ${email}`);
    return lead.id;
  }
}

/** The fields that a problem names, in its order. */
export function badFields(answer: LightMyRequestResponse): string[] {
  return answer.json<{ errors: { field: string }[] }>().errors.map((error) => error.field);
}

/** Remembers a delivery until it is over. */
function noted<T>(deliveries: Set<Promise<unknown>>, delivery: Promise<T>): Promise<T> {
  const over = (): void => void deliveries.delete(delivery);
  deliveries.add(delivery);
  delivery.then(over, over);
  return delivery;
}
