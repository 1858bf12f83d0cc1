import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { databaseUrl } from '../support/database';
import { ScratchMigrations } from '../support/scratch-migrations';

const schema = `
datasource db {
  provider = "postgresql"
}

enum Status {
  open
  closed

  @@map("status")
}

model Lead {
  id     Int     @id
  email  String
  score  Int     @default(0)
  status Status
  touches Touch[]

  @@unique([email])
  @@map("lead")
}

model Touch {
  id     Int  @id
  leadId Int  @map("lead_id")
  lead   Lead @relation(fields: [leadId], references: [id], onDelete: Cascade)

  @@index([leadId])
  @@map("touch")
}
`;

const migration = `
CREATE TYPE "status" AS ENUM ('open', 'closed');
CREATE TABLE "lead" ("id" INTEGER PRIMARY KEY, "status" "status" NOT NULL, "email" TEXT NOT NULL, "score" INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX "lead_email_key" ON "lead"("email");
CREATE TABLE "touch" ("id" INTEGER PRIMARY KEY, "lead_id" INTEGER NOT NULL);
CREATE INDEX "touch_lead_id_idx" ON "touch"("lead_id");
ALTER TABLE "touch" ADD CONSTRAINT "touch_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "lead"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What schema.prisma cannot say is no difference.
ALTER TABLE "lead" ADD CONSTRAINT "lead_score" CHECK (score >= 0);
CREATE INDEX "lead_open" ON "lead" ("email") WHERE "status" = 'open';
CREATE INDEX "lead_lower" ON "lead" (lower("email"));
CREATE FUNCTION nothing() RETURNS int LANGUAGE sql AS $$ SELECT 0 $$;
`;

/** A change of the schema, and what is then only there and only in the migrations. */
const changes: [what: string, from: string, to: string, missing: string[], surplus: string[]][] = [
  [
    'a table',
    '@@map("touch")',
    '@@map("visit")',
    expect.arrayContaining(['table visit']) as never,
    expect.arrayContaining(['table touch']) as never,
  ],
  ['a column', 'email  String', 'email  String\n  note String?', ['column lead.note text'], []],
  ['no column', 'score  Int     @default(0)', '', [], ['column lead.score integer not null default 0']],
  [
    'a type',
    'score  Int ',
    'score  BigInt ',
    ['column lead.score bigint not null default 0'],
    ['column lead.score integer not null default 0'],
  ],
  ['nullability', 'email  String', 'email  String?', ['column lead.email text'], ['column lead.email text not null']],
  [
    'a default',
    '@default(0)',
    '@default(1)',
    ['column lead.score integer not null default 1'],
    ['column lead.score integer not null default 0'],
  ],
  [
    'a key',
    '@@map("lead")',
    '@@index([status])\n  @@map("lead")',
    ['CREATE INDEX lead_status_idx ON public.lead USING btree (status)'],
    [],
  ],
  ['no index', '@@index([leadId])', '', [], ['CREATE INDEX touch_lead_id_idx ON public.touch USING btree (lead_id)']],
  ['an enum', 'closed', 'closed\n  lost', ['enum status: open, closed, lost'], ['enum status: open, closed']],
  [
    'a foreign key',
    'onDelete: Cascade',
    'onDelete: Restrict',
    [
      'constraint touch.touch_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES lead(id) ON UPDATE CASCADE ON DELETE RESTRICT',
    ],
    [
      'constraint touch.touch_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES lead(id) ON UPDATE CASCADE ON DELETE CASCADE',
    ],
  ],
];

describe('do the migrations and schema.prisma agree?', () => {
  const scratch = new ScratchMigrations();
  afterAll(() => scratch.remove());

  /** What is told of each schema, when `schema` is the committed one. */
  function compare(schemas: string[]): { missing: string[]; surplus: string[]; draft: string | null }[] {
    scratch.migration('1_first', migration);
    const files = [schema, ...schemas].map((text, at) => {
      const file = path.join(scratch.folder, `schema-${at}.prisma`);
      writeFileSync(file, text);
      return file;
    });
    const program = path.join(__dirname, 'fixtures', 'compare-with-schema.ts');
    const args = ['--import', 'tsx', program, databaseUrl('postgres'), scratch.files.migrations, ...files];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as ReturnType<typeof compare>;
  }

  test('yes, whatever the order of columns, and what only SQL can say is no difference', () => {
    expect(compare([schema])).toEqual([{ missing: [], surplus: [], draft: null }]);
  });

  test('no: every kind of difference is told', () => {
    const changed = changes.map(([, from, to]) => schema.replace(from, to));
    expect(changed).not.toContain(schema);
    const told = compare(changed).map(({ missing, surplus }, at) => ({ what: changes[at]![0], missing, surplus }));
    expect(told).toEqual(changes.map(([what, , , missing, surplus]) => ({ what, missing, surplus })));
  });

  test("a draft of the next migration says what differs, and Prisma's SQL for what changed since the commit", () => {
    const [told] = compare([schema.replace('email  String', 'email  String\n  note String?')]);
    expect(
      told?.draft
        ?.split('\n')
        .filter((line) => line !== '' && !line.startsWith('-- A draft') && !line.startsWith('-- Complete')),
    ).toEqual([
      '-- only in schema.prisma: column lead.note text',
      '-- AlterTable',
      'ALTER TABLE "lead" ADD COLUMN     "note" TEXT;',
    ]);
  });
});
