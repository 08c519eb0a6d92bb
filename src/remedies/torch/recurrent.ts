import type { SyntaxNode } from '@lezer/common';
import type { LayerPlace } from '../idea';
import { renameClass } from '../python/dispatch';
import type { FileEdits } from '../python/fileEdits';
import { argumentsOf, enclosing, endOfStatement, parts, type PythonSource } from '../python/pythonSource';
import type { ValueFinder } from '../python/values';
import { indentUnit } from './initialiserLoop';

const CLASSES = { lstm: 'LSTM', gru: 'GRU' } as const;

/**
 * Makes an `nn.RNN` an `nn.LSTM` or `nn.GRU`: the class, `nonlinearity` dropped, and for the LSTM the pair of states that it takes and gives.
 * False where the class or the use of the layer does not show plainly.
 */
export function swapCell(layer: LayerPlace, to: 'lstm' | 'gru', edits: FileEdits, values: ValueFinder): boolean {
  const { source, names } = edits;
  const call = source.callAt(layer.span.range);
  const callee = call?.firstChild;
  if (!call || !callee || layer.type !== 'RNN') return false;
  const isClass = (name: string) => (written: string) => names.canonical(written) === `torch.nn.${name}`;
  const spell = (name: SyntaxNode) => edits.spell(`torch.nn.${CLASSES[to]}`, source.textOf(name));
  if (!renameClass(callee, isClass('RNN'), isClass(CLASSES[to]), spell, edits, values)) return false;
  const given = argumentsOf(call, source).keywords.get('nonlinearity');
  if (given) dropArgument(given, edits);
  return to === 'gru' || unpackPair(call, edits);
}

function dropArgument(value: SyntaxNode, edits: FileEdits): void {
  const name = value.prevSibling?.prevSibling;
  const comma = name?.prevSibling;
  if (name && comma?.name === ',') edits.replace(comma.from, value.to, '');
}

/** `out, h = self.rnn(x)` becomes `out, (h, _) = self.rnn(x)`. */
function unpackPair(call: SyntaxNode, edits: FileEdits): boolean {
  const { source } = edits;
  const attribute = attributeOf(call, source);
  if (attribute === null) return false;
  const owner = enclosing(call, 'ClassDefinition');
  const uses = source.all('CallExpression').filter((use) => {
    const inClass = !owner || (use.from >= owner.from && use.to <= owner.to);
    return inClass && use.firstChild !== null && source.textOf(use.firstChild) === attribute;
  });
  return uses.length > 0 && uses.every((use) => unpack(use, edits));
}

function unpack(use: SyntaxNode, edits: FileEdits): boolean {
  const { source } = edits;
  const [, state] = argumentsOf(use, source).positional;
  if (state && source.textOf(state) !== 'None') {
    if (state.name !== 'VariableName') return false;
    const zeros = edits.spell('torch.zeros_like', '', { line: 'import torch', short: 'torch.zeros_like' });
    edits.replace(state.from, state.to, `(${source.textOf(state)}, ${zeros}(${source.textOf(state)}))`);
  }
  // `self.rnn(x)[0]` takes the outputs alone.
  const around = use.parent;
  if (around?.name === 'MemberExpression') {
    const [, index] = parts(around);
    return index !== undefined && source.textOf(index) === '0';
  }
  if (around?.name !== 'AssignStatement') return false;
  const targets = parts(around).filter(({ from }) => from < use.from);
  const [only] = targets;
  const pair =
    targets.length === 1 && only?.name === 'TupleExpression'
      ? parts(only)
      : targets.filter((t) => t.name !== 'AssignOp');
  const [, hidden] = pair;
  if (pair.length !== 2 || !hidden) return false;
  const name = source.textOf(hidden);
  if (hidden.name === 'TupleExpression') return true;
  if (name !== '_') edits.replace(hidden.from, hidden.to, `(${name}, _)`);
  return true;
}

/** `self.rnn` of `self.rnn = nn.RNN(...)`. */
function attributeOf(call: SyntaxNode, source: PythonSource): string | null {
  const statement = call.parent?.name === 'AssignStatement' ? call.parent : null;
  const target = statement?.firstChild;
  return target?.name === 'MemberExpression' ? source.textOf(target) : null;
}

/**
 * Behind the statement that makes an LSTM or GRU, starts the bias of the gate that keeps the state at ln(steps): a share of
 * 1 - 1/steps is kept a step (chrono initialisation, Tallec and Ollivier 2018). In both cells it is the second of the stacked gates.
 */
export function setGateBias(layer: LayerPlace, steps: number, edits: FileEdits): boolean {
  const { source } = edits;
  const call = source.callAt(layer.span.range);
  const attribute = call && attributeOf(call, source);
  const statement = call?.parent;
  if (!call || !statement || attribute === null) return false;
  const indent = source.indentAt(statement.from);
  if (source.lines.startOfLine(statement.from) + indent.length !== statement.from) return false;
  const unit = indentUnit(enclosing(statement, 'FunctionDefinition') ?? statement, source);
  const init = edits.spell('torch.nn.init.constant_');
  const size = `${attribute}.hidden_size`;
  const quote = source.quote;
  const added = [
    `for name, bias in ${attribute}.named_parameters():`,
    `${unit}if name.startswith(${quote}bias_ih${quote}):`,
    `${unit}${unit}${init}(bias[${size}:2 * ${size}], ${Math.log(steps).toFixed(1)})  # ln of ${steps} steps`,
  ];
  const end = source.lines.endOfLine(endOfStatement(statement, source));
  edits.insert(end, added.map((line) => `${source.newline}${indent}${line}`).join(''));
  return true;
}

/** `out[:, -1]`, `out[:, -1, :]` become `out.mean(dim=1)`; `out[-1]` of outputs with time first `out.mean(dim=0)`. */
export function readAllSteps(span: LayerPlace['span'], edits: FileEdits): boolean {
  const { source } = edits;
  const from = source.lines.offsetOf(span.range.start);
  const to = source.lines.offsetOf(span.range.end);
  let node: SyntaxNode | null = source.tree.resolveInner(from, 1);
  while (node && !(node.from === from && node.to === to && node.name === 'MemberExpression')) node = node.parent;
  const open = node?.getChild('[');
  if (!node || !open) return false;
  const index = source.text.slice(open.to, to - 1).replace(/\s/g, '');
  const dim = /^:,-1(?:,:)?$/.test(index) ? 1 : index === '-1' ? 0 : null;
  if (dim === null) return false;
  edits.replace(open.from, to, `.mean(dim=${dim})`);
  return true;
}
