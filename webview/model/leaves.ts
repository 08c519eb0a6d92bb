import type { SourceSpan } from '../../src/graph/source';
import type { ModelReport, ParameterReport, ParameterVerdict } from '../../src/report/report';
import { printable } from './figures';

/** What a weight measured. log10 of |dL/dW| / |W|; null is exactly zero or not reached. */
export interface WeightFigures {
  name: string;
  verdict: ParameterVerdict;
  flagged: boolean;
  late: number | null;
  start: number | null;
  /** Over seeds and late steps. */
  low: number | null;
  high: number | null;
  steps: readonly (number | null)[];
  note: string | null;
}

/** What a layer's output measured. */
export interface LayerFigures {
  /** Number into the report's layers. */
  number: number;
  /** log10 RMS of the gradient at the output; null: zero or not reached. */
  gradient: number | null;
  /** Decades that the gradient loses on its way back through the layer; null where not known. */
  lost: number | null;
  saturated: number | null;
  dead: number | null;
}

/** One row of the unfolded chart: a weight with its layer, or a layer without weights. */
export interface Leaf {
  key: string;
  /** Dotted path of the module, split; the row's own label is not part of it. */
  path: readonly string[];
  label: string;
  type: string;
  shape: string;
  span: SourceSpan | null;
  /** Number into the report's parameters. */
  parameter: number | null;
  weight: WeightFigures | null;
  layer: LayerFigures | null;
}

const FLAGGED: ReadonlySet<ParameterVerdict> = new Set(['vanishing', 'exploding', 'dead', 'degenerate']);

/** The rows in the order of the graph. Of biases only flagged ones; weights that no layer reads come last. */
export function leavesOf(model: ModelReport): Leaf[] {
  const flows = new Map(model.flow?.weights.map((flow) => [flow.parameter, flow]));
  const shown = new Set<number>();
  const weightRow = (number: number, layer: LayerFigures | null, path: string | null, type: string): Leaf[] => {
    const parameter = model.parameters[number];
    if (!parameter || shown.has(number) || !isWeight(parameter)) return [];
    shown.add(number);
    const flow = flows.get(number);
    const [module, label] = splitName(parameter.name);
    return [
      {
        key: parameter.name,
        path: path === null ? module : pathOf(path),
        label: printable(label),
        type,
        shape: parameter.shape.join(' × '),
        span: parameter.span,
        parameter: number,
        weight: {
          name: parameter.name,
          verdict: parameter.verdict,
          flagged: FLAGGED.has(parameter.verdict),
          ...parameter.logRelativeGradient,
          low: flow?.low ?? parameter.logRelativeGradient.late,
          high: flow?.high ?? parameter.logRelativeGradient.late,
          steps: flow?.steps ?? [],
          note: parameter.note,
        },
        layer,
      },
    ];
  };
  const containers = new Set(model.layers.flatMap(({ path }) => parentsOf(path)));
  const rows = model.layers.flatMap((layer, number): Leaf[] => {
    const figures: LayerFigures = {
      number,
      gradient: layer.logGradient,
      lost: layer.logBackwardGain === null ? null : -layer.logBackwardGain,
      saturated: layer.activation?.saturated ?? null,
      dead: layer.activation?.dead ?? null,
    };
    const weights = layer.parameters.flatMap((each) => weightRow(each, figures, layer.path || null, layer.type));
    if (weights.length > 0) return weights;
    const path = pathOf(layer.path);
    // A call of the user's own module lies in that module's group; a module of its own goes by its name.
    const own = containers.has(layer.path) ? undefined : path.at(-1);
    return [
      {
        key: `layer ${number}`,
        path: own === undefined ? path : path.slice(0, -1),
        label: printable(own === undefined || own === '' ? layer.type : `${own} ${layer.type}`),
        type: layer.type,
        shape: layer.outputShape.join(' × '),
        span: layer.span,
        parameter: null,
        weight: null,
        layer: figures,
      },
    ];
  });
  return [...rows, ...model.parameters.flatMap((_, number) => weightRow(number, null, null, ''))];
}

/** All paths around a path. */
function parentsOf(path: string): string[] {
  return [...path.matchAll(/[./]/g)].map(({ index }) => path.slice(0, index));
}

/** PyTorch joins by dots, Keras by slashes. */
export const pathOf = (path: string): string[] => (path === '' ? [] : path.split(/[./]/));

function splitName(name: string): [module: string[], label: string] {
  const parts = pathOf(name);
  return [parts.slice(0, -1), parts.at(-1) ?? name];
}

function isWeight({ shape, verdict }: ParameterReport): boolean {
  return shape.length >= 2 || FLAGGED.has(verdict);
}
