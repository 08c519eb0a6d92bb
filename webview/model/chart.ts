import { extent } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import type { SourceSpan } from '../../src/graph/source';
import type { ModelReport, ParameterReport, ParameterVerdict } from '../../src/report/report';

/** One weight tensor's row of the chart. */
export interface Row {
  name: string;
  shape: string;
  span: SourceSpan | null;
  verdict: ParameterVerdict;
  flagged: boolean;
  /** log10(|dL/dW| / |W|): null is exactly zero or not reached. */
  late: number | null;
  start: number | null;
  note: string | null;
}

export interface Reference {
  kind: 'yardstick' | 'limit';
  value: number;
}

/** What the chart draws, in the order of the graph: no pixels yet, only rows and a domain in decades. */
export interface Chart {
  rows: Row[];
  /** Whole decades, wide enough for every figure and reference. */
  domain: [number, number];
  references: Reference[];
  /** Whether some row is exactly zero: it stands apart, left of the axis, because a logarithm has no zero. */
  hasZero: boolean;
}

const FLAGGED: ReadonlySet<ParameterVerdict> = new Set(['vanishing', 'exploding', 'dead', 'degenerate']);
/** Pixels that the label of a tick takes with some air. */
const TICK_WIDTH = 48;

/** The chart of a model's weights: tensors of two dims and more, biases left out as the rules leave them out. */
export function chartOf(model: ModelReport): Chart {
  const rows = model.parameters.filter(isWeight).map(rowOf);
  const references = referencesOf(model);
  const figures = [...rows.flatMap(({ late, start }) => [late, start]), ...references.map(({ value }) => value)];
  const [low = -1, high = 0] = extent(figures.filter((x): x is number => x !== null));
  // Adding zero turns the -0 of Math.ceil into 0.
  const domain: [number, number] = [Math.floor(low), Math.max(Math.ceil(high), Math.floor(low) + 1) + 0];
  return {
    rows,
    domain,
    references,
    hasZero: rows.some(({ late }) => late === null),
  };
}

/** Whole decades to label on an axis of so many pixels. */
export function ticksOf({ domain }: Pick<Chart, 'domain'>, width: number): number[] {
  const most = Math.max(2, Math.floor(width / TICK_WIDTH));
  return scaleLinear(domain, [0, width]).ticks(most).filter(Number.isInteger);
}

function isWeight({ shape, verdict }: ParameterReport): boolean {
  return shape.length >= 2 || FLAGGED.has(verdict);
}

function rowOf({ name, shape, span, verdict, logRelativeGradient, note }: ParameterReport): Row {
  return {
    name,
    shape: shape.join(' × '),
    span,
    verdict,
    flagged: FLAGGED.has(verdict),
    late: logRelativeGradient.late,
    start: logRelativeGradient.start,
    note,
  };
}

function referencesOf({ evidence }: ModelReport): Reference[] {
  const found: Reference[] = [];
  if (evidence?.limit != null) found.push({ kind: 'limit', value: evidence.limit });
  if (evidence?.yardstick != null) found.push({ kind: 'yardstick', value: evidence.yardstick });
  return found;
}

const SUPERSCRIPTS = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/** 10 to a whole power, as an axis prints it. */
export function powerOfTen(exponent: number): string {
  const digits = Array.from(String(Math.abs(exponent)), (digit) => SUPERSCRIPTS[Number(digit)] ?? '');
  return `10${exponent < 0 ? '⁻' : ''}${digits.join('')}`;
}

/** A figure given by its log10, with two significant digits: 2.1 × 10⁻¹²; also where no float could hold it. */
export function figure(log10: number | null): string {
  if (log10 === null) return 'exactly 0';
  if (log10 > -3 && log10 < 4) return Number((10 ** log10).toPrecision(2)).toString();
  let exponent = Math.floor(log10);
  let mantissa = Number((10 ** (log10 - exponent)).toPrecision(2));
  if (mantissa >= 10) {
    mantissa /= 10;
    exponent += 1;
  }
  return `${mantissa} × ${powerOfTen(exponent)}`;
}
