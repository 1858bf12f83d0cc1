/**
 * Makes a fresh clone ready and runs a script: `node scripts/bootstrap.mjs scripts/demo.ts --days 5`.
 * Uses nothing but Node, because nothing else may be there yet. Two runs at once are safe.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { withLock } from './bootstrap-lock.mjs';
import { runScript } from './run-script.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const inRoot = (...parts) => path.join(root, ...parts);
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

function checkNode() {
  const wanted = readJson(inRoot('package.json')).engines.node.replace('>=', '');
  const numbers = (version) => version.split('.').map(Number);
  const [major, minor = 0] = numbers(process.versions.node);
  const [wantedMajor, wantedMinor = 0] = numbers(wanted);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  fail(`This needs Node.js ${wanted} or newer, and you run ${process.versions.node}. Get one from https://nodejs.org.`);
}

/** Does node_modules hold what package-lock.json says? npm writes its own account last, so a broken install has none. */
function packagesAreCurrent() {
  const account = inRoot('node_modules', '.package-lock.json');
  if (!existsSync(account)) return false;
  const installed = readJson(account).packages;
  return Object.entries(readJson(inRoot('package-lock.json')).packages).every(
    ([place, { version, optional, devOptional, peer }]) =>
      place === '' ||
      (place in installed ? installed[place].version === version : [optional, devOptional, peer].includes(true)),
  );
}

async function installPackages() {
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  await step('installing packages', [...npm, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'], {
    remedy: 'Is the package registry reachable? `npm ci` shows more.',
  });
}

const schemaStamp = inRoot('prisma', 'generated', '.generated-from');

function schemaFingerprint() {
  const { version } = readJson(inRoot('node_modules', 'prisma', 'package.json'));
  return createHash('sha256')
    .update(version)
    .update(readFileSync(inRoot('prisma', 'schema.prisma')))
    .digest('hex');
}

function clientIsCurrent() {
  const generated = existsSync(inRoot('prisma', 'generated', 'client.ts')) && existsSync(schemaStamp);
  return generated && readFileSync(schemaStamp, 'utf8') === schemaFingerprint();
}

async function generateClient() {
  const fingerprint = schemaFingerprint();
  const prisma = inRoot('node_modules', 'prisma', 'build', 'index.js');
  await step('generating the database client', [process.execPath, prisma, 'generate'], {
    // Generating needs no schema engine, but the command looks for one, and would download it.
    env: {
      PRISMA_SCHEMA_ENGINE_BINARY: inRoot('package.json'),
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
    remedy: '`npx prisma generate` shows more.',
  });
  writeFileSync(schemaStamp, fingerprint);
}

/** Runs one step of the set-up, quietly unless it fails. */
async function step(what, [command, ...args], { env = {}, remedy }) {
  const began = performance.now();
  const seconds = () => `${Math.round((performance.now() - began) / 1000)} s`;
  console.error(`${what} …`);
  const ticking = setInterval(() => console.error(`${what} … ${seconds()}`), 15_000);
  const { code, output } = await run(command, args, env);
  clearInterval(ticking);
  if (code !== 0) fail(`${output.trim().split('\n').slice(-25).join('\n')}\n\n${what} failed. ${remedy}`);
  console.error(`${what}: done in ${seconds()}`);
}

function run(command, args, env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ code: 1, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

async function prepare() {
  if (packagesAreCurrent() && clientIsCurrent()) return;
  await withLock(inRoot('.cache', 'bootstrap.lock'), async () => {
    if (!packagesAreCurrent()) await installPackages();
    if (!clientIsCurrent()) await generateClient();
  });
}

checkNode();
const [script, ...args] = process.argv.slice(2);
if (script === undefined) fail('Usage: node scripts/bootstrap.mjs scripts/SCRIPT.ts [ARGUMENT …]');
await prepare();
const tsx = pathToFileURL(inRoot('node_modules', 'tsx', 'dist', 'loader.mjs')).href;
const leash = pathToFileURL(inRoot('scripts', 'end-with-parent.mjs')).href;
await runScript(['--import', leash, '--import', tsx, path.resolve(root, script), ...args], {
  TSX_TSCONFIG_PATH: inRoot('tsconfig.json'),
});
