import { drawRandom } from './data';
import type { DrawSource } from './ops/row';

/** The draws of one training step: fresh in every step, and the same for the same seed, step and draw number. */
export function stepDraws(seed: number, step: number): DrawSource {
  return {
    draw(distribution, draw, size) {
      const random = drawRandom(seed, step, draw);
      const elements = new Float32Array(size);
      if (distribution === 'normal') for (let i = 0; i < size; i++) elements[i] = random.normal();
      else for (let i = 0; i < size; i++) elements[i] = random.uniform();
      return elements;
    },
    keep(draw, rate, size) {
      // Apart from the plain draws of the same number: forward draws and masks are counted separately by some readers.
      const random = drawRandom(seed, step, -1 - draw);
      const elements = new Float32Array(size);
      for (let i = 0; i < size; i++) elements[i] = random.uniform() >= rate ? 1 : 0;
      return elements;
    },
  };
}
