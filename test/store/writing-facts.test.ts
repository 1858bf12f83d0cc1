import { randomUUID } from 'node:crypto';
import type { Database } from '../../store/database';
import { readWritingFacts } from '../../store/touches/writing-facts';
import { createTestDatabase } from '../support/database';
import { createAgency, createLeads } from './fixtures';

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
});
afterAll(() => drop());

test('what came with line breaks is told on one line: a subject that names it is refused otherwise', async () => {
  const agency = await createAgency(database);
  const [enrollmentId = ''] = await createLeads(database, agency, 1);
  const { leadId } = await database.enrollment.findUniqueOrThrow({ where: { id: enrollmentId } });
  await database.lead.update({ where: { id: leadId }, data: { company: 'Acme\r\n GmbH', title: 'Head\nof Sales' } });
  const facts = await readWritingFacts(database.sql, enrollmentId, randomUUID());
  expect(facts).toMatchObject({ company: { name: 'Acme GmbH', domain: null }, lead: { title: 'Head of Sales' } });
});
