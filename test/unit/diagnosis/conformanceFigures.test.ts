import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose';
import type { Framework } from '../../../src/graph/graph';
import { GraphBuilder, PLAN, spanAt, traceOf, type ParameterFigures } from './builder';

// Holds the rules against the conformance pack's own measured figures: what the reference run saw goes in, the reference's
// verdict must come out. The wiring that the verdict depends on beyond the figures (a detach, a gate) is rebuilt in small.

const folder = path.resolve(__dirname, '../../../../shared/conformance/cases');

interface Case {
  id: string;
  framework: string;
  expect: {
    parameters: {
      name: string;
      shape: number[];
      initStd: number;
      line: unknown;
      used?: boolean;
      trainable?: boolean;
    }[];
  };
  health: {
    verdict: string;
    strength: string;
    flagged: string[];
    borderline: string[];
    reference: {
      parameters: { name: string; start: number | null; late: number | null }[];
      measured: { adam: { top: number; nonFiniteSteps: number } };
    };
  };
}

const cases = fs
  .readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')) as Case);

function frameworkOf(name: string): Framework {
  return name === 'pytorch' || name === 'ultralytics' ? 'pytorch' : name === 'tfjs' ? 'tfjs' : 'keras';
}

/** -60 stands for exactly zero in the pack, null for a weight that is zero itself. */
const figure = (x: number | null) => (x === null ? NaN : x === -60 ? -Infinity : x);

function rebuild(one: Case) {
  const builder = new GraphBuilder(frameworkOf(one.framework));
  const measured = new Map(one.health.reference.parameters.map((p) => [p.name, p]));
  let x = builder.input([4, 8]);
  const zeroGamma = one.id.endsWith('zero-gamma');
  const figures: ParameterFigures[] = [];
  const closing: number[] = [];
  for (const p of one.expect.parameters) {
    const start = figure(measured.get(p.name)?.start ?? null);
    const late = figure(measured.get(p.name)?.late ?? null);
    const line = typeof p.line === 'number' ? p.line : 1;
    const value = builder.parameter(
      p.name,
      p.shape,
      { kind: 'normal', mean: 0, std: p.initStd },
      { span: spanAt(line - 1), trainable: p.trainable !== false },
    );
    figures.push({ start, late, reached: p.used !== false });
    if (p.used === false && one.id !== 'torch-detach') continue;
    if (p.shape.length < 2) continue;
    if (zeroGamma && start === -Infinity) {
      // A residual branch: the weight, then a norm whose gamma starts at zero, then the sum.
      let branch = builder.node('linear', { weightLayout: 'outIn' }, [x, value], [4, 8]);
      const gamma = builder.parameter(`gate${builder.graph.parameters.length}`, [8], { kind: 'constant', value: 0 });
      // Adam moves a gamma by 1e-3 a step: a median of 0.015 over the late steps, where the gradient gets to it at all.
      const opens = late > -Infinity;
      figures.push({ start: 0, late: 0, weight: [-Infinity, opens ? Math.log10(0.015 * Math.sqrt(8)) : -Infinity] });
      branch = builder.node(
        'batchNorm',
        { axis: 1, epsilon: 1e-5, scale: true, offset: false },
        [branch, gamma],
        [4, 8],
      );
      if (!opens) {
        branch = builder.node('relu', {}, [branch], [4, 8]);
        closing.push(branch);
      }
      x = builder.node('add', {}, [x, branch], [4, 8]);
      continue;
    }
    x = builder.node('linear', { weightLayout: 'outIn' }, [x, value], [4, 8]);
    if (one.id === 'torch-detach' && p.name === 'encoder.2.weight') x = builder.node('detach', {}, [x], [4, 8]);
    if (one.id === 'torch-dead-relu') x = builder.node('relu', {}, [x], [4, 8]);
  }
  if (one.id === 'torch-softmax-one') {
    builder.graph.values[x]!.shape = [4, 1];
    x = builder.node('softmax', { axis: 1 }, [x], [4, 1]);
  }
  builder.output(x);
  const trace = traceOf(builder.graph, figures, valueFigures(builder, one, closing));
  const diagnosis = diagnose(builder.graph, { ...trace, plan: { ...PLAN, steps: 31 } });
  return { ...diagnosis, names: builder.graph.parameters.map((p) => p.name) };
}

/** Gradients at the values, as far as the zero cases need them: zero up to the op that ends the gradient. */
function valueFigures(builder: GraphBuilder, one: Case, closing: readonly number[]) {
  const { graph } = builder;
  const relus = graph.nodes.flatMap((node) => (node.op === 'relu' ? node.outputs : []));
  return graph.values.map((_, value) => {
    if (one.id === 'torch-softmax-one') return { gradient: -Infinity };
    if (one.id === 'torch-dead-relu') {
      const closed = relus[1] ?? 0;
      return value < closed
        ? { gradient: -Infinity }
        : { gradient: -1, mean: value === closed ? 0 : 0.1, deviation: value === closed ? 0 : 1 };
    }
    const reader = graph.nodes.find((node) => node.inputs.includes(value) && node.op !== 'parameter');
    const intoClosed = closing.some((end) => {
      const relu = graph.nodes.find((node) => node.outputs.includes(end));
      const norm = graph.nodes.find((node) => node.outputs.includes(relu?.inputs[0] ?? -1));
      return relu?.inputs.includes(value) === true || norm?.inputs[0] === value;
    });
    return { gradient: intoClosed ? -Infinity : reader ? -1 : -0.5 };
  });
}

describe('the rules on the figures of the conformance pack', () => {
  it('finds the pack', () => expect(cases.length).toBeGreaterThan(90));

  it.each(cases.map((one) => [one.id, one] as const))('%s', (_, one) => {
    if (one.health.strength === 'ambiguous') return;
    const { verdict, parameters, yardstick, findings, names } = rebuild(one);
    expect(verdict).toBe(one.health.verdict);
    const flagged = names.filter(
      (name, k) =>
        ['vanishing', 'dead', 'degenerate'].includes(parameters[k]?.verdict ?? '') &&
        !one.health.borderline.includes(name),
    );
    expect(new Set(flagged)).toEqual(
      new Set(one.health.flagged.filter((name) => !one.health.borderline.includes(name))),
    );
    const top = one.health.reference.measured.adam.top;
    expect(yardstick).toBeCloseTo(figure(top), 3);
    expect(findings.length > 0).toBe(one.health.verdict !== 'healthy');
  });
});
