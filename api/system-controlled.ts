/**
 * CTL-2: what the system decides. A request that names one of these is told so, instead of only that the field is
 * unknown. Compared without case, underscores and dashes, so "work_hours_start" and "workHoursStart" are one.
 */
const names = new Set(
  [
    'steps step day days delay delays interval intervals cadence timing schedule start end startdate enddate starttime',
    'endtime sendat sendtime sendtimes sendwindow window hours workinghours workingdays businesshours workhours',
    'workdays weekdays timezone timezones zone quota quotas limit limits maxperday perday emailsperday throttle',
    'channel channels fallback content contents template templates subject subjects body bodies message messages text',
    'texts copy script scripts note notes prompt prompts smartprompt signature mailbox mailboxes domain domains sender',
    'senders phonenumbers linkedinseats id clientid status state createdat updatedat activatedat completedat',
    'usesdefaultsequence systemcontrolled capacity credits pacing holidays tracking',
  ].flatMap((line) => line.split(' ')),
);

const prefixes = [
  'sequence',
  'workhours',
  'workdays',
  'workinghours',
  'sendwindow',
  'sendtime',
  'sending',
  'daily',
  'delay',
  'warmup',
  'ratelimit',
  'maxdaily',
  'hourly',
  'schedule',
  'defaultsequence',
];

/** Is this a field that the system sets, whatever the user would like (CTL-2)? */
export function isSystemControlled(field: string): boolean {
  const plain = field.toLowerCase().replace(/[_\-\s]/g, '');
  return names.has(plain) || prefixes.some((prefix) => plain.startsWith(prefix));
}

/** What to tell whoever sent an unknown field. */
export function refusalOf(field: string): string {
  return isSystemControlled(field)
    ? `${field} is set by the system and cannot be given: sequence, timing, limits, warm-up and content follow the ` +
        'specification (CTL-2). Leave it out.'
    : `${field} is not a field of this request. Leave it out or correct its name.`;
}
