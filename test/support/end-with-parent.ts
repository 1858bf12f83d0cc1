/** Loaded before each test file: a worker whose jest was killed must not go on testing for nobody. */
const parent = process.ppid;

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, 1000).unref();

export {};
