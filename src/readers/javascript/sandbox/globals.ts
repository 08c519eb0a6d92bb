import { makeDocument, type PageElement } from './page';
import { isUnknown, type Unknowns } from './unknowns';

/** What pages and Node.js have beside the language itself; none of it does anything. */
const NAMES = [
  'navigator',
  'location',
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'chrome',
  'localStorage',
  'sessionStorage',
  'indexedDB',
  'requestAnimationFrame',
  'cancelAnimationFrame',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'console',
  'performance',
  'Image',
  'ImageData',
  'HTMLElement',
  'HTMLCanvasElement',
  'HTMLVideoElement',
  'HTMLImageElement',
  'Blob',
  'File',
  'FileReader',
  'URLSearchParams',
  'Event',
  'CustomEvent',
  'AbortController',
  'TextEncoder',
  'TextDecoder',
  'Buffer',
  'React',
  '__jsx',
  '__jsxFragment',
  'tfvis',
  'alert',
  'describe',
  'it',
  'expect',
  'beforeEach',
  'afterEach',
  'importScripts',
  'MutationObserver',
  'ResizeObserver',
  'IntersectionObserver',
  'AudioContext',
  'structuredClone',
  'queueMicrotask',
  'beforeAll',
  'afterAll',
  'test',
  'suite',
  'jest',
  'vi',
  'jasmine',
  'd3',
  'Plotly',
  'Chart',
  '$',
  'jQuery',
  'p5',
  'customElements',
  'matchMedia',
  'getComputedStyle',
  'confirm',
  'prompt',
  'atob',
  'btoa',
  'history',
  'screen',
  'crypto',
  '__dirname',
  '__filename',
] as const;

/** Puts inert stand-ins where the file looks for its surroundings, and takes chance and the clock away. */
export function furnish(
  scope: Record<string, unknown>,
  unknowns: Unknowns,
  elements: () => Readonly<Record<string, PageElement>>,
): void {
  for (const name of NAMES) scope[name] = unknowns.make({ name });
  const page = makeDocument(unknowns, elements);
  scope['document'] = page;
  scope['window'] = unknowns.make({ name: 'window', known: { document: page } });
  const { parse } = JSON;
  JSON.parse = (text: string, reviver?: Parameters<typeof parse>[1]): unknown =>
    isUnknown(text) ? unknowns.make() : parse(text, reviver);
  scope['global'] = scope;
  scope['process'] = {
    env: {},
    argv: ['node', 'file'],
    platform: '',
    exit: () => undefined,
    on: () => undefined,
    cwd: () => '',
    stdout: unknowns.make(),
    nextTick: () => undefined,
    hrtime: unknowns.make(),
    versions: {},
  };
  let seed = 1;
  Math.random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const Native = Date;
  scope['Date'] = class extends Native {
    constructor(...given: [] | [number | string | Date]) {
      super(given.length === 0 ? 0 : given[0]);
    }
    static override now(): number {
      return 0;
    }
  };
}
