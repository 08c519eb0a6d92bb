import { fileURLToPath } from 'node:url';
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

const root = fileURLToPath(new URL('.', import.meta.url));

/** A room of the architecture and what it may import: its own files, the rooms named, and no foreign heavy package. */
const rooms = {
  graph: [],
  trace: ['graph'],
  report: ['graph'],
  timing: [],
  readers: ['graph', 'timing'],
  training: ['graph', 'trace'],
  diagnosis: ['graph', 'trace', 'report'],
  remedies: ['graph', 'trace', 'report', 'diagnosis', 'pipeline'],
  silencing: ['graph', 'report'],
  pipeline: ['graph', 'trace', 'report', 'diagnosis', 'remedies', 'silencing'],
  workers: [
    'graph',
    'trace',
    'report',
    'timing',
    'readers',
    'training',
    'diagnosis',
    'remedies',
    'pipeline',
    'silencing',
  ],
  editor: ['graph', 'report', 'silencing', 'workers'],
  cli: ['graph', 'trace', 'report', 'readers', 'diagnosis', 'remedies', 'pipeline', 'silencing', 'workers'],
};

const zones = Object.entries(rooms).map(([room, allowed]) => ({
  target: `./src/${room}`,
  from: './src',
  except: [room, ...allowed].map((r) => `./${r}`),
  message: `src/${room} may import ${allowed.join(', ') || 'nothing else'} (see docs/architecture.md).`,
}));

const heavy = {
  vscode: { group: ['vscode'], message: 'Only src/editor and src/extension.ts know the editor.' },
  tfjs: { group: ['@tensorflow/*'], message: 'Only src/training knows TensorFlow.js.' },
  pyodide: { group: ['pyodide', 'pyodide/*'], message: 'Only src/readers/python knows Pyodide.' },
  toolkit: {
    group: ['@vscode/webview-ui-toolkit', '@vscode/webview-ui-toolkit/*'],
    message: 'Only webview/ui.ts imports the toolkit.',
  },
};
const forbid = (...names) => ({
  'no-restricted-imports': ['error', { patterns: names.map((n) => heavy[n]) }],
});

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'out/**',
      'node_modules/**',
      '.vscode-test/**',
      'examples/**',
      'test/host/workspace/**',
      'src/training/kernels/assembly/**',
    ],
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: {
      parserOptions: { project: ['./tsconfig.json', './webview/tsconfig.json'], tsconfigRootDir: root },
    },
    settings: { 'import-x/resolver': { typescript: { project: ['tsconfig.json', 'webview/tsconfig.json'] } } },
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: root, zones }],
      'import-x/no-cycle': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ['src/**/*.ts'], rules: forbid('vscode', 'tfjs', 'pyodide', 'toolkit') },
  { files: ['src/editor/**/*.ts', 'src/extension.ts'], rules: forbid('tfjs', 'pyodide', 'toolkit') },
  { files: ['src/training/**/*.ts'], rules: forbid('vscode', 'pyodide', 'toolkit') },
  { files: ['src/readers/python/**/*.ts'], rules: forbid('vscode', 'tfjs', 'toolkit') },
  // The program inside the JavaScript seal is tfjs-layers itself, with its calls watched.
  { files: ['src/readers/javascript/sandbox/**/*.ts'], rules: forbid('vscode', 'pyodide', 'toolkit') },
  { files: ['webview/**/*.{ts,tsx}'], rules: forbid('vscode', 'tfjs', 'pyodide', 'toolkit') },
  { files: ['webview/ui.ts'], rules: forbid('vscode', 'tfjs', 'pyodide') },
  {
    files: ['webview/**/*.{ts,tsx}'],
    plugins: { 'import-x': importX },
    rules: {
      'import-x/no-restricted-paths': [
        'error',
        {
          basePath: root,
          zones: [
            {
              target: './webview',
              from: './src',
              except: ['./report', './graph'],
              message: 'The panel shares types alone.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: { 'max-lines': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);
