/** Unipile's errors: RFC 7807 with types of its own. */
export interface UnipileError {
  status: number;
  type: string;
  title: string;
  detail: string;
}

const error = (status: number, type: string, title: string, detail: string): UnipileError => ({
  status,
  type: `errors/${type}`,
  title,
  detail,
});

export const errors = {
  missingCredentials: error(401, 'missing_credentials', 'Missing credentials', 'The X-API-KEY header is required.'),
  invalidCredentials: error(401, 'invalid_credentials', 'Invalid credentials', 'The API key is not valid.'),
  accountNotFound: error(404, 'resource_not_found', 'Resource not found', 'Account not found.'),
  invalidParameters: (detail: string) => error(400, 'invalid_parameters', 'Invalid parameters', detail),
  tooManyCharacters: error(400, 'too_many_characters', 'Too many characters', 'The message is longer than 300.'),
  invalidRecipient: error(422, 'invalid_recipient', 'Recipient cannot be reached', 'The recipient does not exist.'),
  alreadyInvited: error(
    422,
    'already_invited_recently',
    'An invitation has already been sent recently to this recipient',
    'The invitation is still pending.',
  ),
  alreadyConnected: error(422, 'already_connected', 'Already connected', 'The recipient is already a connection.'),
  notConnected: error(
    422,
    'no_connection_with_recipient',
    'No connection with recipient',
    'The recipient is not a first degree connection.',
  ),
  throttled: {
    cannot_resend_yet: error(
      422,
      'cannot_resend_yet',
      'Cannot resend yet',
      'You have reached a temporary provider limit. Try again later.',
    ),
    limit_exceeded: error(422, 'limit_exceeded', 'Limit exceeded', 'The account has reached a limit of the provider.'),
    too_many_requests: error(429, 'too_many_requests', 'Too many requests', 'The provider cannot take more now.'),
    account_restricted: error(403, 'account_restricted', 'Account restricted', 'The provider restricts this account.'),
  },
} as const;
