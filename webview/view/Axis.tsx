import type { Columns } from '../model/columns';
import { type Decades, type Reference, ticksOf } from '../model/decades';
import { powerOfTen } from '../model/figures';
import { TRACK_NAMES } from './TrackColumn';

export const AXIS_HEIGHT = 56;
/** Base lines of the labels: title, the two references (one under the other where they would touch), ticks. */
const LINES = { title: 12, upper: 26, lower: 39, ticks: 53 };
/** Pixels between the two references from which their labels stand side by side. */
const APART = 4;
/** Pixels of the longer label. */
const LABEL = 56;

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
  const place = (kind: Reference['kind']) => {
    const value = decades.references.find((reference) => reference.kind === kind)?.value;
    return value === undefined ? NaN : x(value);
  };
  const [limit, yardstick] = [place('limit'), place('yardstick')];
  const flips = yardstick + LABEL >= plot.width + 10;
  const touching = flips ? yardstick - LABEL < limit : yardstick - limit < APART;
  return (
    <g class="axis-marks">
      <text class="axis-title" x={ribbon.left + ribbon.width / 2} y={LINES.title} text-anchor="middle">
        flow
      </text>
      <g transform={`translate(${plot.left},0)`}>
        {steps === null ? (
          <>
            <text class="axis-title" x={plot.width / 2} y={LINES.title} text-anchor="middle">
              |gradient| / |weight|
            </text>
            {decades.hasZero && (
              <text class="tick" x={x(null)} y={LINES.ticks}>
                0
              </text>
            )}
            {ticksOf(decades, plot.width).map((tick) => (
              <text key={tick} class="tick" x={x(tick)} y={LINES.ticks}>
                {powerOfTen(tick)}
              </text>
            ))}
            {decades.references.map(({ kind, value }) => {
              const right = kind === 'yardstick';
              // A label flips to the other side of its line where it would stick out.
              const fits = right ? x(value) + LABEL < plot.width + 10 : x(value) > 30;
              const after = right === fits;
              return (
                <text
                  key={kind}
                  class={`reference-label ${kind}`}
                  x={x(value)}
                  dx={after ? 4 : -4}
                  y={kind === 'limit' && touching ? LINES.upper : LINES.lower}
                  text-anchor={after ? 'start' : 'end'}
                >
                  {kind}
                </text>
              );
            })}
          </>
        ) : (
          <>
            <text class="axis-title" x={plot.width / 2} y={LINES.title} text-anchor="middle">
              step
            </text>
            {[0, Math.floor((steps - 1) / 2), steps - 1]
              .filter((step, i, all) => all.indexOf(step) === i)
              .map((step) => (
                <text key={step} class="tick" x={((step + 0.5) / steps) * plot.width} y={LINES.ticks}>
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
          y={track === 'gradient' ? LINES.title : LINES.ticks}
          text-anchor="middle"
        >
          {track === 'gradient' && width < 80 ? 'dL/dy' : TRACK_NAMES[track]}
        </text>
      ))}
    </g>
  );
}
