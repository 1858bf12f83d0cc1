import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openOutside, type Outside } from '../../providers/outside';

export interface SeenRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: string;
  form: URLSearchParams;
}

/** A run in which providers may be anywhere. */
export const anywhere = (publicBaseUrl = 'https://engine.example'): Outside =>
  openOutside({ publicBaseUrl, onlyThisMachine: false });

/** The permit of a touch that may leave. */
export const allowed = (): Promise<boolean> => Promise.resolve(true);
/** The permit of a touch that may not. */
export const refused = (): Promise<boolean> => Promise.resolve(false);

/** status and JSON body; or what else to do with the request. */
export type Answer =
  { status: number; json?: unknown; text?: string; headers?: Record<string, string> } | 'hang' | 'reset' | 'cutShort';

export interface LocalApi {
  url: string;
  seen: SeenRequest[];
  close: () => Promise<void>;
}

/** A provider's HTTP API on this machine, answering as the test says, kept for inspection. */
export async function localApi(answer: (request: SeenRequest) => Answer): Promise<LocalApi> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://local.example');
      const one: SeenRequest = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body,
        form: new URLSearchParams(body),
      };
      seen.push(one);
      act(answer(one), request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function act(answer: Answer, request: IncomingMessage, response: ServerResponse): void {
  if (answer === 'hang') return;
  if (answer === 'reset') return void request.socket.destroy();
  if (answer === 'cutShort') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"half":');
    setTimeout(() => request.socket.destroy(), 20);
    return;
  }
  response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
  response.end(answer.text ?? JSON.stringify(answer.json ?? {}));
}

/** A base URL at which nobody listens. */
export async function nobodyThere(): Promise<string> {
  const api = await localApi(() => 'hang');
  await api.close();
  return api.url;
}
