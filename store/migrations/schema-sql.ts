import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';

type Glue = typeof import('@prisma/schema-engine-wasm/schema_engine_bg');

type SchemaEngine = Awaited<ReturnType<Glue['SchemaEngine']['new']>>;

/** No table or enum is left out. */
const filters = { externalTables: [], externalEnums: [] };

/**
 * The SQL that leads from one schema.prisma to another, as Prisma writes it.
 * @param databaseUrl any database: the engine asks for the server's version and nothing else
 * @param from the text of a schema.prisma; null for an empty database
 */
export async function sqlBetween(databaseUrl: string, from: string | null, to: string): Promise<string> {
  const engine = await openSchemaEngine(databaseUrl);
  const schema = (content: string) => ({
    tag: 'schemaDatamodel' as const,
    files: [{ path: 'schema.prisma', content }],
  });
  const start = from === null ? { tag: 'empty' as const } : schema(from);
  const { stdout } = await engine.diff({ from: start, to: schema(to), script: true, exitCode: null, filters });
  return stdout ?? '';
}

/**
 * Prisma's schema engine as WebAssembly; its binary would be downloaded on first use. A tool of development, from
 * packages of development: a running engine never comes here.
 */
export async function openSchemaEngine(databaseUrl: string): Promise<SchemaEngine> {
  const { SchemaEngine } = await (engineModule ??= loadEngine());
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: databaseUrl }));
  return SchemaEngine.new({ datamodels: undefined }, () => undefined, adapter);
}

/** The part of Node's global that is used here; TypeScript has it only in its library for browsers. */
declare const WebAssembly: {
  instantiate(code: Buffer, imports: Record<string, unknown>): Promise<{ instance: { exports: unknown } }>;
};

/** Loaded once: the package keeps one instance's memory in a variable of its own. */
let engineModule: Promise<Glue> | undefined;

/** The package's own loader wants a bundler that imports WebAssembly; this is what such a bundler would write. */
async function loadEngine(): Promise<Glue> {
  const specifier = '@prisma/schema-engine-wasm/schema_engine_bg';
  const glue = (await import(specifier)) as Glue;
  const file = path.join(path.dirname(require.resolve(specifier)), 'schema_engine_bg.wasm');
  const imports = { './schema_engine_bg.js': glue };
  const { instance } = await WebAssembly.instantiate(readFileSync(file), imports);
  // Where the engine says what went wrong before it stops for good.
  const panics = { set_message: (message: string) => process.stderr.write(`Prisma's schema engine: ${message}\n`) };
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: panics });
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports as { __wbindgen_start(): void }).__wbindgen_start();
  return glue;
}
