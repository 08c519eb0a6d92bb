import { curveBasis, line } from 'd3-shape';
import { useMemo } from 'preact/hooks';
import type { FlowReport } from '../../src/report/flow';
import type { SourceSpan } from '../../src/graph/source';
import { drawingOf, MOST_DRAWN, type DrawnNode } from '../model/drawing';
import { layered, shownLabel, type PlacedNode } from '../model/layered';
import { factor, strength } from '../model/ribbon';
import { rowSentence } from '../model/sentences';
import type { ChartState } from './useChart';

interface Props {
  flow: FlowReport;
  chart: ChartState;
  onPlace: (span: SourceSpan, take: boolean) => void;
}

/** The model's shape from input to loss, coloured by what each part takes of the gradient. */
export function GraphView({ flow, chart, onPlace }: Props) {
  const drawing = useMemo(() => drawingOf(flow, chart.rows), [flow, chart.rows]);
  const tooMany = drawing.nodes.length > MOST_DRAWN;
  const placed = useMemo(() => (tooMany ? null : layered(drawing)), [drawing, tooMany]);
  if (!placed)
    return (
      <p class="message">{drawing.nodes.length} nodes would be a tangle. Fold modules to see the shape of the model.</p>
    );
  const curve = line<{ x: number; y: number }>()
    .x(({ x }) => x)
    .y(({ y }) => y)
    .curve(curveBasis);
  const choose = ({ row }: DrawnNode) => {
    if (!row) return;
    if (row.group) chart.fold(row.group.id, false);
    else {
      chart.select(row.key);
      if (row.span) onPlace(row.span, false);
    }
  };
  return (
    <div class="graph" role="region" aria-label="The model's shape" tabIndex={0}>
      <svg width={placed.width} height={placed.height}>
        <g aria-hidden="true">
          {placed.edges.map(({ from, to, points }) => (
            <path key={`${from.key}>${to.key}`} class="edge" d={curve(points) ?? ''} />
          ))}
        </g>
        {placed.nodes.map((each) => (
          <GraphNode
            key={each.node.key}
            placed={each}
            chosen={each.node.row !== null && each.node.row.key === chart.selected}
            onChoose={() => choose(each.node)}
          />
        ))}
      </svg>
    </div>
  );
}

interface NodeProps {
  placed: PlacedNode;
  chosen: boolean;
  onChoose: () => void;
}

function GraphNode({ placed: { node, x, y, width, height }, chosen, onChoose }: NodeProps) {
  const { kind, row, lost, flagged } = node;
  const sentence = row ? rowSentence(row) : `${kind}: ${node.label}`;
  const noted = lost !== null && lost >= 0.5 ? factor(lost) : '';
  // Whoever speaks to the computer says what is written there.
  const name = `${shownLabel(node)}${noted}. ${sentence}`;
  const classes = ['node', kind, flagged && 'flagged', chosen && 'chosen'].filter(Boolean).join(' ');
  const body = (
    <>
      <title>{sentence}</title>
      {kind === 'merge' ? (
        <>
          <circle class="box" r="9" />
          <text y="4">{node.label === 'addition' ? '+' : node.label === 'multiplication' ? '×' : '∘'}</text>
        </>
      ) : (
        <>
          <rect
            class="box"
            x={-width / 2}
            y={-height / 2}
            width={width}
            height={height}
            rx={kind === 'layer' ? 3 : 12}
          />
          {strength(lost) > 0.02 && (
            <rect
              class="node-loss"
              x={-width / 2}
              y={-height / 2}
              width={width}
              height={height}
              rx={kind === 'layer' ? 3 : 12}
              opacity={strength(lost).toFixed(2)}
            />
          )}
          <text y="4">{shownLabel(node)}</text>
          {noted !== '' && (
            <text class="node-factor" x={width / 2 + 4} y="4">
              {noted}
            </text>
          )}
          {flagged && <path class="mark flagged" d={`M${-width / 2 - 6},-6h10l-5,9Z`} />}
        </>
      )}
    </>
  );
  const place = `translate(${x},${y})`;
  if (!row)
    return (
      <g class={classes} transform={place} role="img" aria-label={sentence}>
        {body}
      </g>
    );
  return (
    <g
      class={classes}
      transform={place}
      role="button"
      tabIndex={0}
      aria-label={name}
      onClick={onChoose}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        onChoose();
      }}
    >
      {body}
    </g>
  );
}
