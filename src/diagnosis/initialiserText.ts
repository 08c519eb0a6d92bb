import type { GraphParameter } from '../graph/graph';
import type { Initialiser } from '../graph/initialiser';

/** How a parameter starts, in words, with who says so. */
export function initialiserText({ initialiser, initialiserOrigin }: GraphParameter): string {
  const origin = { default: "the framework's default", file: 'set in the file', checkpoint: 'from a checkpoint' };
  return `${draw(initialiser)}, ${origin[initialiserOrigin]}`;
}

function draw(initialiser: Initialiser): string {
  switch (initialiser.kind) {
    case 'uniform':
      return `uniform in [${short(initialiser.low)}, ${short(initialiser.high)}]`;
    case 'normal':
      return normal(initialiser.mean, initialiser.std);
    case 'truncatedNormal':
      return `${normal(initialiser.mean, initialiser.std)}, cut to [${short(initialiser.low)}, ${short(initialiser.high)}]`;
    case 'constant':
      return `all ${typeof initialiser.value === 'number' ? short(initialiser.value) : initialiser.value}`;
    case 'orthogonal':
      return `orthogonal, gain ${short(initialiser.gain)}`;
    case 'identity':
      return `identity times ${short(initialiser.gain)}`;
    case 'dirac':
      return 'passes its channels through (Dirac)';
    case 'sparse':
      return `${normal(0, initialiser.std)}, ${short(initialiser.sparsity * 100)} % of each column zero`;
    case 'values':
      return 'values that the file computes';
    case 'affine':
      return `${short(initialiser.scale)} × (${draw(initialiser.base)}) + ${short(initialiser.shift)}`;
    case 'regions':
      return `${draw(initialiser.base)}, partly overwritten`;
    case 'unknown':
      return `not known (${initialiser.reason})`;
  }
}

const normal = (mean: number, std: number) => `normal, mean ${short(mean)}, deviation ${short(std)}`;

const short = (x: number) => String(Number(x.toPrecision(3)));
