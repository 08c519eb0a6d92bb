import { type Overlay, overlayAt } from '../model/compare';
import { type Decades, ticksOf } from '../model/decades';
import { bandPath, dotsPath, figureAt, latePath, overlayPath, type PlacedRow } from '../model/plotPaths';
import { MarkShape } from './MarkShape';

/** A curve of another model, and how it is drawn. */
export interface DrawnOverlay {
  kind: 'previous' | 'pinned' | 'remedy';
  overlay: Overlay;
}

interface Props {
  placed: readonly PlacedRow[];
  decades: Decades;
  x: (value: number | null) => number;
  width: number;
  /** Top and bottom of what is drawn, in pixels. */
  top: number;
  bottom: number;
  rowHeight: number;
  /** The step whose figures are shown; null for the late ones. */
  step: number | null;
  overlays: readonly DrawnOverlay[];
}

/** Row height below which marks are points of one path: a thousand elements would be slow, and no larger. */
const SINGLE_MARKS = 9;

/** Relative gradients of the rows, with yardstick, limit, the band over seeds and steps, and the curves laid over. */
export function Plot({ placed, decades, x, width, top, bottom, rowHeight, step, overlays }: Props) {
  const at = figureAt(step);
  const line = (key: string, of: string, value: number) => (
    <line key={key} class={of} x1={x(value)} x2={x(value)} y1={top} y2={bottom} />
  );
  return (
    <g class="flow-plot">
      {ticksOf(decades, width).map((tick) => line(`tick ${tick}`, 'grid', tick))}
      {decades.hasZero && <line class="zero-lane" x1={x(null)} x2={x(null)} y1={top} y2={bottom} />}
      {decades.references.map(({ kind, value }) => line(kind, `reference ${kind}`, value))}
      <path class="band" d={bandPath(placed, x)} />
      {overlays.map(({ kind, overlay }) => (
        <g key={kind} class={`overlay ${kind}`}>
          <path class="overlay-line" d={overlayPath(placed, x, overlay)} />
          <path class="overlay-dots" d={dotsPath(placed, x, (row) => overlayAt(overlay, row))} />
        </g>
      ))}
      <path class="late-line" d={latePath(placed, x, at)} />
      {rowHeight < SINGLE_MARKS ? (
        <>
          <path
            class="points healthy"
            d={dotsPath(
              placed.filter(({ row }) => !row.flagged),
              x,
              at,
            )}
          />
          <path
            class="points flagged"
            d={dotsPath(
              placed.filter(({ row }) => row.flagged),
              x,
              at,
            )}
          />
        </>
      ) : (
        placed.map(({ row, y }) => {
          const value = at(row);
          if (value === undefined || row.verdict === null) return null;
          return (
            <g key={row.key}>
              {row.group && row.low !== null && row.high !== null && (
                <line class="range" x1={x(row.low)} x2={x(row.high)} y1={y} y2={y} />
              )}
              {step === null && row.leaf && row.start !== null && value !== null && (
                <line class="change" x1={x(row.start)} x2={x(value)} y1={y} y2={y} />
              )}
              <g transform={`translate(${x(value).toFixed(1)},${y})`}>
                <MarkShape verdict={row.verdict} />
              </g>
            </g>
          );
        })
      )}
    </g>
  );
}
