import type { Chart as ChartModel, Row } from '../model/chart';
import { powerOfTen, ticksOf } from '../model/chart';
import { rowSentence } from '../model/sentences';
import { useWidth } from './useWidth';

/** Share of the plot's width that is left of the axis for figures that are exactly zero. */
const ZERO_LANE = 0.07;
const MARGIN = 0.03;
/** Letters of the name column at least. */
const MIN_NAME = 8;

interface Props {
  chart: ChartModel;
  onSelect: (row: Row) => void;
}

/** One row a weight tensor, in the order of the graph; across, the decimal logarithm of its relative gradient. */
export function Chart({ chart, onSelect }: Props) {
  const across = percentages(chart);
  const [plot, width] = useWidth<SVGSVGElement>();
  const ticks = ticksOf(chart, width);
  const longest = Math.max(MIN_NAME, ...chart.rows.map(({ name }) => name.length));
  return (
    <section class="chart" aria-label="Relative gradient of each weight" style={{ '--longest': `${longest}ch` }}>
      <div class="axis" aria-hidden="true">
        <span class="axis-title">gradient / weight</span>
        <svg class="plot" ref={plot}>
          {chart.hasZero && (
            <text class="tick" x={across(null)} y="12">
              0
            </text>
          )}
          {ticks.map((tick) => (
            <text key={tick} class="tick" x={across(tick)} y="12">
              {powerOfTen(tick)}
            </text>
          ))}
          {chart.references.map(({ kind, value }) => (
            <text key={kind} class={`reference-label ${kind}`} x={across(value)} dx={kind === 'limit' ? -4 : 4} y="26">
              {kind}
            </text>
          ))}
        </svg>
      </div>
      <ol class="rows">
        {chart.rows.map((row) => (
          <li key={row.name}>
            <button
              type="button"
              class={row.flagged ? 'row flagged' : 'row'}
              aria-label={rowSentence(row)}
              title={rowSentence(row)}
              onClick={() => onSelect(row)}
            >
              <span class="name">
                <bdi>{row.name}</bdi>
              </span>
              <RowPlot row={row} chart={chart} ticks={ticks} across={across} />
            </button>
          </li>
        ))}
      </ol>
      <p class="legend" aria-hidden="true">
        <Mark verdict="healthy" /> learns <Mark verdict="vanishing" /> flagged <Mark verdict="unjudged" /> not judged
        <span class="legend-start" /> from step 0 to the later steps
      </p>
    </section>
  );
}

interface PlotProps {
  row: Row;
  chart: ChartModel;
  ticks: readonly number[];
  across: (value: number | null) => string;
}

function RowPlot({ row, chart, ticks, across }: PlotProps) {
  const late = across(row.late);
  return (
    <svg class="plot" aria-hidden="true">
      {ticks.map((tick) => (
        <line key={tick} class="grid" x1={across(tick)} x2={across(tick)} y1="0" y2="100%" />
      ))}
      {chart.references.map(({ kind, value }) => (
        <line key={kind} class={`reference ${kind}`} x1={across(value)} x2={across(value)} y1="0" y2="100%" />
      ))}
      {row.start !== null && row.late !== null && (
        <line class="change" x1={across(row.start)} x2={late} y1="50%" y2="50%" />
      )}
      <svg x={late} y="50%" class="mark-anchor">
        <MarkShape verdict={row.verdict} />
      </svg>
    </svg>
  );
}

/** Verdicts differ by shape as well as by colour. */
function MarkShape({ verdict }: { verdict: Row['verdict'] }) {
  switch (verdict) {
    case 'healthy':
      return <circle class="mark healthy" r="4" />;
    case 'unjudged':
    case 'waking':
      return <circle class="mark hollow" r="3.5" />;
    case 'dead':
    case 'degenerate':
      return <path class="mark flagged" d="M-4.5,-4.5 L4.5,4.5 M-4.5,4.5 L4.5,-4.5" />;
    default:
      return <path class="mark flagged" d="M-5.5,-4.5 L5.5,-4.5 L0,5.5 Z" />;
  }
}

function Mark({ verdict }: { verdict: Row['verdict'] }) {
  return (
    <svg class="legend-mark" viewBox="-7 -7 14 14">
      <MarkShape verdict={verdict} />
    </svg>
  );
}

/** log10 figure -> place across the plot; null is the lane of exact zeros. */
function percentages({ domain: [low, high], hasZero }: ChartModel): (value: number | null) => string {
  const from = hasZero ? ZERO_LANE + MARGIN : MARGIN;
  return (value) => {
    const share = value === null ? ZERO_LANE / 2 : from + ((value - low) / (high - low)) * (1 - MARGIN - from);
    return `${(share * 100).toFixed(3)}%`;
  };
}
