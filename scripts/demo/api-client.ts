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
  async post<T>(path: string, body: unknown = {}, contentType = 'application/json'): Promise<T> {
    const answer = await fetch(`${this.baseUrl}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.key}`, 'content-type': contentType },
      body: Buffer.isBuffer(body) ? body : JSON.stringify(body),
    });
    const json: unknown = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new UserError(`POST ${path} → ${answer.status}: ${explain(json as Problem)}`);
    return json as T;
  }
}

function explain({ title = '', detail = '', errors = [] }: Problem): string {
  const fields = errors.map(({ field, message }) => `\n  ${field}: ${message}`);
  return `${detail || title}${fields.join('')}`;
}
