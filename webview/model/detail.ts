import type { Histogram } from '../../src/report/flow';
import type { ModelReport } from '../../src/report/report';
import { factor } from './ribbon';
import { figure, percent, short } from './figures';
import type { Row } from './rows';

export interface LayerDetail {
  figures: { name: string; value: string }[];
  gradients: Histogram | null;
  activations: Histogram | null;
  /** log10 relative gradient by step. */
  steps: readonly (number | null)[];
}

/** The figures of one row, ready to print. */
export function detailOf(model: ModelReport, row: Row): LayerDetail {
  const { leaf, group } = row;
  const layer = leaf?.layer ? model.layers[leaf.layer.number] : undefined;
  const flow = model.flow?.weights.find(({ parameter }) => parameter === leaf?.parameter);
  const activation = layer?.activation;
  const figures: [string, string | null | undefined][] = [
    ['Kind', leaf?.type],
    ['Weights', group ? `${row.weights}${row.flaggedWeights > 0 ? `, ${row.flaggedWeights} flagged` : ''}` : null],
    ['Verdict', leaf?.weight?.verdict],
    ['Note', leaf?.weight?.note],
    ['Relative gradient', row.late === undefined ? null : figure(row.late)],
    ['At the start', leaf?.weight ? figure(leaf.weight.start) : null],
    [
      'Over seeds and steps',
      row.low !== null && row.high !== null ? `${figure(row.low)} to ${figure(row.high)}` : null,
    ],
    ['Shape', leaf?.weight ? leaf.shape : null],
    ['Starts as', flow?.initialiser],
    ['Output', layer ? layer.outputShape.join(' × ') : null],
    ['Gradient at its output', layer ? gradientText(row.gradientOut) : null],
    ['Passes back', row.lost === null ? null : `${factor(row.lost)} of the gradient`],
    ['Activations', activation ? `${short(activation.mean)} ± ${short(activation.deviation)}` : null],
    ['Saturated', row.saturated === null ? null : percent(row.saturated)],
    ['Dead units', row.dead === null ? null : percent(row.dead)],
  ];
  return {
    figures: figures.flatMap(([name, value]) => (value == null || value === '' ? [] : [{ name, value }])),
    gradients: flow?.gradients ?? null,
    activations: (leaf?.layer ? model.flow?.activations[leaf.layer.number] : null) ?? null,
    steps: leaf?.weight?.steps ?? [],
  };
}

const gradientText = (log10: number | null) => (log10 === null ? 'zero or not reached' : figure(log10));
