/**
 * The one who calls, as a process of its own: what it costs to ask is not charged to whoever answers.
 * A job: { origin, connections, requests: [{ path, headers, body | bodyFile }] } → { latencies, seconds }, milliseconds
 * in the order in which the answers came.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';

const agents = new Map();

function agentFor(connections) {
  if (!agents.has(connections)) agents.set(connections, new Agent({ keepAlive: true, maxSockets: connections }));
  return agents.get(connections);
}

function ask(origin, agent, { path, headers, body }) {
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, origin), { method: 'POST', agent, headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += chunk));
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`${path} answered ${answer.statusCode}: ${text}`)),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

async function work({ origin, connections, requests }) {
  const agent = agentFor(connections);
  const ready = requests.map(({ bodyFile, ...rest }) => {
    const body = bodyFile === undefined ? Buffer.from(rest.body) : readFileSync(bodyFile);
    return { ...rest, body, headers: { ...rest.headers, 'content-length': body.length } };
  });
  const latencies = [];
  let next = 0;
  const connection = async () => {
    while (next < ready.length) {
      const one = ready[next++];
      const began = performance.now();
      await ask(origin, agent, one);
      latencies.push(performance.now() - began);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, connection));
  return { latencies, seconds: (performance.now() - began) / 1000 };
}

process.on('message', ({ id, job }) => {
  work(job).then(
    (result) => process.send({ id, result }),
    (error) => process.send({ id, error: error.message }),
  );
});
process.on('disconnect', () => process.exit(0));
