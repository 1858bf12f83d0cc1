import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  DriverAdapterError,
  type MappedError,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils';
import { Pool, type DatabaseError, type QueryResult } from 'pg';

type Glue = typeof import('@prisma/schema-engine-wasm/schema_engine_bg');
export type SchemaEngine = Awaited<ReturnType<Glue['SchemaEngine']['new']>>;

/** No table or enum is left out of a comparison. */
export const everything = { externalTables: [], externalEnums: [] };

/**
 * Lends Prisma's schema engine as WebAssembly: the same migrations and the same `_prisma_migrations` table as
 * `prisma migrate deploy`, without its binary, which is downloaded on first use and so needs an open network.
 * @param databaseUrl the database that the engine works on; no connection to it is left behind
 */
export async function withSchemaEngine<T>(databaseUrl: string, work: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  const { SchemaEngine } = await glue();
  const pool = new Pool({ connectionString: databaseUrl, max: 2 });
  try {
    const adapter = bindMigrationAwareSqlAdapterFactory(new WholeScripts(pool));
    return await work(await SchemaEngine.new({ datamodels: undefined }, () => undefined, adapter));
  } finally {
    await pool.end();
  }
}

const charType = 18;
const textType = 25;

/**
 * Prisma's adapter refuses PostgreSQL's one-byte type "char", which the catalogue columns that the engine compares
 * have. Here such columns pass as text, and are called characters again before the engine sees them.
 */
class CharColumns {
  private readonly byRows = new WeakMap<object, number[]>();

  disguise(result: QueryResult): QueryResult {
    const columns = result.fields.flatMap((field, index) => (field.dataTypeID === charType ? [index] : []));
    for (const column of columns) result.fields[column]!.dataTypeID = textType;
    this.byRows.set(result.rows, columns);
    return result;
  }

  reveal(result: SqlResultSet): SqlResultSet {
    const columns = this.byRows.get(result.rows) ?? [];
    const types = result.columnTypes.map((type, at) => (columns.includes(at) ? ColumnTypeEnum.Character : type));
    return { ...result, columnTypes: types };
  }
}

/**
 * Prisma's adapter cuts a script at every semicolon, also inside a function's body or a comment. Here a migration goes
 * to the server whole, as the engine's binary sends it.
 */
class WholeScripts extends PrismaPg {
  constructor(private readonly pool: Pool) {
    super(pool);
  }

  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect();
    const chars = new CharColumns();
    const send = this.pool.query.bind(this.pool) as (query: unknown) => Promise<QueryResult>;
    Object.assign(this.pool, { query: async (query: unknown) => chars.disguise(await send(query)) });
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => chars.reveal(await queryRaw(query));
    adapter.executeScript = async (script) => {
      await send(script).catch((error: DatabaseError) => {
        throw new DriverAdapterError(mapped(error));
      });
    };
    return adapter;
  }
}

function mapped({ code, message, severity, detail, column, hint }: DatabaseError): MappedError {
  return { kind: 'postgres', code: code ?? 'N/A', message, severity: severity ?? 'N/A', detail, column, hint };
}

let loaded: Promise<Glue> | undefined;
const glue = (): Promise<Glue> => (loaded ??= loadGlue());

/** The part of Node's global that is used here; TypeScript has it only in its library for browsers. */
declare const WebAssembly: {
  instantiate(code: Buffer, imports: Record<string, unknown>): Promise<{ instance: { exports: unknown } }>;
};

/** The package's own loader wants a bundler that imports WebAssembly; this is what such a bundler would write. */
async function loadGlue(): Promise<Glue> {
  const specifier = '@prisma/schema-engine-wasm/schema_engine_bg';
  const bindings = (await import(specifier)) as Glue;
  const file = path.join(path.dirname(require.resolve(specifier)), 'schema_engine_bg.wasm');
  const { instance } = await WebAssembly.instantiate(readFileSync(file), {
    './schema_engine_bg.js': withIdleTimeouts(bindings),
  });
  // Where the engine says what went wrong before it stops for good.
  const panics = { set_message: (message: string) => console.error(`Prisma's schema engine panicked: ${message}`) };
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: panics });
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports as { __wbindgen_start(): void }).__wbindgen_start();
  return bindings;
}

/** The engine forgets its ten-second time-outs; they must not keep the process alive that long. */
function withIdleTimeouts(bindings: Glue): Record<string, unknown> {
  const entries = Object.entries(bindings).map(([name, value]) =>
    name.startsWith('__wbg_setTimeout_')
      ? [name, (callback: () => void, ms: number) => setTimeout(callback, ms).unref()]
      : [name, value],
  );
  return Object.fromEntries(entries) as Record<string, unknown>;
}
