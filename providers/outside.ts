import { isThisMachine } from '../runtime/this-machine';
import { exchange, type HttpAnswer, type HttpRequest } from './http-exchange';

/** The ways out of the engine. No client opens a connection but through these. */
export interface Outside {
  /** Where providers reach our webhooks, without a slash at the end. */
  publicBaseUrl: string;
  /** Is this a run in which nothing leaves this machine? Then own accounts of mailboxes are not used either. */
  onlyThisMachine: boolean;
  /** One HTTP request. Never throws; a host that may not be reached is `notConnected`. */
  exchange(request: HttpRequest): Promise<HttpAnswer>;
  /** The same for a client that brings its own way of asking: a host that may not be reached fails like one that is not there. */
  fetch: typeof fetch;
  /** May a connection be made to this host? Ask before any that is not by `exchange`. */
  mayReach(host: string): boolean;
}

export function openOutside({
  publicBaseUrl,
  onlyThisMachine,
}: Pick<Outside, 'publicBaseUrl' | 'onlyThisMachine'>): Outside {
  const mayReach = (host: string): boolean => !onlyThisMachine || isThisMachine(host);
  return {
    publicBaseUrl,
    onlyThisMachine,
    mayReach,
    fetch: async (input, init) => {
      const url = input instanceof Request ? input.url : input;
      if (!mayReach(new URL(url).hostname)) throw new TypeError('not_this_machine');
      return fetch(input, { ...init, redirect: 'manual' });
    },
    // A redirect cannot lead elsewhere: none is followed.
    exchange: (request) =>
      mayReach(new URL(request.url).hostname)
        ? exchange(request)
        : Promise.resolve({ kind: 'notConnected', error: 'not_this_machine' }),
  };
}
