import { type Coercions, isInert, makeInert } from './inert';

/** What pages and Node.js have beside the language itself; none of it does anything. */
const NAMES = [
  'window',
  'document',
  'navigator',
  'location',
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
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
  'URL',
  'URLSearchParams',
  'Worker',
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
  'postMessage',
  'addEventListener',
  'importScripts',
  'crypto',
] as const;

/** Puts inert stand-ins where the file looks for its surroundings, and takes chance and the clock away. */
export function furnish(scope: Record<string, unknown>, coercions: Coercions): void {
  for (const name of NAMES) scope[name] = makeInert({}, coercions);
  const { parse } = JSON;
  JSON.parse = (text: string, reviver?: Parameters<typeof parse>[1]): unknown =>
    isInert(text) ? makeInert({}, coercions) : parse(text, reviver);
  scope['global'] = scope;
  scope['process'] = {
    env: {},
    argv: [],
    platform: '',
    exit: () => undefined,
    on: () => undefined,
    cwd: () => '',
    stdout: makeInert(),
    nextTick: () => undefined,
    hrtime: makeInert(),
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
