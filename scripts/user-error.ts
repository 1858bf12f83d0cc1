/** A mistake of the person at the keyboard: the message says what and how to mend it, and is printed without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
