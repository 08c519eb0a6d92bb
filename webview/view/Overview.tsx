import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Decades } from '../model/decades';
import { placement } from '../model/decades';
import type { Row } from '../model/rows';
import { brushed, clamped, type View } from '../model/window';

interface Props {
  rows: readonly Row[];
  decades: Decades;
  view: View;
  height: number;
  onView: (view: View) => void;
}

export const OVERVIEW_WIDTH = 44;
/** Pixels at the brush's edges that resize it. */
const EDGE = 6;

/** All rows at once; the brush is what the chart shows. Drag it to move, its edges to zoom, beside it to choose anew. */
export function Overview({ rows, decades, view, height, onView }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !canvas.current) return;
    const ratio = window.devicePixelRatio;
    canvas.current.width = OVERVIEW_WIDTH * ratio;
    canvas.current.height = height * ratio;
    context.scale(ratio, ratio);
    const style = getComputedStyle(canvas.current);
    const x = placement(decades, OVERVIEW_WIDTH);
    const y = (i: number) => ((i + 0.5) / rows.length) * height;
    const dot = Math.max(1.5, Math.min(3, height / rows.length));
    for (const flagged of [false, true]) {
      context.fillStyle = style.getPropertyValue(flagged ? '--bad' : '--good');
      rows.forEach((row, i) => {
        if (row.late === undefined || row.flagged !== flagged) return;
        if (row.low !== null && row.high !== null) {
          context.globalAlpha = 0.35;
          context.fillRect(x(row.low), y(i) - dot / 2, Math.max(1, x(row.high) - x(row.low)), dot);
          context.globalAlpha = 1;
        }
        context.fillRect(x(row.late) - dot / 2, y(i) - dot / 2, dot, dot);
      });
    }
  }, [rows, decades, height]);

  const total = rows.length * view.rowHeight;
  const share = (pixels: number) => Math.max(0, Math.min(1, pixels / total));
  const [from, to] = [share(view.top), share(view.top + height)];

  const drag = (event: PointerEvent) => {
    const target = event.currentTarget as HTMLElement;
    target.setPointerCapture(event.pointerId);
    const { top } = target.getBoundingClientRect();
    const at = (e: PointerEvent) => Math.max(0, Math.min(1, (e.clientY - top) / height));
    const begin = at(event);
    const pixels = begin * height;
    const onFrom = Math.abs(pixels - from * height) <= EDGE;
    const onTo = Math.abs(pixels - to * height) <= EDGE;
    // Where all rows are in view there is nothing to move: the drag chooses rows.
    const inside = begin > from && begin < to && to - from < 0.999;
    const move = (e: PointerEvent) => {
      const now = at(e);
      if (onFrom || onTo) onView(brushed(rows.length, height, onFrom ? to : from, now));
      else if (inside) onView(clamped({ ...view, top: view.top + (now - begin) * total }, rows.length, height));
      else if (Math.abs(now - begin) * height > 3) onView(brushed(rows.length, height, begin, now));
    };
    const end = (e: PointerEvent) => {
      target.removeEventListener('pointermove', move);
      target.removeEventListener('pointerup', end);
      if (!onFrom && !onTo && !inside && Math.abs(at(e) - begin) * height <= 3)
        onView(clamped({ ...view, top: begin * total - height / 2 }, rows.length, height));
    };
    target.addEventListener('pointermove', move);
    target.addEventListener('pointerup', end);
  };
  return (
    <div class="overview" aria-hidden="true" onPointerDown={drag} title="Drag to zoom">
      <canvas ref={canvas} style={{ width: `${OVERVIEW_WIDTH}px`, height: `${height}px` }} />
      <div class="brush" style={{ top: `${from * height}px`, height: `${Math.max(4, (to - from) * height)}px` }} />
    </div>
  );
}
