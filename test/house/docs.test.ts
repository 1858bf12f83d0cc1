import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '..', '..');

/** Made by the bootstrap, by a run, or not ours. */
const notKept = new Set(['node_modules', 'generated', 'var', '.cache', '.git', 'coverage']);

function filesUnder(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (notKept.has(entry.name)) return [];
    const file = path.posix.join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(file) : [file];
  });
}

const files = filesUnder('.');
const folders = new Set(
  files.flatMap((file) => file.split('/').map((_, depth, parts) => parts.slice(0, depth).join('/'))),
);
const documents = files.filter((file) => file.endsWith('README.md') || /^docs\/.*\.md$/.test(file));
const textOf = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const sources = /\.(?:ts|mjs|cjs|sql|md|prisma|yml)$/;
/** Words that stand for any name: `<name>`, `*`, `…`. */
const anyName = /<[^<>]*>|\*|…/;

/** Is this word meant as a path of ours? URLs and media types are not: they begin with a slash, or with no folder here. */
function isPath(word: string, folder: string): boolean {
  if (!/^[\w.@<>*…-]+(?:\/[\w.@<>*…-]+)*\/?$/.test(word) || word.startsWith('-')) return false;
  const [first = '', ...rest] = word.split('/');
  if (notKept.has(first)) return false;
  if (sources.test(word)) return true;
  return rest.length > 0 && (folders.has(first) || folders.has(path.posix.join(folder, first)));
}

/**
 * Is there such a file or folder, seen from the document's folder or from the root? A folder's README may call a file of
 * its subfolders by its bare name.
 */
function isThere(word: string, folder: string): boolean {
  const isBelow = folder !== '.' && !word.includes('/');
  if (isBelow && files.some((file) => file.startsWith(`${folder}/`) && path.posix.basename(file) === word)) return true;
  return [path.posix.join(folder, word), path.posix.normalize(word)].some((place) => {
    const bare = place.replace(/\/$/, '');
    if (!anyName.test(bare)) return files.includes(bare) || folders.has(bare) || existsSync(path.join(root, bare));
    const escaped = bare.split(anyName).map((part) => part.replace(/[.\\+?^${}()|[\]]/g, '\\$&'));
    return files.some((file) => new RegExp(`^${escaped.join('[^/]+')}$`).test(file));
  });
}

/** The paths that a document names wrongly: what is not there, and what "(new)" says is not there but is. */
function wrongPaths(document: string, text: string): string[] {
  const folder = path.posix.dirname(document);
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  const named = [...prose.matchAll(/`([^`\n]+)`( \(new\))?/g)].flatMap(([, code = '', isNew]) =>
    code.split(/\s+/).map((word) => ({ word, isNew: isNew !== undefined })),
  );
  const linked = [...prose.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].flatMap(([, target = '']) =>
    /^[a-z]+:/.test(target) ? [] : [target],
  );
  return [
    ...named.filter(({ word }) => isPath(word, folder)).filter(({ word, isNew }) => isThere(word, folder) === isNew),
    ...linked.filter((word) => !existsSync(path.join(root, folder, word))).map((word) => ({ word })),
  ].map(({ word }) => word);
}

const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };

/** The commands of npm that a document names and package.json lacks. */
function wrongCommands(text: string): string[] {
  const named = [...text.matchAll(/\bnpm (?:run (?:--silent )?([a-z][\w:-]*)|(start|test)\b)/g)];
  return named.map(([, run, short]) => run ?? short ?? '').filter((name) => !Object.hasOwn(scripts, name));
}

const rules = new Set([...textOf('docs/specification.md').matchAll(/^\| ([A-Z]+-\d+) +\|/gm)].map(([, id = '']) => id));
const groups = new Set([...rules].map((id) => id.replace(/-\d+$/, '')));

/** The ids of rules that a text cites and the specification lacks. */
function wrongRules(text: string): string[] {
  const cited = new RegExp(`\\b(?:${[...groups].join('|')})-\\d+\\b`, 'g');
  return [...text.matchAll(cited)].map(([id]) => id).filter((id) => !rules.has(id));
}

describe('every document', () => {
  test('is found', () => {
    expect(documents).toEqual(expect.arrayContaining(['README.md', 'docs/architecture.md', 'store/README.md']));
  });

  test.each(documents)('%s names files that exist', (document) => {
    expect(wrongPaths(document, textOf(document))).toEqual([]);
  });

  test.each(documents)('%s names commands that package.json has', (document) => {
    expect(wrongCommands(textOf(document))).toEqual([]);
  });

  test.each(documents)('%s cites rules that the specification has', (document) => {
    expect(wrongRules(textOf(document))).toEqual([]);
  });
});

test('the code cites rules that the specification has', () => {
  const code = files.filter((file) => /\.(?:ts|mjs|sql|prisma)$/.test(file) && file !== 'test/house/docs.test.ts');
  expect(code.length).toBeGreaterThan(200);
  expect(code.flatMap((file) => wrongRules(textOf(file)).map((id) => `${file}: ${id}`))).toEqual([]);
});

/** Folders by the folders that they import, "types" of them apart; workflows/contract.ts counts as "contract". */
type Imports = Record<string, { values: string[]; types: string[] }>;

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

/** The drawing of imports in docs/architecture.md. */
function drawnImports(): Imports {
  const drawing = /```mermaid\nflowchart[^\n]*\n([\s\S]*?)```/.exec(textOf('docs/architecture.md'))?.[1] ?? '';
  const drawn: Imports = {};
  for (const [, from = '', types, to = ''] of drawing.matchAll(/^ *(\w+) (?:-->|-\. (types) \.->) (.+)$/gm)) {
    const imports = (drawn[from] ??= { values: [], types: [] });
    imports[types === undefined ? 'values' : 'types'] = sorted(to.split(' & '));
  }
  return drawn;
}

/** What lint allows. Folders that import nothing but themselves are not drawn. */
function allowedImports(): Imports {
  const print = "import('./scripts/lint/import-direction.mjs').then((m) => console.log(JSON.stringify(m.direction)))";
  const printed = execFileSync(process.execPath, ['-e', print], { cwd: root, encoding: 'utf8' });
  const direction = JSON.parse(printed) as Record<string, { values: string[]; types?: string[] }>;
  const place = (target: string): string =>
    target === 'workflows/contract' ? 'contract' : (target.split('/')[0] ?? '');
  const entries = Object.entries(direction).map(([from, { values, types = [] }]) => {
    const taken = sorted(values.map(place)).filter((to) => to !== from);
    const onlyTypes = sorted(types.map(place)).filter((to) => to !== from && !taken.includes(to));
    return [from, { values: taken, types: onlyTypes }] as const;
  });
  return Object.fromEntries(entries.filter(([, { values, types }]) => values.length + types.length > 0));
}

test('the drawing of imports is what lint allows', () => {
  expect(drawnImports()).toEqual(allowedImports());
});

describe('these checks can fail', () => {
  const text = [
    'See `domain/limits.ts`, `limits.ts`, [the map](architecture.md) and `prisma/functions/<name>.sql`.',
    'Not `domain/missing.ts`, `signals.ts`, [this](gone.md), `store/attic/`, `domain/limits.ts` (new) or `docs/<name>.sql`.',
    'New: `domain/channels/pigeon.ts` (new). No path: `text/csv`, `/v1/leads`, `SEQ-3`, `var/demo/x.ts`.',
    'Run `npm run demo`, `npm test`, `npm run fly -- --high`. Rules: SEQ-3, SEQ-99, LIM-0, UTF-8.',
  ].join('\n');

  test('a path that is not there, and a new one that is', () => {
    const wrong = [
      'limits.ts',
      'domain/missing.ts',
      'signals.ts',
      'store/attic/',
      'domain/limits.ts',
      'docs/<name>.sql',
    ];
    expect(wrongPaths('docs/made-up.md', text)).toEqual([...wrong, 'gone.md']);
    expect(wrongPaths('domain/README.md', 'See `limits.ts` and `calendar/`.')).toEqual([]);
  });

  test('a command and a rule that nobody knows', () => {
    expect(wrongCommands(text)).toEqual(['fly']);
    expect(wrongRules(text)).toEqual(['SEQ-99', 'LIM-0']);
  });
});
