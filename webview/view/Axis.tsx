import type { Columns } from '../model/columns';
import { type Decades, ticksOf } from '../model/decades';
import { powerOfTen } from '../model/figures';
import { TRACK_NAMES } from './TrackColumn';

export const AXIS_HEIGHT = 44;

interface Props {
  columns: Columns;
  decades: Decades;
  x: (value: number | null) => number;
  /** What the plot shows: an axis of decades, or one of steps. */
  steps: number | null;
}

/** Titles of the columns, the decades, and what the two reference lines are. */
export function Axis({ columns, decades, x, steps }: Props) {
  const { ribbon, plot, tracks } = columns;
  return (
    <g class="axis-marks">
      <text class="axis-title" x={ribbon.left + ribbon.width / 2} y="12" text-anchor="middle">
        flow
      </text>
      <g transform={`translate(${plot.left},0)`}>
        {steps === null ? (
          <>
            <text class="axis-title" x={plot.width / 2} y="12" text-anchor="middle">
              |gradient| / |weight|
            </text>
            {decades.hasZero && (
              <text class="tick" x={x(null)} y="42">
                0
              </text>
            )}
            {ticksOf(decades, plot.width).map((tick) => (
              <text key={tick} class="tick" x={x(tick)} y="42">
                {powerOfTen(tick)}
              </text>
            ))}
            {decades.references.map(({ kind, value }) => {
              const right = kind === 'yardstick';
              // A label flips to the other side of its line where it would stick out.
              const fits = right ? x(value) + 56 < plot.width + 10 : x(value) > 30;
              const after = right === fits;
              return (
                <text
                  key={kind}
                  class={`reference-label ${kind}`}
                  x={x(value)}
                  dx={after ? 4 : -4}
                  y="27"
                  text-anchor={after ? 'start' : 'end'}
                >
                  {kind}
                </text>
              );
            })}
          </>
        ) : (
          <>
            <text class="axis-title" x={plot.width / 2} y="12" text-anchor="middle">
              step
            </text>
            {[0, Math.floor((steps - 1) / 2), steps - 1]
              .filter((step, i, all) => all.indexOf(step) === i)
              .map((step) => (
                <text key={step} class="tick" x={((step + 0.5) / steps) * plot.width} y="42">
                  {step}
                </text>
              ))}
          </>
        )}
      </g>
      {tracks.map(({ track, left, width }) => (
        <text
          key={track}
          class="axis-title"
          x={left + width / 2}
          y={track === 'gradient' ? 12 : 42}
          text-anchor="middle"
        >
          {track === 'gradient' && width < 80 ? 'dL/dy' : TRACK_NAMES[track]}
        </text>
      ))}
    </g>
  );
}
