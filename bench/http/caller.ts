import { fork } from 'node:child_process';
import path from 'node:path';

export interface CalledRequest {
  path: string;
  headers: Record<string, string>;
  /** Either the body or a file that holds it. */
  body?: string;
  bodyFile?: string;
}

export interface CallJob {
  /** Where the API listens. */
  origin: string;
  /** Connections that are kept and used at a time. */
  connections: number;
  requests: readonly CalledRequest[];
}

/** Calls the API from a process of its own. */
export interface WebhookCaller {
  /** @throws Error when an answer is not 200 */
  call(job: CallJob): Promise<{ latencies: number[]; seconds: number }>;
  stop(): void;
}

interface Answer {
  id: number;
  result?: { latencies: number[]; seconds: number };
  error?: string;
}

export function startCaller(): WebhookCaller {
  const child = fork(path.join(__dirname, 'caller-process.mjs'), { execArgv: [] });
  let last = 0;
  return {
    call: (job) =>
      new Promise((resolve, reject) => {
        const id = (last += 1);
        const onAnswer = (answer: Answer): void => {
          if (answer.id !== id) return;
          child.off('message', onAnswer);
          child.off('exit', onExit);
          if (answer.result !== undefined) resolve(answer.result);
          else reject(new Error(answer.error));
        };
        const onExit = (): void => reject(new Error('the calling process ended'));
        child.on('message', onAnswer);
        child.on('exit', onExit);
        child.send({ id, job });
      }),
    stop: () => void child.disconnect(),
  };
}
