import type { SyntaxNode } from '@lezer/common';
import type { FileEdits } from './fileEdits';
import { parts, type PythonSource } from './pythonSource';
import { entriesOf, stringOf, type ValueFinder } from './values';

/**
 * Names a class in place of another where a constructor is called: directly, or through a table such as `CELLS = {'rnn': nn.RNN, 'lstm': nn.LSTM}`,
 * where the key is changed at the place that sets it. `isFrom` and `isTo` tell the classes by the names that the file writes. False where neither
 * shows plainly.
 */
export function renameClass(
  callee: SyntaxNode,
  isFrom: (written: string) => boolean,
  isTo: (written: string) => boolean,
  direct: (name: SyntaxNode) => string,
  edits: FileEdits,
  values: ValueFinder,
): boolean {
  const { source } = edits;
  const found = values.leaves(callee).map((leaf) => {
    if (isFrom(source.textOf(leaf))) {
      // What a table or a list of choices holds must keep its meaning.
      if (leaf.parent?.name === 'DictionaryExpression') return false;
      edits.replace(leaf.from, leaf.to, direct(leaf));
      return true;
    }
    return leaf.name === 'MemberExpression' && changeKey(leaf, isFrom, isTo, edits, values);
  });
  return found.includes(true);
}

/** `CELLS[cell]`: the literals that `cell` may be are changed from the key of one class to that of the other. */
function changeKey(
  lookup: SyntaxNode,
  isFrom: (written: string) => boolean,
  isTo: (written: string) => boolean,
  edits: FileEdits,
  values: ValueFinder,
): boolean {
  const { source } = edits;
  const [table, key] = parts(lookup);
  if (!lookup.getChild('[') || !table || !key) return false;
  const entries = tablesOf(table, source, values).flatMap((literal) => entriesOf(literal, source));
  const from = entries.find(({ value }) => isFrom(source.textOf(value)))?.key;
  const to = entries.find(({ value }) => isTo(source.textOf(value)))?.key;
  if (from === undefined || to === undefined) return false;
  const literals = values.leaves(key).filter((leaf) => stringOf(leaf, source) === from);
  for (const literal of literals) {
    const quote = source.textOf(literal).charAt(0);
    edits.replace(literal.from, literal.to, `${quote}${to}${quote}`);
  }
  return literals.length > 0;
}

function tablesOf(table: SyntaxNode, source: PythonSource, values: ValueFinder): SyntaxNode[] {
  return values.leaves(table).filter((leaf) => leaf.name === 'DictionaryExpression' && source.textOf(leaf) !== '');
}
