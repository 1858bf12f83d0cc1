import { needed, violation, type Check } from '../check';

export const zones: Check = {
  id: 'TIME-2',
  name: 'every lead has the zone of its headquarters, country or client, and says which',
  needs: 'people',
  check({ run }) {
    const leads = new Map(run.leads.map((lead) => [lead.email, lead]));
    return needed(run, 'people').flatMap(({ email, zone, zoneSource }) => {
      const lead = leads.get(email);
      if (lead?.timezone === zone && lead.timezoneSource === zoneSource) return [];
      const told = lead ? `${lead.timezone} (${lead.timezoneSource})` : 'none';
      return [violation(`another zone: ${email} has ${told}, not ${zone} (${zoneSource})`)];
    });
  },
};
