import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose';
import type { Initialiser } from '../../../src/graph/initialiser';
import { GraphBuilder, spanAt, traceOf, type ParameterFigures, type ValueFigures } from './builder';

const LINEAR = { weightLayout: 'outIn' } as const;

interface Net {
  builder: GraphBuilder;
  figures: ParameterFigures[];
  values: ValueFigures[];
}

function layer(net: Net, x: number, late: number, gradient: number, std = 0.35): number {
  const { builder, figures, values } = net;
  const number = builder.graph.parameters.length;
  const module = builder.module(`fc${number}`, 'Linear', spanAt(number === 0 ? 0 : 1));
  const initialiser: Initialiser = { kind: 'normal', mean: 0, std };
  const weight = builder.parameter(`fc${number}.weight`, [8, 8], initialiser, {
    module,
    span: spanAt(number === 0 ? 0 : 1),
  });
  figures.push({ start: late, late });
  const y = builder.node('linear', LINEAR, [x, weight], [4, 8], { module, span: spanAt(9) });
  values[y] = { gradient };
  return y;
}

function start(): Net {
  const builder = new GraphBuilder();
  builder.input([4, 8]);
  return { builder, figures: [], values: [] };
}

function finish({ builder, figures, values }: Net, output: number) {
  builder.output(output);
  return diagnose(builder.graph, traceOf(builder.graph, figures, values));
}

describe('attribution', () => {
  it('adds up to the whole, whatever the branches', () => {
    const gradient = fc.double({ min: -9, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(gradient, gradient, gradient), { minLength: 1, maxLength: 8 }),
        gradient,
        (blocks, first) => {
          const net = start();
          let x = layer(net, 0, -12, first);
          for (const [inner, branch, sum] of blocks) {
            const side = net.builder.node('tanh', {}, [x], [4, 8], { span: spanAt(5) });
            net.values[side] = { gradient: branch };
            const deep = layer(net, side, -1, inner);
            const y = net.builder.node('add', {}, [x, deep], [4, 8], { span: spanAt(6) });
            net.values[y] = { gradient: sum };
            x = y;
          }
          const head = layer(net, x, -0.5, -1);
          const { findings } = finish(net, head);
          const [finding] = findings;
          const total = finding?.attribution.reduce((sum, part) => sum + part.decades, 0) ?? NaN;
          // From fc0 (1e-12) to the head (10^-0.5) 11.5 decades are lost; 5 % is the most that may go astray.
          expect(Math.abs(total - 11.5)).toBeLessThan(0.05 * 11.5);
          expect(total).toBeCloseTo(11.5, 9);
        },
      ),
    );
  });

  it('follows the shortcut, where the strong gradient is', () => {
    const net = start();
    let x = layer(net, 0, -6, -6.5);
    const weak = layer(net, x, -7, -9);
    const sum = net.builder.node('add', {}, [x, weak], [4, 8], { span: spanAt(6) });
    net.values[sum] = { gradient: -6.4 };
    x = net.builder.node('sigmoid', {}, [sum], [4, 8], { span: spanAt(7) });
    net.values[x] = { gradient: -1.4 };
    const { findings } = finish(net, layer(net, x, -0.5, -1));
    const parts = findings[0]?.attribution.map(({ operation, count, decades }) => [
      operation,
      count,
      decades.toFixed(2),
    ]);
    expect(parts).toEqual([
      ['Sigmoid', 1, '5.00'],
      ['Linear', 1, '0.40'],
      ['addition', 1, '0.10'],
    ]);
    expect(findings[0]?.causeKind).toBe('saturating-activation');
    expect(findings[0]?.causeNodes).toEqual([net.builder.graph.nodes.findIndex(({ op }) => op === 'sigmoid')]);
    expect(findings[0]?.related).toEqual([{ message: '1 × `Sigmoid` took 5.0 decades (×1.0e-5).', span: spanAt(7) }]);
  });

  it('measures against the output where no other layer lies behind', () => {
    const net = start();
    const y = layer(net, 0, -9, -5);
    const pooled = net.builder.node('mean', { axes: [1], keepDims: false }, [y], [4], { span: spanAt(8) });
    net.values[pooled] = { gradient: -0.5 };
    const { findings } = finish(net, pooled);
    expect(findings[0]?.causeKind).toBe('pooling');
    expect(findings[0]?.cause).toContain("of the loss's at the output");
  });
});

/** A tower of `depth` layers of one op between, `perOp` and `perLayer` decades each. */
function tower(op: 'relu' | 'tanh' | 'layerNorm', depth: number, perOp: number, perLayer: number, std: number) {
  const net = start();
  let lost = depth * (perOp + perLayer);
  let x = layer(net, 0, -0.5 - lost, -1 - lost, std);
  for (let i = 0; i < depth; i++) {
    lost -= perOp;
    if (op === 'layerNorm') {
      const y = net.builder.node('add', {}, [x, x], [4, 8], { span: spanAt(6) });
      net.values[y] = { gradient: -1 - lost - perOp };
      x = net.builder.node('layerNorm', { axes: [1], epsilon: 1e-5, scale: false, offset: false }, [y], [4, 8]);
    } else x = net.builder.node(op, {}, [x], [4, 8], { span: spanAt(6) });
    net.values[x] = { gradient: -1 - lost };
    lost -= perLayer;
    x = layer(net, x, -0.5 - lost, -1 - lost, std);
  }
  return finish(net, x);
}

describe('the cause', () => {
  it('is the initialiser where layers start under what their activation needs', () => {
    // PyTorch's default: std = 1 / sqrt(3 fan_in), a gain of 0.58 where ReLU needs 1.41.
    const { findings } = tower('relu', 20, 0.15, 0.24, 1 / Math.sqrt(24));
    expect(findings[0]?.causeKind).toBe('small-initialiser');
    expect(findings[0]?.message).toMatch(/He for ReLU/);
  });

  it('is depth where they do not', () => {
    expect(tower('relu', 40, 0.15, 0.05, Math.sqrt(2 / 8)).findings[0]?.causeKind).toBe('depth');
  });

  it('is the initialiser, not tanh, where tanh hardly takes anything', () => {
    expect(tower('tanh', 20, 0.02, 0.24, 1 / Math.sqrt(24)).findings[0]?.causeKind).toBe('small-initialiser');
    expect(tower('tanh', 20, 0.4, 0.1, 0.35).findings[0]?.causeKind).toBe('saturating-activation');
  });

  it('is the norm behind the sum', () => {
    expect(tower('layerNorm', 20, 0.3, 0, 0.35).findings[0]?.causeKind).toBe('post-normalisation');
  });
});

describe('findings', () => {
  it('are one per constructor call, worst layer first in the message', () => {
    const { findings, verdict } = tower('relu', 20, 0.15, 0.24, 0.2);
    expect(verdict).toBe('vanishing');
    expect(findings.map(({ span }) => span)).toEqual([spanAt(0), spanAt(1)]);
    expect(findings[1]?.parameters.length).toBe(12);
    expect(findings[1]?.message).toMatch(/^`fc1` and 11 more layers made here hardly learn: their gradients vanish\./);
    expect(findings[0]?.message).toMatch(
      /^`fc0` hardly learns: its gradient vanishes\. `fc0\.weight` gets 5\.0e-9 of its own size/,
    );
  });
});
