import type { Client } from 'pg';

/** One thing that a database has, in words that are equal when the thing is: `column lead.email text not null`. */
export interface CatalogueLine {
  line: string;
  /** Can schema.prisma say it? A CHECK, a partial index and the like it can't. */
  sayable: boolean;
}

/** Keeps account of migrations and functions; schema.prisma says nothing of either. */
const accounts = ['_prisma_migrations', 'database_function'];

/**
 * Tables, columns, keys, indexes and enums of the connection's schema, in the server's own words. Functions, triggers,
 * domains and CHECKs are left out: schema.prisma has none, so there is nothing to compare them with.
 */
export async function readCatalogue(client: Client): Promise<CatalogueLine[]> {
  const { rows } = await client.query<CatalogueLine>(
    `WITH kept AS (
       SELECT c.oid, c.relname AS name, c.relkind FROM pg_class c
       WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> ALL ($1)
         AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
     )
     SELECT 'table ' || name AS line, true AS sayable FROM kept
     UNION ALL
     SELECT concat_ws(' ', 'column', kept.name || '.' || a.attname, format_type(a.atttypid, a.atttypmod),
         CASE WHEN a.attnotnull THEN 'not null' END,
         CASE WHEN a.attgenerated <> '' THEN 'generated as' WHEN d.oid IS NOT NULL THEN 'default' END,
         pg_get_expr(d.adbin, d.adrelid), CASE WHEN a.attidentity <> '' THEN 'identity ' || a.attidentity::text END), true
     FROM kept JOIN pg_attribute a ON a.attrelid = kept.oid AND a.attnum > 0 AND NOT a.attisdropped
     LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     UNION ALL
     SELECT 'constraint ' || kept.name || '.' || n.conname || ' ' || pg_get_constraintdef(n.oid), true
     FROM kept JOIN pg_constraint n ON n.conrelid = kept.oid AND n.contype IN ('p', 'u', 'f')
     UNION ALL
     SELECT pg_get_indexdef(i.indexrelid), i.indpred IS NULL AND i.indexprs IS NULL AND NOT i.indnullsnotdistinct
     FROM kept JOIN pg_index i ON i.indrelid = kept.oid
     WHERE NOT EXISTS (SELECT FROM pg_constraint n WHERE n.conindid = i.indexrelid AND n.contype IN ('p', 'u', 'x'))
     UNION ALL
     SELECT 'enum ' || t.typname || ': ' || string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder), true
     FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
     WHERE t.typnamespace = current_schema()::regnamespace GROUP BY t.typname
     ORDER BY line`,
    [accounts],
  );
  return rows;
}
