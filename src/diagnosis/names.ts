import type { SourceSpan } from '../graph/source';
import type { DiagnosisContext } from './context';
import { labelOf } from './opLabels';

/** The layer that holds a parameter, as its author would call it: the module's path, or the parameter's own name. */
export function layerName(parameter: number, context: DiagnosisContext): string {
  const described = context.graph.parameters[parameter];
  const path = context.index.module(described?.module ?? null)?.path;
  return path ?? described?.name ?? '';
}

export function parameterName(parameter: number, context: DiagnosisContext): string {
  return context.graph.parameters[parameter]?.name ?? '';
}

/**
 * Layer name for messages: the path without quotes problems when the parameter belongs to the model itself. Where a file declares its
 * modules without naming them, the entry comes first: "backbone[2] C2f, model.2.cv1.conv".
 */
export function shownLayer(parameter: number, context: DiagnosisContext): string {
  const layer = layerName(parameter, context);
  const shown = layer === '' ? parameterName(parameter, context) : layer;
  for (
    let module = context.index.module(context.graph.parameters[parameter]?.module ?? null);
    module;
    module = context.index.module(module.parent)
  ) {
    if (module.entry !== undefined) return `${module.entry} ${module.type}, ${shown}`;
  }
  return shown;
}

/** " (line 14)", with the file where it is not `home`. */
export function atLine(span: SourceSpan | null, home: SourceSpan | null): string {
  if (!span) return '';
  const cell = span.cell === undefined || span.cell === home?.cell ? '' : `cell ${span.cell + 1}, `;
  const file = home && span.path !== home.path ? `${span.path}, ` : '';
  return ` (${file}${cell}line ${span.range.start.line + 1})`;
}

/** " (line 14)", or " (lines 9 to 22)" where one op stands at several places of `home`; nothing where they lie in several files. */
export function atLines(spans: readonly SourceSpan[], home: SourceSpan | null): string {
  const [first] = spans;
  if (!first || spans.length === 1) return atLine(first ?? null, home);
  if (spans.some(({ path, cell }) => path !== first.path || cell !== first.cell)) return '';
  const starts = spans.map(({ range }) => range.start.line).sort((a, b) => a - b);
  const [from = 0, to = from] = [starts[0], starts.at(-1)];
  if (from === to) return atLine(first, home);
  return atLine(first, home).replace(/line \d+\)$/, `lines ${from + 1} to ${to + 1})`);
}

/** "`ReLU` (line 12)". */
export function shownNode(number: number, home: SourceSpan | null, context: DiagnosisContext): string {
  const node = context.graph.nodes[number];
  if (!node) return 'an operation';
  const label = labelOf(node, context.index);
  return `\`${label.name}\`${atLine(label.span, home)}`;
}

/** Where a parameter is underlined: its constructor call, that of the nearest module that has one, or the first call that uses it. */
export function spanOfParameter(parameter: number, context: DiagnosisContext): SourceSpan | null {
  const described = context.graph.parameters[parameter];
  if (described?.span) return described.span;
  let module = context.index.module(described?.module ?? null);
  while (module) {
    if (module.span) return module.span;
    module = context.index.module(module.parent);
  }
  const users = context.index.usersOf(parameter).map((number) => context.graph.nodes[number]?.span ?? null);
  return users.find((span) => span !== null) ?? null;
}

/** Some place in the source of the model, for what has none of its own. */
export function anySpan(context: DiagnosisContext): SourceSpan | null {
  const spans = [
    ...context.graph.modules.map((module) => module.span),
    ...context.graph.nodes.map((node) => node.span),
  ];
  return spans.find((span) => span !== null) ?? null;
}
