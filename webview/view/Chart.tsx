import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { SourceSpan } from '../../src/graph/source';
import { columnsOf, INDENT } from '../model/columns';
import { type Decades, placement } from '../model/decades';
import { ribbonOf } from '../model/ribbon';
import type { Row } from '../model/rows';
import { rowSentence } from '../model/sentences';
import { keyAction } from '../model/treeKeys';
import { clamped, fitRow, FULL_ROW, nameStride, showing, type View, windowOf, zoomed } from '../model/window';
import { Axis, AXIS_HEIGHT } from './Axis';
import { HeatMap } from './HeatMap';
import { type DrawnOverlay, Plot } from './Plot';
import { Ribbon } from './Ribbon';
import { Overview, OVERVIEW_WIDTH } from './Overview';
import { TrackColumn } from './TrackColumn';
import type { ChartState } from './useChart';
import { useSize } from './useSize';

interface Props {
  chart: ChartState;
  decades: Decades;
  /** `training`: the heat map of all steps in place of the late figures. */
  shows: 'flow' | 'training';
  steps: number;
  step: number | null;
  overlays: readonly DrawnOverlay[];
  /** Whether the cursor of the editor stands in the row's place. */
  atCursor: (row: Row) => boolean;
  onPlace: (span: SourceSpan, take: boolean) => void;
}

/** Most pixels that the rows take: beyond them they scroll. */
const mostHeight = () => Math.max(240, Math.round(window.innerHeight * 0.62));

/** The rows of the model with flow, relative gradients and tracks beside one another, and the overview of all. */
export function Chart({ chart, decades, shows, steps, step, overlays, atCursor, onPlace }: Props) {
  const { rows, selected, tracks } = chart;
  const [frame, { width: whole }] = useSize<HTMLDivElement>();
  const scroller = useRef<HTMLDivElement>(null);
  const height = Math.min(rows.length * FULL_ROW, mostHeight());
  const [view, setView] = useState<View>({ rowHeight: FULL_ROW, top: 0 });
  const seen = clamped(
    { ...view, rowHeight: Math.max(view.rowHeight, fitRow(rows.length, height)) },
    rows.length,
    height,
  );
  const { rowHeight } = seen;
  const overflows = rows.length * FULL_ROW > height;
  const width = Math.max(0, whole - (overflows ? OVERVIEW_WIDTH + 8 : 0));
  const longest = useMemo(
    () => rows.reduce((most, { label, depth }) => Math.max(most, label.length + (depth * INDENT) / 7), 6),
    [rows],
  );
  const columns = useMemo(() => columnsOf(width, longest, tracks), [width, longest, tracks]);
  const x = useMemo(() => placement(decades, columns.plot.width), [decades, columns]);
  const pieces = useMemo(() => ribbonOf(rows), [rows]);
  const [from, to] = windowOf(rows.length, seen, height);
  const placed = useMemo(
    () => rows.slice(from, to).map((row, i) => ({ row, y: (from + i + 0.5) * rowHeight })),
    [rows, from, to, rowHeight],
  );
  const number = rows.findIndex(({ key }) => key === selected);

  useLayoutEffect(() => {
    if (scroller.current && Math.abs(scroller.current.scrollTop - seen.top) > 1) scroller.current.scrollTop = seen.top;
  }, [seen.top, rowHeight]);
  useEffect(() => {
    if (number >= 0) setView((before) => showing({ ...before, rowHeight }, number, height));
  }, [selected]);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const anchor = event.clientY - element.getBoundingClientRect().top;
      setView((before) => zoomed(before, event.deltaY < 0 ? 1.25 : 0.8, anchor, rows.length, height));
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [rows.length, height]);

  const choose = (row: Row) => {
    chart.select(row.key);
    if (row.span && !row.group) onPlace(row.span, false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const action = keyAction(event.key, rows, number);
    if (action === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const row = rows['to' in action ? action.to : number];
    if ('to' in action && row) choose(row);
    else if ('fold' in action) chart.fold(action.fold, action.shut);
    else if ('zoom' in action)
      setView((before) =>
        action.zoom === 0
          ? { rowHeight: fitRow(rows.length, height), top: 0 }
          : zoomed({ ...before, rowHeight }, action.zoom, height / 2, rows.length, height),
      );
    else if ('open' in action && row?.span) onPlace(row.span, true);
  };
  const stride = nameStride(rowHeight);
  const [top, bottom] = [from * rowHeight, to * rowHeight];
  return (
    <section class="chart" aria-label="Relative gradient of each weight">
      <div class="chart-frame" ref={frame}>
        <svg class="axis" width={width} height={AXIS_HEIGHT} aria-hidden="true">
          <Axis columns={columns} decades={decades} x={x} steps={shows === 'training' ? steps : null} />
        </svg>
        <div class="chart-body" style={{ height: `${height}px` }}>
          <div
            class="scroller"
            ref={scroller}
            role="tree"
            aria-label="Layers from input to loss"
            tabIndex={0}
            {...(number >= 0 ? { 'aria-activedescendant': `row-${number}` } : {})}
            style={{ width: `${width}px` }}
            onKeyDown={onKeyDown}
            onScroll={({ currentTarget: { scrollTop } }) =>
              setView((before) => ({ ...before, rowHeight, top: scrollTop }))
            }
          >
            <div class="rows" role="presentation" style={{ height: `${rows.length * rowHeight}px` }}>
              {placed.map(({ row }, i) => {
                const place = from + i;
                const chosen = place === number;
                const shown = place % stride === 0 || chosen;
                if (!shown && rowHeight < 4 && !row.flagged) return null;
                return (
                  <RowName
                    key={row.key}
                    row={row}
                    id={`row-${place}`}
                    top={place * rowHeight}
                    height={rowHeight}
                    names={columns.names}
                    shown={shown}
                    chosen={chosen}
                    atCursor={atCursor(row)}
                    onChoose={() => choose(row)}
                    onOpen={() => row.span && onPlace(row.span, true)}
                    onFold={(id, shut) => chart.fold(id, shut)}
                  />
                );
              })}
              <svg class="sheet" width={width} height={bottom - top} style={{ top: `${top}px` }} aria-hidden="true">
                <g transform={`translate(${columns.ribbon.left},${-top})`}>
                  <Ribbon
                    placed={placed}
                    pieces={pieces.slice(from, to)}
                    width={columns.ribbon.width}
                    rowHeight={rowHeight}
                  />
                </g>
                {shows === 'flow' && (
                  <g transform={`translate(${columns.plot.left},${-top})`}>
                    <Plot
                      {...{ placed, decades, x, top, bottom, rowHeight, step, overlays }}
                      width={columns.plot.width}
                    />
                  </g>
                )}
                {columns.tracks.map(({ track, left, width: room }) => (
                  <g key={track} transform={`translate(${left},${-top})`}>
                    <TrackColumn track={track} placed={placed} rows={rows} width={room} rowHeight={rowHeight} />
                  </g>
                ))}
              </svg>
            </div>
          </div>
          {shows === 'training' && (
            <div class="heat-frame" style={{ left: `${columns.plot.left}px` }} aria-hidden="true">
              <HeatMap
                {...{ rows, steps, decades, height, rowHeight, step }}
                width={columns.plot.width}
                top={seen.top}
              />
            </div>
          )}
          {overflows && <Overview {...{ rows, decades, height }} view={seen} onView={setView} />}
        </div>
      </div>
    </section>
  );
}

interface RowNameProps {
  row: Row;
  id: string;
  top: number;
  height: number;
  names: number;
  shown: boolean;
  chosen: boolean;
  atCursor: boolean;
  onChoose: () => void;
  onOpen: () => void;
  onFold: (id: string, shut: boolean) => void;
}

/** A row's name in the tree; it reaches under the drawing, so that the whole row can be pointed at. */
function RowName({ row, id, top, height, names, shown, chosen, atCursor, onChoose, onOpen, onFold }: RowNameProps) {
  const { group, folded, depth } = row;
  const sentence = rowSentence(row);
  const classes = ['row', row.flagged && 'flagged', chosen && 'chosen', atCursor && 'at-cursor', group && 'group'];
  return (
    <div
      id={id}
      class={classes.filter(Boolean).join(' ')}
      role="treeitem"
      aria-level={depth + 1}
      aria-posinset={row.place}
      aria-setsize={row.siblings}
      aria-selected={chosen}
      {...(group ? { 'aria-expanded': !folded } : {})}
      aria-label={sentence}
      title={sentence}
      style={{ top: `${top}px`, height: `${height}px` }}
      onClick={() => {
        if (group) onFold(group.id, !folded);
        onChoose();
      }}
      onDblClick={onOpen}
    >
      {shown && (
        <span class="name" style={{ width: `${names}px`, paddingLeft: `${depth * INDENT}px` }}>
          {group && <span class={folded ? 'twist' : 'twist open'} aria-hidden="true" />}
          <bdi class="label">{row.label}</bdi>
          {group && folded && row.flaggedWeights > 0 && <span class="count">{row.flaggedWeights}</span>}
        </span>
      )}
    </div>
  );
}
