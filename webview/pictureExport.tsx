import { render, type ComponentChild } from 'preact';

/** Properties that the drawing's classes set; written into it, so that it stands without the panel's style sheet. */
const STYLE = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
];

/** Draws off the screen and gives the drawing's source, in the colours of the theme. */
export function svgSource(drawing: ComponentChild): string {
  const stage = document.createElement('div');
  stage.className = 'off-stage';
  stage.setAttribute('aria-hidden', 'true');
  document.body.append(stage);
  try {
    render(drawing, stage);
    const svg = stage.querySelector('svg');
    if (!svg) return '';
    for (const element of svg.querySelectorAll('*')) {
      const computed = getComputedStyle(element);
      for (const name of STYLE) {
        const value = computed.getPropertyValue(name);
        if (value !== '') element.setAttribute(name, value);
      }
      element.removeAttribute('class');
    }
    svg.removeAttribute('class');
    return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}\n`;
  } finally {
    render(null, stage);
    stage.remove();
  }
}

/** Points of a picture on each side beyond which browsers refuse to draw. */
const MOST_PIXELS = 16_000;

/** The drawing as pixels, twice as fine as the screen where that fits. */
export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    await image.decode();
    const scale = Math.min(2, MOST_PIXELS / image.naturalHeight);
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * scale;
    canvas.height = image.naturalHeight * scale;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error('the picture could not be drawn'))),
        'image/png',
      ),
    );
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

/** The bytes in base64, as messages to the host carry them. */
export async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}
