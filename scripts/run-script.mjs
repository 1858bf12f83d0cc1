import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

/** Ctrl-C arrives from the terminal and again from npm: within this time it counts once. */
const sameSignalMs = 1000;

/**
 * Runs Node with these arguments in a session of its own and ends as it ends. Signals are passed on exactly once, so
 * that the script can tell a second Ctrl-C from the first. The script ends when this process does, however it ends.
 */
export function runScript(args, env) {
  const child = spawn(process.execPath, args, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...env },
    detached: true,
  });
  const passedOn = new Map();
  const passOn = (signal) => {
    if (performance.now() - (passedOn.get(signal) ?? -Infinity) < sameSignalMs) return;
    passedOn.set(signal, performance.now());
    child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => passOn(signal));
  process.on('SIGHUP', () => passOn('SIGTERM'));
  watchNpm(() => passOn('SIGTERM'));
  return new Promise(() => {
    child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
    child.once('error', (error) => {
      console.error(error.message);
      process.exit(1);
    });
  });
}

/** npm may be killed without a word to us or to the shell between us; then nobody waits for the script any more. */
function watchNpm(onEnd) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  const npm = parentOf(shell);
  const watch = setInterval(() => {
    if (process.ppid === shell && (npm === null || parentOf(shell) === npm)) return;
    clearInterval(watch);
    onEnd();
  }, 500);
  watch.unref();
}

/** The parent of a process; null where the system has no /proc to tell. */
function parentOf(pid) {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return null;
  }
}
