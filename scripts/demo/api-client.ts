import { UserError } from '../user-error';

interface Problem {
  title?: string;
  detail?: string;
  errors?: { field: string; message: string }[];
}

/** Calls the engine's own API, as any program of an agency would. */
export class ApiClient {
  constructor(
    private readonly baseUrl: string,
    private readonly key: string,
  ) {}

  /** @throws UserError with the API's own explanation */
  get<T>(path: string): Promise<T> {
    return this.ask('GET', path);
  }

  /** @throws UserError with the API's own explanation */
  post<T>(path: string, body: unknown = {}, contentType = 'application/json'): Promise<T> {
    const sent = Buffer.isBuffer(body) ? body : JSON.stringify(body);
    return this.ask('POST', path, { body: sent, contentType });
  }

  private async ask<T>(
    method: string,
    path: string,
    content?: { body: string | Buffer; contentType: string },
  ): Promise<T> {
    const headers = { authorization: `Bearer ${this.key}`, 'content-type': content?.contentType ?? 'application/json' };
    const answer = await fetch(`${this.baseUrl}${path}`, { method, headers, body: content?.body });
    const json: unknown = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new UserError(`${method} ${path} → ${answer.status}: ${explain(json as Problem)}`);
    return json as T;
  }
}

function explain({ title = '', detail = '', errors = [] }: Problem): string {
  const fields = errors.map(({ field, message }) => `\n  ${field}: ${message}`);
  return `${detail || title}${fields.join('')}`;
}
