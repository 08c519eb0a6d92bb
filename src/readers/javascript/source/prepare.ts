import type { Statement } from '@babel/types';
import { transform } from 'sucrase';
import { Unreadable } from '../../unreadable';
import { type CallSite, insert, type Insertion, watchCalls } from './callSites';
import type { Problem } from '../../../graph/reading';
import { type Declaration, declarationsOf, isFunction, unexported } from './declarations';
import { directivesOf } from './directives';
import { missingNames } from './lostCode';
import { namespacesAsObjects } from './namespaces';
import { parseScript, suspends, type Tree } from './tree';

export interface Prepared {
  path: string;
  /** A function expression over `(require, exports, module, __scope)`. */
  code: string;
  declarations: Declaration[];
  /** Comments that are misspelt. */
  problems: Problem[];
  /** Null for data and for a module that cannot be parsed. */
  tree: Tree | null;
  /** Why it cannot be parsed. */
  broken: Problem | null;
}

/** Statements of their own that a failure must not let hide the rest of the file. */
const GUARDED = new Set<Statement['type']>([
  'ExpressionStatement',
  'IfStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'WhileStatement',
  'TryStatement',
]);

/**
 * Makes a file ready to be run: calls watched, top-level failures contained, types stripped, imports turned into `require`.
 * @param sites gets the file's call sites
 * @param wanted expressions to evaluate in the file's namespace, when they are asked for
 * @throws Unreadable at a syntax error
 */
export function prepare(path: string, text: string, sites: CallSite[], wanted: readonly string[]): Prepared {
  // A byte order mark or a `#!` line in front keeps its length, so that places stay what they are.
  const plain = text.replace(/^\uFEFF/, ' ').replace(/^#!/, '//');
  const tree = parseScript(path, plain);
  const directives = directivesOf(tree);
  const declarations = declarationsOf(tree, directives);
  const insertions = [
    ...watchCalls(tree, sites),
    ...guards(tree, sites),
    ...namespacesAsObjects(tree),
    ...declarations.flatMap(noteEntry),
  ];
  const names = declarations.map(({ name, access }) => `${JSON.stringify(name)}:()=>${access}`).join(',');
  const entries = wanted.map((entry) => `()=>(${entry}\n)`).join(',');
  const lost = missingNames(tree).map((name) => `var ${name}=__scope.unknown(${JSON.stringify(name)});`);
  const source = `${lost.join('')}__scope.names={${names}};__scope.entries=[${entries}];${insert(tree.text, insertions)}`;
  const isAsync = tree.file.program.body.some(suspends);
  const opening = isAsync ? 'async function' : 'function';
  return {
    path,
    code: `(${opening}(require,exports,module,__scope){const __at=__lens.at;${stripped(source, path)}\n})`,
    declarations,
    problems: directives.problems,
    tree,
    broken: null,
  };
}

/** A file of data as a module. @throws Unreadable where it is not JSON. */
export function prepareData(path: string, text: string): Prepared {
  try {
    JSON.parse(text);
  } catch {
    throw new Unreadable('syntax-error', `\`${path}\` is not valid JSON.`);
  }
  const code = `(function(require,exports,module){module.exports=JSON.parse(${JSON.stringify(text)})})`;
  return { path, code, declarations: [], problems: [], tree: null, broken: null };
}

/** A module that cannot be parsed: whatever is taken from it is unknown. */
export function prepareBroken(path: string, problem: Problem): Prepared {
  const code = `(function(require,exports,module,__scope){module.exports=__scope.unknown(${JSON.stringify(path)})})`;
  return { path, code, declarations: [], problems: [], tree: null, broken: problem };
}

/** Notes the arguments of each call of a top-level function or class. */
function noteEntry({ name, kind, node }: Declaration): Insertion[] {
  const open = (body: { start?: number | null }): Insertion[] => [
    {
      at: (body.start ?? 0) + 1,
      text: `__scope.enter(${JSON.stringify(name)},arguments);`,
      rank: -1e6,
    },
  ];
  if (kind === 'function' && node.type === 'ArrowFunctionExpression')
    return [
      { at: node.start ?? 0, text: `__scope.watch(${JSON.stringify(name)},(`, rank: -1e6 },
      { at: node.end ?? 0, text: '))', rank: 1e6 },
    ];
  if (isFunction(node) || node.type === 'ObjectMethod')
    return node.body.type === 'BlockStatement' ? open(node.body) : [];
  if (node.type !== 'ClassDeclaration' && node.type !== 'ClassExpression') return [];
  const constructor = node.body.body.find((member) => member.type === 'ClassMethod' && member.kind === 'constructor');
  return constructor?.type === 'ClassMethod' ? open(constructor.body) : [];
}

function stripped(source: string, path: string): string {
  try {
    return transform(source, {
      transforms: ['typescript', 'jsx', 'imports'],
      filePath: path,
      production: true,
      jsxPragma: '__jsx',
      jsxFragmentPragma: '__jsxFragment',
      disableESTransforms: true,
      preserveDynamicImport: true,
    }).code;
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unknown syntax';
    throw new Unreadable('syntax-error', `The code cannot be translated: ${message}.`);
  }
}

/** Contains failures: `const x = f()` leaves x unknown, a failing statement is passed over. */
function guards(tree: Tree, sites: CallSite[]): Insertion[] {
  return tree.file.program.body.flatMap((statement): Insertion[] => {
    if (suspends(statement)) return [];
    const around = (start: number, end: number, open: string, close: string): Insertion[] => [
      { at: start, text: open, rank: 1e6 - 1 },
      { at: end, text: close, rank: 1 },
    ];
    if (GUARDED.has(statement.type)) {
      const { start, end } = statement;
      // A block keeps `var` where it was.
      const id = sites.length;
      sites.push({ span: tree.span(statement), text: '', target: null, options: new Map() });
      return around(start ?? 0, end ?? 0, `try{__lens.here(${id});`, '\n}catch(__error){__scope.failed(__error)}');
    }
    const declared = unexported(statement);
    if (declared.type !== 'VariableDeclaration') return [];
    return declared.declarations.flatMap(({ id, init }) => {
      if (!init || /Function|Literal|^ClassExpression/.test(init.type)) return [];
      const name = id.type === 'Identifier' ? JSON.stringify(id.name) : 'null';
      return around(init.start ?? 0, init.end ?? 0, `__scope.attempt(${name},()=>(`, '))');
    });
  });
}
