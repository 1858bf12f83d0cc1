import { text, webUrl } from '../../runtime/variables';
import { provider } from '../manifest';
import { mailforgeBaseUrl } from './client';

/** Sells mailboxes, and tells their accounts: it sends nothing itself. */
export const mailforge = provider({
  name: 'mailforge',
  title: 'Accounts of mailboxes, by Mailforge',
  variables: {
    apiKey: text('MAILFORGE_API_KEY', 'API key for POST /v1/mailboxes/import.', {
      otherwise: 'none, each import brings its own',
    }),
    baseUrl: webUrl('MAILFORGE_BASE_URL', 'Base URL of the API.', { default: mailforgeBaseUrl, alone: true }),
  },
  accounts: true,
});
