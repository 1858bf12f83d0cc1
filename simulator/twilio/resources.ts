import type { CallRecord } from './call-log';

/** The filters of Twilio's list; StartTime compares days or instants. */
export interface CallQuery {
  To?: string;
  From?: string;
  Status?: string;
  StartTime?: string;
  'StartTime<'?: string;
  'StartTime>'?: string;
  PageSize?: string;
  Page?: string;
}

/** Calls that have not started have no start time and pass no filter by it. */
export function filterCalls(calls: CallRecord[], query: CallQuery): CallRecord[] {
  const [after, before, on] = [query['StartTime>'], query['StartTime<'], query.StartTime];
  return calls.filter((call) => {
    if (query.To && call.to !== query.To) return false;
    if (query.From && call.from !== query.From) return false;
    if (query.Status && call.status !== query.Status) return false;
    const started = call.startedAt?.getTime() ?? NaN;
    if (after && !(started >= Date.parse(after))) return false;
    if (before && !(started <= Date.parse(before))) return false;
    return !on || call.startedAt?.toISOString().slice(0, 10) === on.slice(0, 10);
  });
}

export function callPage(calls: CallRecord[], query: CallQuery, accountSid: string): Record<string, unknown> {
  const size = Math.min(1_000, Number(query.PageSize ?? 50));
  const page = Number(query.Page ?? 0);
  const shown = calls.slice(page * size, (page + 1) * size);
  const uri = (number: number): string =>
    `/2010-04-01/Accounts/${accountSid}/Calls.json?${new URLSearchParams({ ...query, PageSize: String(size), Page: String(number) }).toString()}`;
  const more = calls.length > (page + 1) * size;
  return {
    calls: shown.map((call) => callResource(call, accountSid)),
    page,
    page_size: size,
    start: page * size,
    end: page * size + Math.max(0, shown.length - 1),
    uri: uri(page),
    first_page_uri: uri(0),
    previous_page_uri: page > 0 ? uri(page - 1) : null,
    next_page_uri: more ? uri(page + 1) : null,
  };
}

/** A call as Twilio shows it; dates in RFC 2822. */
export function callResource(call: CallRecord, accountSid: string): Record<string, unknown> {
  const uri = `/2010-04-01/Accounts/${accountSid}/Calls/${call.sid}`;
  return {
    sid: call.sid,
    account_sid: accountSid,
    api_version: '2010-04-01',
    status: call.status,
    from: call.from,
    from_formatted: call.from,
    to: call.to,
    to_formatted: call.to,
    direction: 'outbound-api',
    answered_by: call.answeredBy,
    duration: call.duration?.toString() ?? null,
    date_created: rfc2822(call.createdAt),
    date_updated: rfc2822(call.updatedAt),
    start_time: rfc2822(call.startedAt),
    end_time: rfc2822(call.endedAt),
    price: null,
    price_unit: 'USD',
    caller_name: null,
    forwarded_from: null,
    parent_call_sid: null,
    phone_number_sid: null,
    group_sid: null,
    trunk_sid: null,
    annotation: null,
    queue_time: '0',
    uri: `${uri}.json`,
    subresource_uris: { recordings: `${uri}/Recordings.json`, notifications: `${uri}/Notifications.json` },
  };
}

function rfc2822(date: Date | null): string | null {
  return date?.toUTCString().replace('GMT', '+0000') ?? null;
}
