/** Tracks that stand beside the plot when they are switched on. */
export const TRACKS = ['gradient', 'saturated', 'dead'] as const;
export type Track = (typeof TRACKS)[number];

/** Where the chart's columns begin and how wide they are, in pixels. */
export interface Columns {
  names: number;
  ribbon: { left: number; width: number };
  plot: { left: number; width: number };
  tracks: { track: Track; left: number; width: number }[];
}

const GAP = 10;
/** Pixels of one letter of the name column, and of one level of the tree. */
const LETTER = 7.4;
export const INDENT = 12;

/**
 * Shares the width: names as wide as the longest needs but at the most a third, the plot what is left. Tracks that do not fit are left
 * out from the last on.
 */
export function columnsOf(width: number, longest: number, tracks: readonly Track[]): Columns {
  const narrow = width < 560;
  const names = Math.round(Math.max(70, Math.min(longest * LETTER + 30, width * (narrow ? 0.36 : 0.32))));
  const ribbon = { left: names + GAP, width: narrow ? 44 : 110 };
  const trackWidth = narrow ? 40 : 80;
  const leastPlot = narrow ? 80 : 240;
  const room = width - (ribbon.left + ribbon.width + GAP) - leastPlot;
  const fitting = tracks.slice(0, Math.max(0, Math.floor(room / (trackWidth + GAP))));
  const plotLeft = ribbon.left + ribbon.width + GAP;
  const plotWidth = Math.max(40, width - plotLeft - fitting.length * (trackWidth + GAP) - GAP);
  return {
    names,
    ribbon,
    plot: { left: plotLeft, width: plotWidth },
    tracks: fitting.map((track, i) => ({
      track,
      left: plotLeft + plotWidth + GAP + i * (trackWidth + GAP),
      width: trackWidth,
    })),
  };
}
