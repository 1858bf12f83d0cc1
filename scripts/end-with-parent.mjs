/** Loaded before a script: ends it in order when the process that started it is gone, by force if that takes too long. */
const patienceMs = 20_000;

if (process.channel) {
  process.on('disconnect', () => {
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), patienceMs).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  process.channel.unref();
}
