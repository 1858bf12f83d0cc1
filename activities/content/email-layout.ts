/** What is written of a mail. */
export type EmailText = Readonly<{ subject: string; body: string }>;

/** The earlier mail that this one continues (SEQ-9). */
export interface EmailThread {
  /** Subject of the thread's first mail. */
  subject: string;
  /** Message-IDs of the thread so far, without angle brackets, oldest first; those that are known. */
  messageIds: string[];
}

export interface EmailLayout {
  content: EmailText;
  /** The person who signs; null: only the client does. */
  senderName: string | null;
  clientName: string;
  website: string | null;
  /** The client's; null: not known. */
  postalAddress: string | null;
  unsubscribeUrl: string;
  /** null: the mail begins a thread. */
  thread: EmailThread | null;
}

/** A mail as it is sent, but for its addresses. */
export interface LaidOutEmail {
  subject: string;
  text: string;
  references: string[];
}

/** Plain text: what was written, the signature, the visible opt-out with its address, the client's postal address. */
export function layOutEmail(layout: EmailLayout): LaidOutEmail {
  const { content, thread, postalAddress } = layout;
  const footer = [`If you would rather not hear from us again, unsubscribe here: ${layout.unsubscribeUrl}`];
  if (postalAddress) footer.push(`${layout.clientName}, ${postalAddress.split(/\s*[\r\n]+\s*/).join(', ')}`);
  return {
    subject: thread ? replySubject(thread.subject) : content.subject,
    text: `${[content.body, signature(layout), footer.join('\n')].filter(Boolean).join('\n\n')}\n`,
    references: thread ? [...thread.messageIds] : [],
  };
}

function replySubject(subject: string): string {
  return /^re:/i.test(subject) ? subject : `Re: ${subject}`;
}

/** How many last lines of a text may be a signature. */
const signatureLines = 3;

/** Without what the writer signed with in spite of its instructions. */
function signature({ content, senderName, clientName, website }: EmailLayout): string {
  const lines = content.body.trimEnd().split('\n').slice(-signatureLines);
  const signed = new Set(lines.map((line) => line.trim().toLowerCase()));
  return [senderName, clientName, website]
    .filter((line) => line !== null && !signed.has(line.toLowerCase()))
    .join('\n');
}
