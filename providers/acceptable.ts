import type { ProviderEvent } from './ports';
import { contentId, storable } from './webhook';

/** The longest id that is kept as it came, in characters: an index takes no more than some 2,700 bytes. */
const longestId = 500;

/**
 * An event without what PostgreSQL refuses: else an odd character, a huge id or an odd date would keep it out for ever.
 * @param now the run's time
 */
export function acceptable(event: ProviderEvent, now: Date): ProviderEvent {
  const clean = storable(event);
  const { providerEventId: id } = clean;
  const providerEventId = id.length > longestId ? `long:${contentId(id)}` : id;
  return { ...clean, providerEventId, occurredAt: believable(event.occurredAt, now) };
}

/** How far ahead of ours a provider's clock may be, in milliseconds. */
const aheadMs = 24 * 3600 * 1000;
const beforeAllOfThis = Date.UTC(2000, 0);

/** A time that can be; nonsense counts as now: a lead would be held until a year that no calendar knows. */
function believable(occurredAt: Date, now: Date): Date {
  const at = occurredAt.getTime();
  return at >= beforeAllOfThis && at <= now.getTime() + aheadMs ? occurredAt : now;
}
