import { extent } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { Track } from '../model/columns';
import type { PlacedRow } from '../model/plotPaths';
import type { Row } from '../model/rows';

export const TRACK_NAMES: Record<Track, string> = {
  gradient: 'activation gradient',
  saturated: 'saturated',
  dead: 'dead units',
};

interface Props {
  track: Track;
  placed: readonly PlacedRow[];
  /** All rows, so that the scale stays while one scrolls. */
  rows: readonly Row[];
  width: number;
  rowHeight: number;
}

/** One figure of each layer's output: shares as bars, the gradient as a curve over its own decades. */
export function TrackColumn({ track, placed, rows, width, rowHeight }: Props) {
  if (track === 'gradient') return <GradientTrack placed={placed} rows={rows} width={width} />;
  const height = Math.max(1, Math.min(12, rowHeight - 2));
  return (
    <g class={`track ${track}`}>
      {placed.map(({ row, y }) => {
        const share = row[track];
        return share === null || (row.group?.id !== undefined && !row.folded) ? null : (
          <g key={row.key}>
            <rect class="track-room" x="0" y={y - height / 2} width={width} height={height} />
            {share > 0 && (
              <rect class="track-bar" x="0" y={y - height / 2} width={Math.max(1, share * width)} height={height} />
            )}
          </g>
        );
      })}
    </g>
  );
}

function GradientTrack({ placed, rows, width }: Pick<Props, 'placed' | 'rows' | 'width'>) {
  const [low = 0, high = 1] = extent(rows.flatMap(({ gradientOut }) => gradientOut ?? []));
  const x = scaleLinear([low, Math.max(high, low + 1)], [4, width - 4]);
  const known = placed.filter(({ row }) => row.folded || (row.leaf?.layer ?? null) !== null);
  const path = line<PlacedRow>()
    .defined(({ row }) => row.gradientOut !== null)
    .x(({ row }) => x(row.gradientOut ?? 0))
    .y(({ y }) => y)(known);
  return (
    <g class="track gradient">
      <line class="grid" x1="4" x2="4" y1={(placed[0]?.y ?? 0) - 11} y2={(placed.at(-1)?.y ?? 0) + 11} />
      <path class="track-line" d={path ?? ''} />
    </g>
  );
}
