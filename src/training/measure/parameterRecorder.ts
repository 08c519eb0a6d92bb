import type { Tensor } from '@tensorflow/tfjs-core';
import type { ModelGraph } from '../../graph/graph';
import type { ParameterTrace } from '../../trace/trace';
import { log2NormOf, type MeasuredGradient } from '../executor/scaled';
import { heap } from '../kernels/heap';
import { log2Norm, zeroCount } from '../kernels/measure';
import { isCounted, octaves } from './histogram';

/** Collects gradients and weights of one seed's steps, each before the step's update. */
export class ParameterRecorder {
  readonly #traces: ParameterTrace[];

  constructor(
    graph: ModelGraph,
    private readonly steps: number,
  ) {
    const blank = () => new Float64Array(steps).fill(NaN);
    this.#traces = graph.parameters.map(() => ({
      reached: false,
      gradient: blank(),
      weight: blank(),
      zeroShare: blank(),
    }));
  }

  record(number: number, weight: Tensor, gradient: MeasuredGradient | null, step: number): void {
    const trace = this.#traces[number];
    if (trace === undefined) return;
    trace.weight[step] = log2Norm(weight);
    if (gradient === null) return;
    trace.reached = true;
    trace.gradient[step] = log2NormOf(gradient);
    trace.zeroShare[step] = zeroCount(gradient.tensor) / Math.max(1, gradient.tensor.size);
    if (isCounted(step, this.steps)) trace.histogram = octaves(heap().floats(gradient.tensor), gradient.exponent, step);
  }

  finish(steps: number): ParameterTrace[] {
    return this.#traces.map((trace) => ({
      reached: trace.reached,
      gradient: trace.gradient.slice(0, steps),
      weight: trace.weight.slice(0, steps),
      zeroShare: trace.zeroShare.slice(0, steps),
      ...(trace.histogram ? { histogram: trace.histogram } : {}),
    }));
  }
}
