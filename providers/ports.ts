/**
 * What the engine asks of the outside world, in plain data. Each provider's folder implements some of it and
 * knows nothing of the rules. No send has an idempotency key anywhere, so every answer says how sure it is.
 */

/**
 * - accepted: the provider has it; `reference` is the provider's own id when it gave one. `isSent: false`: it sends it at a
 *   moment of its own, and an event or a look will tell that it did; until then it may come to nothing.
 * - rejected: certainly not sent. `retry: 'later'` may work another time (refused connection, 429, 5xx of SMTP's 4yz
 *   kind); `'never'` will not for this recipient; `'resource'` means that the sending mailbox, number or seat is out;
 *   `'rest'` that it is throttled, for `retryAfterSeconds`, or without them until a person has looked.
 * - unknown: it may or may not have been sent (time-out, connection lost after the bytes, 5xx). Never sent again blindly.
 *
 * `'later'` comes in two kinds. An outage, a throttle or a permit that was refused is not the touch's fault, and is not
 * counted against it. `aboutTouch` says that the provider looked at this very touch and refused it.
 */
export type SendOutcome =
  | { kind: 'accepted'; reference: string | null; isSent?: false }
  | {
      kind: 'rejected';
      retry: 'later' | 'never' | 'resource' | 'rest';
      /** A short, closed word such as 'invalid_recipient', 'rate_limited', 'disconnected_account'. No personal data. */
      error: string;
      /** retry 'later': did nobody answer there, or only to say that they are out of order? Other touches fare no better. */
      down?: boolean;
      /** Did the mailbox host say that the address does not exist (SMTP 5.1.x, 550)? Then it is a hard bounce. */
      hardBounce?: boolean;
      /** retry 'later': was it this very touch that was refused, not whatever would have been sent now? */
      aboutTouch?: boolean;
      retryAfterSeconds?: number;
      /** What the seat and the person are to each other, where that is why: another form of touch may do. */
      network?: 'strangers' | 'invited' | 'connected';
      /** Was the profile looked at, or may it have been, so that the person sees it? */
      looked?: boolean;
    }
  | { kind: 'unknown'; error: string };

/**
 * Was a touch with this reference accepted? 'unknown' when the provider cannot tell. 'absent' speaks of the provider's
 * list as it stands: lists lag by minutes, so it proves nothing about a request that has just been made.
 */
export type FindOutcome = 'found' | 'absent' | 'unknown';

/** Was a touch that a provider holds taken back? unknown: it may leave all the same, or has left. */
export type WithdrawOutcome = 'withdrawn' | 'unknown';

export interface SmtpAccount {
  host: string;
  port: number;
  username: string | null;
  password: string | null;
}

/** Where a mailbox is read. */
export interface ImapAccount {
  host: string;
  port: number;
  username: string;
  password: string;
  /** TLS from the first byte; otherwise the connection turns to TLS before it logs in. */
  secure: boolean;
}

export interface EmailMessage {
  touchId: string;
  account: SmtpAccount | null;
  /** Where the mailbox's Sent folder can be asked; null: nowhere. */
  imap?: ImapAccount | null;
  from: { address: string; name: string | null };
  to: string;
  subject: string;
  text: string;
  /** Without angle brackets: `<touchId>@<sending domain>`. */
  messageId: string;
  /** Message-IDs without angle brackets, oldest first; empty for a new thread (SEQ-9). */
  references: string[];
  /** RFC 8058 one-click target. */
  unsubscribeUrl: string;
  /** The mail's Date header: the run's clock. Without it the system's time is written. */
  date?: Date;
  /** For a provider that sends by sequences of its own. */
  carrier?: EmailCarrier;
}

/** What a provider that decides itself when a mail leaves is told, so that it leaves at the right time. */
export interface EmailCarrier {
  step: number;
  /** The recipient's first name; null: not known. */
  firstName: string | null;
  /** The recipient's zone, IANA. */
  timezone: string;
  /** Hours of the recipient's day between which it may leave, from Monday to Friday. */
  hours: { from: number; to: number };
  /** Does it continue a thread, whether or not the names of its mails are known (SEQ-9)? */
  isFollowUp: boolean;
}

/** Where the provider fetches the script and reports the call is the adapter's configuration (public base URL). */
export interface CallRequest {
  touchId: string;
  from: string;
  to: string;
  /** Seconds after which the carrier hangs up. */
  timeLimitSeconds: number;
  /** Seconds for which the phone rings. */
  ringSeconds: number;
}

export interface InvitationRequest {
  form: 'invitation';
  touchId: string;
  /** The provider's account id of the seat. */
  accountId: string;
  profileUrl: string;
  note: string;
  /** Look at the profile first, so that the person sees it? */
  look: boolean;
}

/** To a connection of the seat. */
export interface LinkedInMessage {
  form: 'message';
  touchId: string;
  accountId: string;
  profileUrl: string;
  text: string;
}

export type LinkedInRequest = InvitationRequest | LinkedInMessage;

export interface SmsRequest {
  touchId: string;
  from: string;
  to: string;
  text: string;
  /** ISO 3166-1 alpha-2 of the recipient, when known. */
  country: string | null;
}

/** What one channel's touch looks like to a provider. Another channel is another line. */
export interface ChannelRequests {
  email: EmailMessage;
  voice: CallRequest;
  linkedin: LinkedInRequest;
  sms: SmsRequest;
}

export type ChannelName = keyof ChannelRequests;

/**
 * How far what `find` says can be trusted, in milliseconds after the request. Without it `absent` never proves anything.
 */
export interface Listing {
  /** Whatever was accepted is listed by then: only from then on does `absent` prove that a request never arrived. */
  listingDelayMs: number;
  /** What was not found by then will not be found any more: looking ends. Longer than the delay. */
  horizonMs: number;
}

/**
 * May the first byte leave now? Answered once for each request, by a mark that is committed: true means that whoever looks
 * from now on knows that the provider may have the touch.
 */
export type Permit = () => Promise<boolean>;

/** What a client answers when its permit was refused: nothing left. */
export const leaseOver = 'lease_over';

/** One provider's way to send on one channel. */
export interface ChannelSender<Request> {
  /**
   * Never throws.
   * @param permit asked immediately before the point of no return, when everything that can fail before it has gone well:
   * HTTP when the connection stands, SMTP when the server has said 354. false: nothing leaves, and the answer is a
   * rejection 'later' with the error 'lease_over'. From true on the client's whole bound counts anew.
   */
  send(request: Request, permit: Permit): Promise<SendOutcome>;
  /** Has the provider a request that an interrupted attempt may have made since then? */
  find(request: Request, since: Date): Promise<FindOutcome>;
  listing?: Listing;
  /** Takes back what the provider was handed and has not sent yet; a provider that sends at once has none. */
  withdraw?(request: Request): Promise<WithdrawOutcome>;
}

/**
 * What a client remembers of the sequences that it made at its provider: which one carries the mails of a mailbox, a step
 * and a zone.
 */
export interface CarrierMemory {
  /** null: none is known. */
  sequenceOf(carrier: CarrierKey): Promise<string | null>;
  keep(carrier: CarrierKey, sequenceId: string): Promise<void>;
  /** Does the work while nobody else makes the same carrier; null: somebody does, and nothing was done. */
  alone<T>(carrier: CarrierKey, work: () => Promise<T>): Promise<T | null>;
}

export interface CarrierKey {
  /** Address, in lower case. */
  mailbox: string;
  step: number;
  timezone: string;
}

export interface WritingTask {
  touchId: string;
  /** The stable part of the prompt: instructions, cached by the provider. */
  instructions: string;
  /** Lead, company, client and what was already said: data, apart from the instructions (TEXT-3). */
  data: Record<string, unknown>;
  /** Why the previous answers were refused, oldest first (TEXT-2). */
  refusals: string[];
  /** JSON schema of the answer. */
  schema: Record<string, unknown>;
}

export interface WrittenText {
  content: unknown;
  model: string;
  /** Input that was neither read from nor written to the provider's cache. */
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens?: number;
  cacheWriteTokens?: number;
}

export interface Writer {
  /** @throws WriterUnavailable when the provider gave no answer; the caller's retry policy decides. */
  write(task: WritingTask): Promise<WrittenText>;
}

/** The writer gave no usable answer: overloaded, rate limited, timed out, malformed. */
export class WriterUnavailable extends Error {
  override readonly name = 'WriterUnavailable';
  constructor(
    readonly reason: string,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(`the writer is unavailable: ${reason}`);
  }
}

/** Whom to look for. An empty list does not narrow; of one list any entry will do. */
export interface AudienceQuery {
  titles: readonly string[];
  industries: readonly string[];
  /** Places of the company's headquarters. */
  locations: readonly string[];
  /** Numbers of employees; `max` null: and more. */
  sizes: readonly { min: number; max: number | null }[];
}

/** What is known of a person and their company, as the provider spells it; what is missing is not known. */
export interface PersonFacts {
  email?: string;
  firstName?: string;
  lastName?: string;
  title?: string;
  linkedinUrl?: string;
  phone?: string;
  mobile?: string;
  company?: string;
  companyDomain?: string;
  /** A range such as "51-200". */
  companySize?: string;
  industry?: string;
  /** City, state and country are the headquarters'. */
  city?: string;
  state?: string;
  country?: string;
  /** For the score (ACC-3). What the provider says of the address: "verified", "guessed", … */
  emailStatus?: string;
  /** When the person began in their role. An ISO 8601 date, as is `fundedOn`. */
  roleStartedOn?: string;
  /** Is the company looking for people: "yes" or "no"? */
  isHiring?: string;
  /** The company's last round of funding. */
  fundedOn?: string;
}

export type PersonFact = keyof PersonFacts;

export interface FoundPerson {
  /** The provider's own id, the same in every search. */
  id: string;
  /** A search that costs nothing leaves most of them out. */
  facts: PersonFacts;
  /** Must the enrichment be asked before anybody can write to them? */
  needsMatch: boolean;
  /** What finding them cost, in the provider's credits. */
  credits: number;
}

export interface FoundPage {
  people: FoundPerson[];
  /** How many there are in all; null: the source does not say. */
  total: number | null;
  /** Where the next page begins; null: that was the last one. */
  next: string | null;
  /** The source is still looking: ask for `next` again in so many seconds. */
  askAgainSeconds?: number;
}

/** Finds people by targeting, page by page. */
export interface LeadSource {
  /** The provider's name. */
  name: string;
  /**
   * @param cursor `next` of the page before; null: the first page
   * @throws SourceUnavailable
   */
  search(query: AudienceQuery, cursor: string | null): Promise<FoundPage>;
  /** The first people and their number, without cost; a source that cannot say so has none. @throws SourceUnavailable */
  preview?(query: AudienceQuery, people: number): Promise<FoundPage>;
}

/** What an enrichment knows; null facts: nobody like that. */
export interface Enriched {
  facts: PersonFacts | null;
  /** What the answer cost, in the provider's credits: as reported, or 1 for each match. */
  credits: number;
}

/** Tells more of people and companies. */
export interface Enrichment {
  /** The provider's name. */
  name: string;
  /** @param person `id` as this provider's own search gave it. @throws SourceUnavailable */
  match(person: { id?: string; facts: PersonFacts }): Promise<Enriched>;
  /** The company's headquarters, size and industry. @throws SourceUnavailable */
  organization(domain: string): Promise<Enriched>;
}

/** A source or an enrichment gave no usable answer. `later`: it may another time; `never`: somebody has to act first. */
export class SourceUnavailable extends Error {
  override readonly name = 'SourceUnavailable';
  readonly retry: 'later' | 'never';
  readonly retryAfterSeconds: number | null;
  /** Is the cursor of no use any more? Then the search begins anew. */
  readonly cursorLost: boolean;

  constructor(
    readonly provider: string,
    /** A short, closed word. */
    readonly reason: string,
    words: { retry: 'later' | 'never'; retryAfterSeconds?: number | undefined; cursorLost?: boolean },
  ) {
    super(`${provider} is unavailable: ${reason}`);
    this.retry = words.retry;
    this.retryAfterSeconds = words.retryAfterSeconds ?? null;
    this.cursorLost = words.cursorLost ?? false;
  }
}

export interface Providers {
  /**
   * The named provider's sender for a channel; one that is unknown or not configured rejects every send with retry
   * 'resource', error 'not_configured', and finds 'unknown'.
   */
  sender<C extends ChannelName>(channel: C, provider: string): ChannelSender<ChannelRequests[C]>;
  writer: Writer;
  /** Where leads are found, in the order in which they are searched; empty: sourcing is not configured. */
  leadSources: readonly LeadSource[];
  /** null: nothing is enriched. */
  enrichment: Enrichment | null;
}

/**
 * What the DNS said to one question. none: there is no such record, which is certain. unanswered: nobody knows, because
 * no server said either; `error` is a short word such as 'timed_out' or 'servfail'.
 */
export type DnsAnswer<T> =
  { kind: 'found'; records: readonly T[] } | { kind: 'none' } | { kind: 'unanswered'; error: string };

/** Asks the DNS. Never throws; a question takes at most `questionWithinMs` (providers/dns/resolver.ts). */
export interface Resolver {
  /** Each record as its strings, which belong together without anything between them. */
  txt(name: string): Promise<DnsAnswer<readonly string[]>>;
  /** A domain that says that it takes no mail (RFC 7505) has none. */
  mx(domain: string): Promise<DnsAnswer<{ exchange: string; priority: number }>>;
  /**
   * The hosts that take a domain's mail: those of its MX records; where it has none, itself, if it has an address (RFC 5321,
   * 5.1). A domain that says that it takes no mail has none.
   */
  mailHosts(domain: string): Promise<DnsAnswer<string>>;
  /** Where a name leads. */
  cname(name: string): Promise<DnsAnswer<string>>;
}

/** Looks into the mailboxes that a provider watches, for what its webhooks may have lost. */
export interface MailboxWatch {
  /** The provider's name. */
  name: string;
  /**
   * What has come to a mailbox, and left it, since the look before. An event has the same id as its webhook's.
   * @param cursor of the look before; null: the first one
   * @throws WatchUnavailable
   */
  look(mailbox: string, cursor: string | null, now: Date): Promise<WatchedPage>;
}

export interface WatchedPage {
  events: ProviderEvent[];
  /** Where the next look begins. */
  cursor: string;
  /** Is there more already? */
  goesOn: boolean;
}

/** A look came to nothing; the cursor stays. */
export class WatchUnavailable extends Error {
  override readonly name = 'WatchUnavailable';
  constructor(
    /** A short, closed word. */
    readonly reason: string,
  ) {
    super(`the mailbox could not be looked into: ${reason}`);
  }
}

/** What webhooks bring, in one vocabulary. */
export type ReportedEventKind =
  | 'reply'
  | 'autoReply'
  | 'hardBounce'
  | 'softBounce'
  /** Refused for what is no fault of the person's: policy, size, content, reputation. */
  | 'blocked'
  | 'unsubscribe'
  | 'complaint'
  | 'smsStop'
  /** What the provider was handed has left it. `reference` is its own name of it. */
  | 'sent'
  | 'delivered'
  | 'opened'
  | 'callCompleted'
  | 'inviteAccepted'
  | 'sendFailed'
  | 'seatDisconnected'
  | 'seatReconnected'
  /** Stored, and applied to nothing: an event of no kind above (a call that rings, a delayed delivery, a label). */
  | 'unknown';

export interface ProviderEvent {
  /** A manifest's name, or 'unsubscribe-link'. */
  provider: string;
  /** Unique per provider; equal on a re-delivery of the same event. */
  providerEventId: string;
  kind: ReportedEventKind;
  occurredAt: Date;
  /** Our own reference, when the provider gave it back. */
  touchId: string | null;
  /** The provider's reference of what was sent (Message-ID without brackets, CallSid, message id). */
  reference: string | null;
  /** The provider's sequence that carried the mail, which says mailbox and step; the person says whose. */
  carrier?: string | null;
  /** Who the event is about: e-mail address, E.164 number, LinkedIn profile URL or provider id. */
  person: { email?: string; phone?: string; linkedinUrl?: string } | null;
  /** Which of our resources it came to: mailbox address, E.164 number or account id. */
  resource: { mailbox?: string; number?: string; accountId?: string } | null;
  /** Does the event prove that its touch was sent, whatever its kind? A phone that rings does. */
  provesSending?: boolean;
  /** autoReply only: the stated date of return, YYYY-MM-DD, or null when none is stated. */
  returnDate?: string | null;
  /** The same, where 3/6 is the sixth of March: which of both holds depends on the writer's country. */
  returnDateMonthFirst?: string | null;
  /** Facts worth keeping that are no personal data: call status, bounce code. */
  facts?: Record<string, string | number | boolean | null>;
  /** The provider's payload as it arrived. */
  payload: unknown;
}
