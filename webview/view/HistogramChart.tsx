import { scaleLinear } from 'd3-scale';
import type { Histogram } from '../../src/report/flow';
import { powerOfTen, short } from '../model/figures';

interface Props {
  title: string;
  histogram: Histogram;
  /** Whether bins are log10 of an absolute value, or the values themselves. */
  logarithmic: boolean;
}

const WIDTH = 220;
const HEIGHT = 64;

/** How a tensor's elements are spread. */
export function HistogramChart({ title, histogram, logarithmic }: Props) {
  const { first, width, counts, zeros, step } = histogram;
  const most = Math.max(1, ...counts);
  const end = first + width * counts.length;
  const x = scaleLinear([first, end > first ? end : first + 1], [1, WIDTH - 1]);
  const total = counts.reduce((sum, count) => sum + count, 0) + (logarithmic ? zeros : 0);
  const label = (value: number) => (logarithmic ? powerOfTen(Math.round(value)) : short(value));
  const zeroShare = total > 0 ? zeros / total : 0;
  return (
    <figure class="histogram">
      <figcaption>
        {title} <span class="quiet">at step {step}</span>
      </figcaption>
      {counts.length === 0 ? (
        <p class="quiet">Every element is exactly zero.</p>
      ) : (
        <svg
          width={WIDTH}
          height={HEIGHT + 16}
          role="img"
          aria-label={`${title} at step ${step}: from ${label(first)} to ${label(end)}, ${total} elements looked at`}
        >
          {counts.map((count, bin) => (
            <rect
              key={bin}
              class="bin"
              x={x(first + bin * width)}
              width={Math.max(0.5, x(first + (bin + 1) * width) - x(first + bin * width) - 0.5)}
              y={HEIGHT - (count / most) * HEIGHT}
              height={(count / most) * HEIGHT}
            />
          ))}
          <text class="tick" x="1" y={HEIGHT + 13} text-anchor="start">
            {label(first)}
          </text>
          <text class="tick" x={WIDTH - 1} y={HEIGHT + 13} text-anchor="end">
            {label(end)}
          </text>
        </svg>
      )}
      {zeroShare > 0 && counts.length > 0 && (
        <p class="quiet">{Number((zeroShare * 100).toPrecision(2))} % exactly zero</p>
      )}
    </figure>
  );
}
