import { builtinModules } from 'node:module';
import path from 'node:path';

const ids = 'workflows/contract';
const wireless = { builtins: false };

/**
 * Which way imports point (docs/architecture.md). Per folder: the folders, or single files, that it may import;
 * `types` only as types; `packages` only these; `builtins: false` no Node.
 */
export const direction = {
  domain: {
    ...wireless,
    values: ['domain'],
    packages: [
      'city-timezones',
      'countries-and-timezones',
      'date-holidays',
      'disposable-email-domains-js',
      'i18n-iso-countries',
      'libphonenumber-js',
      'luxon',
      'tldts',
    ],
  },
  workflows: {
    ...wireless,
    values: ['workflows', 'domain'],
    types: ['activities'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
  },
  activities: {
    values: [
      'activities',
      'domain',
      'store',
      'providers',
      ids,
      'runtime/clock',
      'runtime/failpoints',
      'runtime/logger',
    ],
  },
  store: {
    values: ['store', 'domain', 'prisma', 'runtime/failpoints', ids],
    types: ['providers/ports', 'runtime/clock', 'verification'],
  },
  providers: {
    values: ['providers', 'runtime/failpoints', 'runtime/variables', 'runtime/this-machine'],
    types: ['runtime/clock', 'runtime/config'],
  },
  simulator: { values: ['simulator'] },
  verification: { values: ['verification'], packages: ['luxon', 'zod'] },
  api: {
    values: ['api', 'activities/check-dns', 'domain', 'store', 'providers', 'runtime', 'temporal', ids],
    types: ['prisma'],
  },
  runtime: { values: ['runtime'], types: [] },
  temporal: { values: ['temporal', ids], types: ['store/outbox', 'api/workflow-port', 'activities/deps'] },
  embedded: { values: ['embedded', 'runtime', ids], types: [] },
};

/** Names that say nothing of the specification. */
const emptyNames = ['utils', 'util', 'helpers', 'common', 'services', 'misc', 'lib'];

const packageOf = (source) =>
  source
    .split('/')
    .slice(0, source.startsWith('@') ? 2 : 1)
    .join('/');
const isBuiltin = (source) => source.startsWith('node:') || builtinModules.includes(source);
const isUnder = (file, allowed) => file === allowed || file.startsWith(`${allowed}/`);

/** @returns what is wrong with this import, or null */
function objection(rule, { folder, file }, source, typeOnly) {
  if (!source.startsWith('.')) {
    if (isBuiltin(source)) return rule.builtins === false ? `${folder}/ must not use Node's ${source}` : null;
    const allowed = rule.packages === undefined || rule.packages.includes(packageOf(source));
    return allowed ? null : `${folder}/ must not import the package ${packageOf(source)}`;
  }
  const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), source)).replace(/\.(js|ts|json)$/, '');
  if (rule.values.some((allowed) => isUnder(target, allowed))) return null;
  if ((rule.types ?? []).some((allowed) => isUnder(target, allowed))) {
    return typeOnly ? null : `${folder}/ may import ${target} as a type only`;
  }
  return `${folder}/ must not import ${target}`;
}

const isTypeOnly = (node) =>
  node.importKind === 'type' ||
  node.exportKind === 'type' ||
  (node.specifiers?.length > 0 && node.specifiers.every((one) => (one.importKind ?? one.exportKind) === 'type'));

export const importDirection = {
  meta: { type: 'problem', schema: [], messages: { wrong: '{{objection}} (imports point one way)' } },
  create(context) {
    const file = path.relative(context.cwd, context.filename).split(path.sep).join('/');
    const folder = file.split('/')[0];
    const rule = direction[folder];
    if (rule === undefined) return {};
    const check = (node, source, typeOnly) => {
      if (typeof source?.value !== 'string') return;
      const wrong = objection(rule, { folder, file }, source.value, typeOnly);
      if (wrong !== null) context.report({ node, messageId: 'wrong', data: { objection: wrong } });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source, isTypeOnly(node)),
      ExportNamedDeclaration: (node) => check(node, node.source, isTypeOnly(node)),
      ExportAllDeclaration: (node) => check(node, node.source, isTypeOnly(node)),
      ImportExpression: (node) => check(node, node.source, false),
      TSImportType: (node) => check(node, node.source ?? node.argument?.literal, true),
      'CallExpression[callee.name="require"]': (node) => check(node, node.arguments[0], false),
    };
  },
};

const queryMethods =
  /^(find(Unique|First)(OrThrow)?|findMany|create(Many)?(AndReturn)?|update(Many)?(AndReturn)?|upsert|delete(Many)?|count|aggregate|groupBy)$/;

/** The name that a call's object ends with: `deps.database` → database. */
const nameOf = (node) => (node?.type === 'MemberExpression' ? node.property.name : node?.name);

/** Prisma and SQL stand in store/ alone; tests may look where they like. */
export const queriesInStore = {
  meta: { type: 'problem', schema: [], messages: { query: 'Queries belong into store/: {{what}}' } },
  create(context) {
    const folder = path.relative(context.cwd, context.filename).split(path.sep)[0];
    if (['store', 'test', 'bench', 'prisma'].includes(folder)) return {};
    const report = (node, what) => context.report({ node, messageId: 'query', data: { what } });
    return {
      TaggedTemplateExpression: (node) => {
        if (/^(sql|\$queryRaw|\$executeRaw)$/.test(nameOf(node.tag) ?? '')) report(node, 'SQL');
      },
      CallExpression: ({ callee }) => {
        if (callee.type !== 'MemberExpression') return;
        const method = callee.property.name ?? '';
        const model = callee.object;
        if (method === '$transaction' || method === 'transact') report(callee, method);
        const isModel = model.type === 'MemberExpression' && /^(database|tx|prisma)$/.test(nameOf(model.object) ?? '');
        if (isModel && queryMethods.test(method)) report(callee, `${nameOf(model)}.${method}`);
      },
      ImportDeclaration: (node) => {
        const source = String(node.source.value);
        // embedded/ starts a server, and asks it whether it is there.
        if (source.startsWith('@prisma/') || (source === 'pg' && folder !== 'embedded')) report(node, source);
      },
    };
  },
};

export const meaningfulFolders = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { empty: 'A folder named {{name}}/ says nothing: name it by the specification' },
  },
  create(context) {
    const folders = path.relative(context.cwd, path.dirname(context.filename)).split(path.sep);
    const name = folders.find((folder) => emptyNames.includes(folder));
    return name === undefined
      ? {}
      : { Program: (node) => context.report({ node, messageId: 'empty', data: { name } }) };
  },
};
