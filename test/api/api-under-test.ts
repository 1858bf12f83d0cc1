import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import pino from 'pino';
import { createApi } from '../../api/create-api';
import { createEventSink } from '../../api/event-sink';
import type { ApiDeps } from '../../api/ports';
import type { WorkflowStarter } from '../../api/workflow-port';
import { openWebhooks, watchProviders } from '../../providers';
import { openOutside } from '../../providers/outside';
import { takeCallScript } from '../../store/touches/call-scripts';
import { isSendingMailbox } from '../../store/senders/senders';
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
export class NotedWorkflows implements WorkflowStarter {
  readonly told: string[] = [];
  away = false;
  startCampaign = ({ campaignId }: { campaignId: string }) => this.note(`start ${campaignId}`);
  pauseCampaign = (id: string) => this.note(`pause ${id}`);
  resumeCampaign = (id: string) => this.note(`resume ${id}`);
  completeCampaign = (id: string) => this.note(`complete ${id}`);
  leadsImported = (id: string) => this.note(`imported ${id}`);
  deliverSignals = () => this.note('signals');
  isHealthy = () => Promise.resolve(!this.away);

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
  readonly workflows = new NotedWorkflows();
  now = monday;

  private constructor(
    readonly db: TestDatabase,
    readonly server: FastifyInstance,
  ) {}

  static async start(overrides: Partial<ApiDeps> = {}): Promise<ApiUnderTest> {
    const db = await createTestDatabase(4);
    const { database } = db;
    const started: { api?: ApiUnderTest } = {};
    const clock = {
      now: () => Promise.resolve(started.api?.now ?? monday),
      toWorkflowTime: (at: Date) => at.getTime(),
    };
    const config = { publicBaseUrl, secretKey: 'a key for tests that is long enough', operatorApiKey };
    const told = (): NotedWorkflows => (started.api as ApiUnderTest).workflows;
    const workflows: WorkflowStarter = {
      startCampaign: (campaign) => told().startCampaign(campaign),
      pauseCampaign: (id) => told().pauseCampaign(id),
      resumeCampaign: (id) => told().resumeCampaign(id),
      completeCampaign: (id) => told().completeCampaign(id),
      leadsImported: (id) => told().leadsImported(id),
      deliverSignals: () => told().deliverSignals(),
      isHealthy: () => told().isHealthy(),
    };
    const server = createApi({
      database,
      clock,
      config,
      logger: pino({ level: 'silent' }),
      workflows,
      events: createEventSink({ database, clock, secretKey: config.secretKey }),
      webhooks: openWebhooks(providersUnderTest, {
        publicBaseUrl,
        isOurMailbox: (address) => isSendingMailbox(database, address),
        takeCallScript: (touchId, callSid) => takeCallScript(database, touchId, callSid),
      }),
      providerStates: watchProviders({}, openOutside({ publicBaseUrl, onlyThisMachine: true })),
      ...overrides,
    });
    const api = new ApiUnderTest(db, server);
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

  /** Asks with a key; a plain object is sent as JSON. */
  ask(
    key: string | null,
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    body?: InjectOptions['payload'],
    headers: Record<string, string> = {},
  ): Promise<LightMyRequestResponse> {
    const authorization: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
    return this.server.inject({
      method,
      url,
      headers: { ...authorization, ...headers },
      ...(body === undefined ? {} : { payload: body }),
    });
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
