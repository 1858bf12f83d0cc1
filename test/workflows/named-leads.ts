import type { Database } from '../../store/database';
import { createLeads, type Agency } from '../store/fixtures';

/** Waiting leads in Sydney, named after what happens to them. @returns their enrollments' ids by name */
export async function createNamedLeads<Name extends string>(
  database: Database,
  agency: Agency,
  names: readonly Name[],
): Promise<Record<Name, string>> {
  const ids = await createLeads(database, agency, names.length, 'waiting');
  const enrollments = await database.enrollment.findMany({ where: { id: { in: ids } }, orderBy: { position: 'asc' } });
  const byName = {} as Record<Name, string>;
  for (const [index, { id, leadId }] of enrollments.entries()) {
    const name = names[index];
    if (name === undefined) throw new Error('more enrollments than names');
    byName[name] = id;
    await database.lead.update({ where: { id: leadId }, data: { firstName: name } });
  }
  return byName;
}
