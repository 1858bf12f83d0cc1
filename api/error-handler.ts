import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { WebhookRefused } from '../providers/webhook';
import { isAway } from '../store/database';
import { TierExceeded } from '../store/tenants/tier-limits';
import { Problem } from './problem';

/** Every answer but a success leaves as application/problem+json, without a stack or anything internal. */
export function handleErrors(api: FastifyInstance): void {
  api.setErrorHandler((error: FastifyError | Error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) request.log.error({ err: error }, 'request failed');
    return sendProblem(reply, problem);
  });
  api.setNotFoundHandler((request, reply) => sendProblem(reply, noSuchPlace(request)));
}

/** For a URL that is none of ours, or that cannot even be read. */
export const noSuchPlace = ({ method, url }: Pick<FastifyRequest, 'method' | 'url'>): Problem =>
  new Problem('not-found', `There is no ${method} ${url.split('?')[0] ?? ''}.`);

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .code(problem.status)
    .headers({ ...problem.headers })
    .type('application/problem+json')
    .send(problem.toBody());
}

const databaseAway = (): Problem =>
  new Problem('unavailable', 'The database does not answer. Send the request again.', [], { 'retry-after': '10' });

function problemOf(error: FastifyError | Error): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof WebhookRefused) {
    return new Problem(error.status === 401 ? 'unauthenticated' : 'malformed-request', `${error.message}.`);
  }
  if (error instanceof TierExceeded) {
    const { tier, what, allowed } = error;
    return new Problem('conflict', `The tier ${tier} allows ${allowed} ${what}, and there are as many already.`);
  }
  if (isAway(error)) return databaseAway();
  const status = 'statusCode' in error ? error.statusCode : undefined;
  if (status === 413) return new Problem('too-large', 'The body is larger than this route takes.');
  if (status === 415) {
    return new Problem('unsupported-media-type', 'Send application/json, or text/csv where leads are imported.');
  }
  if (status === 400) return new Problem('malformed-request', 'The body cannot be read: is it valid JSON?');
  if (status !== undefined && status >= 400 && status < 500) return new Problem('malformed-request', error.message);
  return new Problem('internal-error', 'The request was not completed. Try again; the log has the details.');
}
