import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Decades } from '../model/decades';
import { figureAt } from '../model/plotPaths';
import type { Row } from '../model/rows';

interface Props {
  rows: readonly Row[];
  steps: number;
  decades: Decades;
  width: number;
  height: number;
  top: number;
  rowHeight: number;
  step: number | null;
}

/** Relative gradient of each row at each step by colour: the limit lies at the turn from one hue to the other. */
export function HeatMap({ rows, steps, decades, width, height, top, rowHeight, step }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const columns = useMemo(() => Array.from({ length: steps }, (_, each) => rows.map(figureAt(each))), [rows, steps]);
  // One pixel a cell, painted once; scrolling and zooming only stretch it.
  const image = useRef<HTMLCanvasElement | null>(null);
  useLayoutEffect(() => {
    if (!canvas.current || rows.length === 0 || steps === 0) return;
    const colours = paletteOf(getComputedStyle(canvas.current), decades);
    const made = document.createElement('canvas');
    made.width = steps;
    made.height = rows.length;
    const context = made.getContext('2d');
    if (!context) return;
    const pixels = context.createImageData(steps, rows.length);
    columns.forEach((column, x) =>
      column.forEach((figure, y) => {
        if (figure !== undefined) pixels.data.set(colours(figure), (y * steps + x) * 4);
      }),
    );
    context.putImageData(pixels, 0, 0);
    image.current = made;
  }, [columns, decades]);
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || !image.current) return;
    const ratio = window.devicePixelRatio;
    element.width = width * ratio;
    element.height = height * ratio;
    context.imageSmoothingEnabled = false;
    const from = top / rowHeight;
    context.drawImage(
      image.current,
      ...([0, from, steps, height / rowHeight] as const),
      ...([0, 0, width * ratio, height * ratio] as const),
    );
    if (step === null) return;
    context.strokeStyle = getComputedStyle(element).getPropertyValue('--vscode-foreground');
    context.lineWidth = ratio;
    context.strokeRect((step / steps) * width * ratio, 0, (width * ratio) / steps, height * ratio);
  }, [columns, decades, width, height, top, rowHeight, step]);
  return <canvas ref={canvas} class="heat" style={{ width: `${width}px`, height: `${height}px` }} />;
}

/** Colours of the palette. */
const SHADES = 256;

/** Figure -> red, green, blue, alpha. Under the limit towards `--bad`, over it towards `--good`; exactly zero is `--bad` in full. */
function paletteOf(
  style: CSSStyleDeclaration,
  { low, high, references }: Decades,
): (figure: number | null) => number[] {
  const canvas = document.createElement('canvas');
  canvas.width = SHADES;
  canvas.height = 1;
  const context = canvas.getContext('2d');
  if (!context) return () => [0, 0, 0, 0];
  const limit = references.find(({ kind }) => kind === 'limit')?.value ?? low;
  const turn = Math.max(0.01, Math.min(0.99, (limit - low) / (high - low)));
  const gradient = context.createLinearGradient(0, 0, SHADES, 0);
  gradient.addColorStop(0, style.getPropertyValue('--bad'));
  gradient.addColorStop(turn - 0.01, style.getPropertyValue('--heat-low'));
  gradient.addColorStop(turn, style.getPropertyValue('--heat-turn'));
  gradient.addColorStop(1, style.getPropertyValue('--good'));
  context.fillStyle = gradient;
  context.fillRect(0, 0, SHADES, 1);
  const { data } = context.getImageData(0, 0, SHADES, 1);
  return (figure) => {
    const share = figure === null ? 0 : Math.max(0, Math.min(1, (figure - low) / (high - low)));
    const shade = Math.round(share * (SHADES - 1)) * 4;
    return [...data.subarray(shade, shade + 4)];
  };
}
