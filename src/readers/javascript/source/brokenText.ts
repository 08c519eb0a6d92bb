/** What code that cannot be parsed would have given to the rest of its module, by its words alone. */
export interface BrokenText {
  /** Names that it declares or assigns to. */
  binds: ReadonlySet<string>;
  /** Names whose values it may change: those that it sets properties of, calls methods of or hands on. */
  touches: ReadonlySet<string>;
  /** Names that other modules may miss. */
  exports: ReadonlySet<string>;
}

const WORD = /(?<![\w$.#])[A-Za-z_$][\w$]*/g;
const NOT_CODE = /\/\*[^]*?(?:\*\/|$)|\/\/.*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g;
/** What stands between the keyword and the first `=`, or the end of the line: names and patterns. Indented, they are a block's. */
const DECLARED = /^(?:export\s+)?(?:const|let|var)\s+([^=;\n]*(?:\n[^=;]*(?==))?)/gm;
const LOCAL = /^.+?\b(?:const|let|var)\s+([^=;\n]*)/gm;
const NAMED = /\b(?:function\s*\*?|class)\s+([A-Za-z_$][\w$]*)/g;
const IMPORTED = /\bimport\b([^'"`;]*)/g;
/** `depth =`, `config.depth +=`, `sizes[0] =`; no comparison, no arrow. */
const ASSIGNED =
  /(?<![\w$.])([A-Za-z_$][\w$]*)((?:\s*\.\s*[\w$]+|\s*\[[^\]]*\])*)\s*(?:\*\*|<<|>>>?|&&|\|\||\?\?|[-+*/%&|^])?=(?![=>])/g;
/** Methods that change what they are called of. */
export const CHANGES =
  /^(add|apply|push|pop|shift|unshift|splice|fill|sort|set|assign|compile|setWeights|loadWeights)$/;
const CALLED = /(?<![\w$.])([A-Za-z_$][\w$]*)\s*\??\.\s*([A-Za-z_$][\w$]*)\s*\(/g;
/** A line of the top level that declares nothing: all that it mentions may change. */
const STATEMENT =
  /^(?!(?:export|import|const|let|var|function|async|class|abstract|interface|type|enum|declare|namespace)\b)[A-Za-z_$([`+-]/m;
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'as async await break case catch class const continue debugger default delete do else enum export extends false finally for ' +
    'from function if implements import in instanceof interface let new null of package private protected public return static ' +
    'arguments eval super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
);

/** Reads broken code word by word: comments and texts aside, the names that it declares, assigns to and mentions. */
export function readBroken(code: string): BrokenText {
  const plain = code.replace(NOT_CODE, (match) => match.replace(/[^\n]/g, ' '));
  const all = wordsIn(plain);
  const binds = new Set<string>();
  const touches = new Set<string>();
  for (const [, pattern = ''] of plain.matchAll(DECLARED)) wordsIn(pattern).forEach((word) => binds.add(word));
  for (const [, name = ''] of plain.matchAll(NAMED)) binds.add(name);
  for (const [, list = ''] of plain.matchAll(IMPORTED)) wordsIn(list).forEach((word) => binds.add(word));
  const locals = new Set(
    [...plain.matchAll(LOCAL)].filter(([line]) => !/^export\s/.test(line)).flatMap(([, list = '']) => wordsIn(list)),
  );
  for (const [, name = '', steps = ''] of plain.matchAll(ASSIGNED))
    if (!locals.has(name)) (steps === '' ? binds : touches).add(name);
  for (const [, name = '', method = ''] of plain.matchAll(CALLED)) if (CHANGES.test(method)) touches.add(name);
  if (STATEMENT.test(plain)) all.forEach((word) => touches.add(word));
  const isExported = /\bexports?\b/.test(plain);
  const without = (words: Iterable<string>) => new Set([...words].filter((word) => !KEYWORDS.has(word)));
  // What is exported may be written `exports.depth`, where `depth` is no name of its own.
  const exported = isExported
    ? [...all, ...[...plain.matchAll(/\bexports\.([\w$]+)/g)].map(([, name = '']) => name)]
    : [];
  return { binds: without(binds), touches: without(touches), exports: without(exported) };
}

const wordsIn = (text: string): string[] => text.match(WORD) ?? [];
