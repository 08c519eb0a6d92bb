import { extent } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { figure, powerOfTen } from '../model/figures';

const WIDTH = 220;
const HEIGHT = 64;

/** A figure through training; the axis is logarithmic. */
export function Sparkline({ title, figures }: { title: string; figures: readonly (number | null)[] }) {
  const known = figures.filter((x) => x !== null);
  const [low = 0, high = 0] = extent(known);
  const [from, to] = [Math.floor(low), Math.max(Math.ceil(high), Math.floor(low) + 1)];
  const y = scaleLinear([from, to], [HEIGHT - 2, 2]);
  const x = scaleLinear([0, figures.length - 1], [30, WIDTH - 2]);
  const path = line<number | null>()
    .defined((value) => value !== null)
    .x((_, i) => x(i))
    .y((value) => y(value ?? 0))([...figures]);
  const said = `${title}: ${figure(figures[0] ?? null)} at step 0, ${figure(figures.at(-1) ?? null)} at step ${figures.length - 1}`;
  return (
    <figure class="sparkline">
      <figcaption>{title}</figcaption>
      <svg width={WIDTH} height={HEIGHT + 16} role="img" aria-label={said}>
        {[from, to].map((tick) => (
          <g key={tick}>
            <line class="grid" x1="30" x2={WIDTH} y1={y(tick)} y2={y(tick)} />
            <text class="tick" x="26" y={y(tick) + (tick === to ? 8 : 0)} text-anchor="end">
              {powerOfTen(tick)}
            </text>
          </g>
        ))}
        <path class="curve" d={path ?? ''} />
        <text class="tick" x="30" y={HEIGHT + 13} text-anchor="start">
          0
        </text>
        <text class="tick" x={WIDTH - 2} y={HEIGHT + 13} text-anchor="end">
          {figures.length - 1}
        </text>
      </svg>
    </figure>
  );
}
