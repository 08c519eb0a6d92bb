import { columnsOf, INDENT, type Track } from '../model/columns';
import { type Decades, placement } from '../model/decades';
import { printable } from '../model/figures';
import { ribbonOf } from '../model/ribbon';
import type { Row } from '../model/rows';
import { Axis, AXIS_HEIGHT } from './Axis';
import { type DrawnOverlay, Plot } from './Plot';
import { Ribbon } from './Ribbon';
import { TrackColumn } from './TrackColumn';

interface Props {
  title: string;
  rows: readonly Row[];
  decades: Decades;
  tracks: readonly Track[];
  step: number | null;
  overlays: readonly DrawnOverlay[];
}

export const PICTURE_WIDTH = 1000;
const TITLE = 30;
/** Pixels that all rows take at the most; below that each has `ROW`. */
const MOST_HEIGHT = 6000;
const ROW = 20;

/** The whole chart as one drawing that needs no style sheet, once its computed style is written into it. */
export function Picture({ title, rows, decades, tracks, step, overlays }: Props) {
  const longest = rows.reduce((most, { label, depth }) => Math.max(most, label.length + (depth * INDENT) / 7), 6);
  const columns = columnsOf(PICTURE_WIDTH, longest, tracks);
  const rowHeight = Math.min(ROW, MOST_HEIGHT / Math.max(1, rows.length));
  const height = rows.length * rowHeight;
  const placed = rows.map((row, i) => ({ row, y: (i + 0.5) * rowHeight }));
  const x = placement(decades, columns.plot.width);
  const whole = { width: PICTURE_WIDTH, height: TITLE + AXIS_HEIGHT + height + 10 };
  return (
    <svg class="picture" xmlns="http://www.w3.org/2000/svg" {...whole} viewBox={`0 0 ${whole.width} ${whole.height}`}>
      <rect class="paper" x="0" y="0" {...whole} />
      <text class="picture-title" x="8" y="20">
        {printable(title)}
      </text>
      <g transform={`translate(0,${TITLE})`}>
        <Axis columns={columns} decades={decades} x={x} steps={null} />
      </g>
      <g transform={`translate(0,${TITLE + AXIS_HEIGHT})`}>
        {placed.map(({ row, y }) => (
          <text
            key={row.key}
            class={row.flagged ? 'picture-name flagged' : 'picture-name'}
            x={8 + row.depth * INDENT}
            y={y + 4}
          >
            {rowHeight < 10 ? '' : clipped(row.label, (columns.names - row.depth * INDENT) / 7)}
          </text>
        ))}
        <g transform={`translate(${columns.ribbon.left},0)`}>
          <Ribbon placed={placed} pieces={ribbonOf(rows)} width={columns.ribbon.width} rowHeight={rowHeight} />
        </g>
        <g transform={`translate(${columns.plot.left},0)`}>
          <Plot
            {...{ placed, decades, x, rowHeight, step, overlays }}
            width={columns.plot.width}
            top={0}
            bottom={height}
          />
        </g>
        {columns.tracks.map(({ track, left, width }) => (
          <g key={track} transform={`translate(${left},0)`}>
            <TrackColumn track={track} placed={placed} rows={rows} width={width} rowHeight={rowHeight} />
          </g>
        ))}
      </g>
    </svg>
  );
}

const clipped = (label: string, letters: number) =>
  label.length > letters ? `${label.slice(0, Math.max(1, Math.floor(letters) - 1))}…` : label;
