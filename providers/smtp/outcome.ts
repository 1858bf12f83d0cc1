import { leaseOver, type SendOutcome } from '../ports';
import { notPermitted, type SmtpEnding, type SmtpError } from './session';

type Rejected = Extract<SendOutcome, { kind: 'rejected' }>;

/**
 * What an SMTP conversation proves (TRUTH-1).
 * - A reply code is definite, also after DATA: 4yz later, 5yz by the command that it answers.
 * - No reply code, and no byte of the mail left: certainly not sent, later.
 * - No reply code, and bytes left: unknown, for the server may have had the whole message.
 */
export function smtpOutcome(ending: SmtpEnding, messageId: string): SendOutcome {
  if (ending.kind === 'accepted') return { kind: 'accepted', reference: messageId };
  const { error, bytesLeft } = ending;
  if (error.responseCode !== undefined && error.responseCode >= 400) return refused(error, error.responseCode);
  if (bytesLeft) return { kind: 'unknown', error: lostWord(error) };
  if (error.code === 'EAUTH') return rejected('resource', 'authentication_failed');
  if (error.command === 'API' && error.code === 'EENVELOPE') return rejected('never', 'invalid_address');
  return error.code === notPermitted ? rejected('later', leaseOver) : down(lostWord(error));
}

function refused(error: SmtpError, code: number): Rejected {
  // 503 says that the session was in the wrong state, nothing about this mail.
  if (code < 500 || code === 503) return notNow(error, code);
  if (error.code === 'EAUTH' || code === 530 || code === 535) return rejected('resource', 'authentication_failed');
  switch (error.command) {
    case 'RCPT TO':
    case 'DATA':
      return addressIsUnknown(error, code)
        ? { ...rejected('never', 'unknown_recipient'), hardBounce: true }
        : rejected('never', error.command === 'DATA' ? 'message_refused' : 'recipient_refused');
    case 'MAIL FROM':
      return code === 552 ? rejected('never', 'message_too_large') : rejected('resource', 'sender_refused');
    default:
      return down('service_unavailable');
  }
}

/** 4yz to the recipient or to the mail is about this touch; anywhere else it is about the host or the account. */
function notNow({ command }: SmtpError, code: number): Rejected {
  if (code === 421 || command === 'CONN') return down('service_unavailable');
  const isAboutTouch = code < 500 && (command === 'RCPT TO' || command === 'DATA');
  return { ...rejected('later', 'deferred'), ...(isAboutTouch ? { aboutTouch: true } : {}) };
}

/** RFC 3463 5.1.x speaks of addresses, except .7 and .8, which speak of the sender's. */
const unknownByEnhancedCode = /^5\d\d[ -]5\.1\.(?![78]\b)\d/;
const anyEnhancedCode = /^5\d\d[ -]5\.\d{1,3}\.\d{1,3}/;
const unknownByWords =
  /user unknown|unknown (user|recipient|mailbox)|no such (user|mailbox|recipient|address)|does(n't| not) exist|not found/i;
const policyWords = /spam|block|policy|denied|reputation|blacklist|relay|quota|full|authenticat/i;

/** Does the reply say that the address does not exist (SEQ-4)? A bare 550 to RCPT does, unless it speaks of policy. */
function addressIsUnknown(error: SmtpError, code: number): boolean {
  const reply = error.response ?? '';
  if (anyEnhancedCode.test(reply)) return unknownByEnhancedCode.test(reply);
  if (unknownByWords.test(reply)) return true;
  return error.command === 'RCPT TO' && code === 550 && !policyWords.test(reply);
}

/** nodemailer hides a system error's code behind ESOCKET; its message still tells. */
function lostWord({ code = '', message }: SmtpError): string {
  const words: Record<string, string> = {
    ETIMEDOUT: 'timed_out',
    EDNS: 'host_not_found',
    ETLS: 'tls_failed',
    EPROTOCOL: 'no_smtp',
  };
  if (code === 'ESOCKET' && /ECONNREFUSED/.test(message)) return 'connection_refused';
  if (code === 'ESOCKET' && /certificate|\bssl\b|\btls\b/i.test(message)) return 'tls_failed';
  return words[code] ?? 'connection_lost';
}

/** The host does not answer, or only to say that it is out of order. */
const down = (error: string): Rejected => ({ ...rejected('later', error), down: true });

function rejected(retry: Rejected['retry'], error: string): Rejected {
  return { kind: 'rejected', retry, error };
}
