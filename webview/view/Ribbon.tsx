import { factor, NOTABLE, type Piece, strength } from '../model/ribbon';
import type { PlacedRow } from '../model/plotPaths';
import { READABLE_ROW } from '../model/window';

interface Props {
  placed: readonly PlacedRow[];
  pieces: readonly Piece[];
  width: number;
  rowHeight: number;
}

/** Pixels right of the flow for the factor of a loss. */
const LABEL = 40;
/** Columns under this width show no factors. */
const LABELLED = 90;

/** The flow of the gradient, from the loss below to the input above; what narrows it is coloured. */
export function Ribbon({ placed, pieces, width, rowHeight }: Props) {
  const labelled = width >= LABELLED && rowHeight >= READABLE_ROW;
  const full = labelled ? width - LABEL : width;
  const middle = full / 2;
  return (
    <g class="ribbon">
      {placed.map(({ row, y }, i) => {
        const piece = pieces[i];
        if (!piece) return null;
        const { above, below, lost } = piece;
        const [top, bottom] = [y - rowHeight / 2, y + rowHeight / 2];
        if (above === null || below === null)
          return below === null && above === null && row.leaf?.layer === null ? null : (
            <line key={row.key} class="ribbon-none" x1={middle} x2={middle} y1={top} y2={bottom} />
          );
        const [a, b] = [(above * full) / 2, (below * full) / 2];
        const shape = `M${middle - a},${top}L${middle + a},${top}L${middle + b},${bottom}L${middle - b},${bottom}Z`;
        return (
          <g key={row.key}>
            <path class="ribbon-flow" d={shape} />
            {strength(lost) > 0.02 && <path class="ribbon-loss" d={shape} opacity={strength(lost).toFixed(2)} />}
            {labelled && lost !== null && lost >= NOTABLE && (
              <text class="ribbon-label" x={width} y={y + 4}>
                {factor(lost)}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}
