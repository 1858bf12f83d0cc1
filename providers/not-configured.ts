import type { Caller, LinkedInNetworker, SendOutcome, SmsSender, Writer } from './ports';
import { WriterUnavailable } from './ports';

/** What a provider without settings answers: nothing was sent, and the resource cannot send until it is configured. */
const notConfigured: SendOutcome = { outcome: 'rejected', retry: 'resource', error: 'not_configured' };
const answer = (): Promise<SendOutcome> => Promise.resolve(notConfigured);
const unknown = (): Promise<'unknown'> => Promise.resolve('unknown');

export const noCaller: Caller = { call: answer, find: unknown };
export const noNetworker: LinkedInNetworker = { invite: answer, find: unknown };
export const noSmsSender: SmsSender = { send: answer, find: unknown };
export const noWriter: Writer = { write: () => Promise.reject(new WriterUnavailable('not_configured')) };
