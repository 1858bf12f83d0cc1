import { refreshSequences } from '../../store/campaigns/campaigns';
import {
  createPhoneNumber,
  listPhoneNumbers,
  readPhoneNumber,
  updatePhoneNumber,
  type PhoneNumberRecord,
} from '../../store/senders/phone-numbers';
import type { Api } from '../api';
import { clientOf } from '../caller';
import { phoneNumber } from '../import/phone';
import type { ApiDeps } from '../ports';
import { phoneNumberViews } from '../resource-views';
import { answers, idParam, pageOf, pageQuery, pageRequest, pageView } from '../schemas/basics';
import { newPhoneNumber, phoneNumberAnswer, phoneNumberChanges } from '../schemas/resources';
import { controlRoutes, registerOnce, showOne, showPage, type Shown } from './resource-controls';

export function phoneNumberRoutes(api: Api, deps: ApiDeps): void {
  const { database, clock } = deps;
  const tags = ['resources'];
  const shown = {
    kind: 'phone-numbers',
    noun: 'phone number',
    schema: phoneNumberAnswer,
    read: (clientId: string, id: string) => readPhoneNumber(database, clientId, id),
    views: (clientId: string, rows: PhoneNumberRecord[]) => phoneNumberViews(deps, clientId, rows),
  } satisfies Shown<PhoneNumberRecord, unknown>;

  api.post(
    '/v1/phone-numbers',
    {
      config: { needs: 'write' },
      schema: {
        tags,
        summary: 'Register a phone number for calls, texts or both',
        body: newPhoneNumber,
        response: answers({ 201: phoneNumberAnswer }),
      },
    },
    async (request, reply) => {
      const clientId = clientOf(request);
      const number = phoneNumber(request.body.number, null) ?? request.body.number;
      const channels = [...new Set(request.body.channels)];
      const now = await clock.now();
      const row = await registerOnce('number', createPhoneNumber(database, { clientId, number, channels, now }));
      await refreshSequences(database, clientId);
      return reply.code(201).send(await showOne(shown, clientId, row.id));
    },
  );

  api.get(
    '/v1/phone-numbers',
    {
      schema: {
        tags,
        summary: 'Phone numbers',
        querystring: pageQuery,
        response: answers({ 200: pageOf(phoneNumberAnswer) }),
      },
    },
    async (request) => {
      const clientId = clientOf(request);
      const page = await listPhoneNumbers(database, clientId, pageRequest(request.query));
      return pageView(await showPage(shown, clientId, page), (view) => view);
    },
  );

  api.patch(
    '/v1/phone-numbers/:id',
    {
      config: { needs: 'write' },
      schema: {
        tags,
        summary: 'Change what the number is used for',
        params: idParam,
        body: phoneNumberChanges,
        response: answers({ 200: phoneNumberAnswer }),
      },
    },
    async (request) => {
      const owner = { clientId: clientOf(request), id: request.params.id };
      const { channels } = request.body;
      await updatePhoneNumber(database, owner, channels === undefined ? {} : { channels: [...new Set(channels)] });
      await refreshSequences(database, owner.clientId);
      return showOne(shown, owner.clientId, owner.id);
    },
  );

  controlRoutes(api, deps, shown);
}
