import { admit } from '../../activities/admission/admit';
import type { Providers } from '../../providers/ports';
import type { Database } from '../../store/database';
import type { AdmitResult } from '../../workflows/contract';
import { secretKey } from '../store/fixtures';
import { goodDns } from '../support/dns';
import { createRecordingProviders } from '../workflows/recording-providers';
import { silentLog } from '../workflows/silent-log';
import { manualClock } from './engine-by-hand';

/** Has a campaign's leads, and with them its client's, admitted at an instant. */
export function admitByHand(
  database: Database,
  campaignId: string,
  at: Date,
  changes: Partial<Pick<Providers, 'leadSources' | 'enrichment'>> = {},
): Promise<AdmitResult> {
  const clock = manualClock(at);
  const providers = { ...createRecordingProviders(database, clock, {}), ...changes };
  const deliverOutbox = () => Promise.resolve({ delivered: 0, failed: 0 });
  const log = silentLog;
  return admit(
    { database, clock, providers, resolver: goodDns, deliverOutbox, log, secretKey, publicBaseUrl: '' },
    { campaignId },
  );
}
