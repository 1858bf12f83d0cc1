import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';
import { importDirection, meaningfulFolders, queriesInStore } from './scripts/lint/import-direction.mjs';

/** LINT_WITHOUT_TYPES=1 leaves out the rules that need the type checker: for a file that does not exist on disk. */
const withTypes = process.env.LINT_WITHOUT_TYPES !== '1';

const typedRules = {
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/return-await': ['error', 'in-try-catch'],
  '@typescript-eslint/no-unnecessary-type-assertion': 'error',
  '@typescript-eslint/only-throw-error': 'error',
};

const readsTheTime = [
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", what: 'Date.now()' },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", what: 'new Date()' },
  { selector: "CallExpression[callee.object.name='DateTime'][callee.property.name='now']", what: 'DateTime.now()' },
  {
    selector: "CallExpression[callee.object.name='DateTime'][callee.property.name=/^(utc|local)$/][arguments.length=0]",
    what: 'DateTime.utc() and DateTime.local()',
  },
].map(({ selector, what }) => ({ selector, message: `${what} reads the system's time: take a Clock, or \`now\`.` }));

const groupedFields = {
  selector: 'ObjectExpression > SpreadElement > ObjectExpression.argument',
  message: 'Write the fields out: an object that is spread where it stands says nothing.',
};

export default tseslint.config(
  {
    ignores: ['**/node_modules/', 'var/', '.cache/', 'coverage/', 'prisma/generated/', 'console/dist/'],
  },
  eslint.configs.recommended,
  {
    files: ['**/*.{mjs,cjs,js}'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'performance',
          'setTimeout',
          'setInterval',
          'clearInterval',
          'clearTimeout',
          'Buffer',
          'URL',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { globals: { module: 'writable', require: 'readonly', __dirname: 'readonly' } },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    plugins: {
      house: {
        rules: {
          'import-direction': importDirection,
          'meaningful-folders': meaningfulFolders,
          'queries-in-store': queriesInStore,
        },
      },
    },
    languageOptions: { parserOptions: withTypes ? { projectService: true, tsconfigRootDir: import.meta.dirname } : {} },
    rules: {
      'house/import-direction': 'error',
      'house/meaningful-folders': 'error',
      'house/queries-in-store': 'error',
      'no-restricted-syntax': ['error', ...readsTheTime, groupedFields],
      'max-params': ['error', 4],
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      'no-control-regex': 'off', // control characters are looked for on purpose
      'no-undef': 'off', // TypeScript's own check knows more
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-explicit-any': 'error',
      ...(withTypes ? typedRules : {}),
    },
  },
  {
    // The system's clock and the simulator's; in a workflow Date is the workflow's own clock; tests may do as they like.
    files: ['runtime/clock.ts', 'simulator/clock.ts', 'workflows/**/*.ts', 'test/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', groupedFields] },
  },
  {
    // Programs that a person runs speak on the console.
    files: ['scripts/**/*.ts', 'bench/**/*.ts', 'test/**/*.ts', '**/main.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // A table's rows become parameters.
    files: ['test/**/*.ts'],
    rules: { 'max-params': 'off' },
  },
  {
    files: ['domain/**/*.ts', 'workflows/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'Buffer', 'setImmediate', 'require', '__dirname', 'fetch'],
    },
  },
);
