import type { SourceSpan } from '../../src/graph/source';
import type { ModelReport } from '../../src/report/report';
import { figure, percent, printable } from './figures';
import type { Leaf } from './leaves';
import { factor } from './ribbon';

interface Column {
  title: string;
  /** The column's name in a CSV file, whose figures are not rounded. */
  field: string;
  text: (leaf: Leaf) => string;
  raw: (leaf: Leaf) => string | number | null;
}

const wholeName = ({ weight, path, label }: Leaf) => weight?.name ?? [...path, label].join('.');

export const TABLE_COLUMNS: readonly Column[] = [
  { title: 'Layer', field: 'layer', text: (leaf) => printable(wholeName(leaf)), raw: wholeName },
  { title: 'Kind', field: 'kind', text: ({ type }) => type, raw: ({ type }) => type },
  { title: 'Shape', field: 'shape', text: ({ shape }) => shape, raw: ({ shape }) => shape },
  {
    title: 'Line',
    field: 'line',
    text: ({ span }) => (span ? String(span.range.start.line + 1) : ''),
    raw: ({ span }) => (span ? span.range.start.line + 1 : null),
  },
  {
    title: 'Verdict',
    field: 'verdict',
    text: ({ weight }) => weight?.verdict ?? '',
    raw: ({ weight }) => weight?.verdict ?? null,
  },
  {
    title: 'Relative gradient',
    field: 'log10_relative_gradient',
    text: ({ weight }) => (weight ? figure(weight.late) : ''),
    raw: ({ weight }) => weight?.late ?? null,
  },
  {
    title: 'At the start',
    field: 'log10_relative_gradient_start',
    text: ({ weight }) => (weight ? figure(weight.start) : ''),
    raw: ({ weight }) => weight?.start ?? null,
  },
  {
    title: 'Smallest',
    field: 'log10_relative_gradient_low',
    text: ({ weight }) => (weight ? figure(weight.low) : ''),
    raw: ({ weight }) => weight?.low ?? null,
  },
  {
    title: 'Largest',
    field: 'log10_relative_gradient_high',
    text: ({ weight }) => (weight ? figure(weight.high) : ''),
    raw: ({ weight }) => weight?.high ?? null,
  },
  {
    title: 'Activation gradient',
    field: 'log10_activation_gradient',
    text: ({ layer }) => (layer?.gradient == null ? '' : figure(layer.gradient)),
    raw: ({ layer }) => layer?.gradient ?? null,
  },
  {
    title: 'Passes back',
    field: 'log10_backward_gain',
    text: ({ layer }) => (layer?.lost == null ? '' : factor(layer.lost)),
    raw: ({ layer }) => (layer?.lost == null ? null : -layer.lost),
  },
  {
    title: 'Saturated',
    field: 'saturated',
    text: ({ layer }) => (layer?.saturated == null ? '' : percent(layer.saturated)),
    raw: ({ layer }) => layer?.saturated ?? null,
  },
  {
    title: 'Dead units',
    field: 'dead',
    text: ({ layer }) => (layer?.dead == null ? '' : percent(layer.dead)),
    raw: ({ layer }) => layer?.dead ?? null,
  },
];

export interface TableRow {
  key: string;
  cells: string[];
  flagged: boolean;
  span: SourceSpan | null;
}

export const tableOf = (leaves: readonly Leaf[]): TableRow[] =>
  leaves.map((leaf) => ({
    key: leaf.key,
    cells: TABLE_COLUMNS.map(({ text }) => text(leaf)),
    flagged: leaf.weight?.flagged ?? false,
    span: leaf.span,
  }));

/**
 * RFC 4180, with a column for each step. A spreadsheet takes a field that begins with =, +, - or @ for a formula, and names come from
 * the user's file: such fields get an apostrophe in front.
 */
export function csvOf(leaves: readonly Leaf[]): string {
  const steps = Math.max(0, ...leaves.map(({ weight }) => weight?.steps.length ?? 0));
  const header = [...TABLE_COLUMNS.map(({ field }) => field), ...Array.from({ length: steps }, (_, i) => `step_${i}`)];
  const lines = leaves.map((leaf) => [
    ...TABLE_COLUMNS.map(({ raw }) => raw(leaf)),
    ...Array.from({ length: steps }, (_, step) => leaf.weight?.steps[step] ?? null),
  ]);
  return [header, ...lines].map((line) => line.map(csvField).join(',') + '\r\n').join('');
}

function csvField(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The model's part of the report, as the command line's JSON form has it with `--flow`. */
export const jsonOf = (model: ModelReport): string => JSON.stringify(model, null, 2) + '\n';
