import type { ApiDeps } from './ports';

/** Delivers what committed facts owe to workflows, without making anyone wait; the relay delivers the rest. */
export function signalSoon({ workflows, logger }: ApiDeps): void {
  workflows.deliverSignals().catch((error: unknown) => {
    logger.warn({ err: error }, 'signals are owed; the relay will deliver them');
  });
}
