import type { Tensor } from '../../graphBuilder';
import type { Scope } from '../scope';

// Contrastive denoising (Zhang et al. 2023, DINO, section 3.3), which RT-DETR trains with: noisy copies of the labelled boxes are queries
// of their own. There are no labels here, so one box a picture is drawn, always the same.

export interface Denoising {
  classes: number;
  /** Queries to make, half of them positive; the package counts the positive ones. */
  groups: number;
  /** Queries that find objects by themselves. */
  queries: number;
}

/** Fractions in [0, 1) that do not repeat: multiples of the golden ratio. */
const fraction = (i: number) => (i * 0.6180339887498949) % 1;

const logit = (p: number) => Math.log(p / (1 - p));

export interface DenoisingQueries {
  /** Class numbers, [N, 2 * groups]. */
  labels: Tensor;
  /** Boxes before the sigmoid, [N, 2 * groups, 4]. */
  boxes: Tensor;
  /** Whether a query may look at another, [1, 1, Q, Q]. */
  mask: Tensor;
}

/** Noisy queries for a batch, one object in each picture. */
export function denoisingQueries(
  scope: Scope,
  batch: number,
  { classes, groups, queries }: Denoising,
): DenoisingQueries {
  const { b } = scope;
  const noisy = 2 * groups;
  const labels: number[] = [];
  const boxes: number[] = [];
  for (let i = 0; i < batch * noisy; i++) {
    labels.push(Math.floor(fraction(i + 1) * classes));
    const [x, y, w, h] = [0, 1, 2, 3].map((k) => fraction(7 * i + 3 * k + 1)) as [number, number, number, number];
    // Inside the picture whatever the noise: centres in its middle half, sides of a tenth to a half.
    boxes.push(logit(0.25 + x / 2), logit(0.25 + y / 2), logit(0.1 + 0.4 * w), logit(0.1 + 0.4 * h));
  }
  const all = noisy + queries;
  const allowed = Array.from({ length: all * all }, (_, i) => {
    const [from, to] = [Math.floor(i / all), i % all];
    // Ordinary queries see no noisy one; a noisy one sees its own group and the ordinary ones.
    if (to >= noisy) return 1;
    return from < noisy && Math.floor(from / 2) === Math.floor(to / 2) ? 1 : 0;
  });
  return {
    labels: b.constant(labels, [batch, noisy], 'int'),
    boxes: b.constant(boxes, [batch, noisy, 4]),
    mask: b.constant(allowed, [1, 1, all, all], 'bool'),
  };
}
