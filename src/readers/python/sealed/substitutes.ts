import type { VirtualClock } from './clock';
import type { EmscriptenModule } from './emscripten';
import type { FixedEntropy } from './entropy';
import type { SharedWhereabouts } from './whereabouts';

/** An import's stand-in; WebAssembly hands it numbers (and bigints for 64-bit ones). */
export type Substitute = (...args: never[]) => unknown;

/** Thrown out of the interpreter where it wants to end the process (`os._exit`, `os.abort`, a fatal error). */
export class GuestExit extends Error {
  override readonly name = 'GuestExit';
}

export const SUBSTITUTED_IMPORTS: ReadonlySet<string> = new Set([
  'emscripten_date_now',
  'emscripten_get_now',
  'clock_time_get',
  'random_get',
  '_localtime_js',
  '_mktime_js',
  '_tzset_js',
  '_Py_CheckEmscriptenSignals_Helper',
  'proc_exit',
  'exit',
  '_abort_js',
  '__assert_fail',
]);

/** Offsets of musl's `struct tm` in bytes. */
const TM = { sec: 0, min: 4, hour: 8, mday: 12, mon: 16, year: 20, wday: 24, yday: 28, isdst: 32, gmtoff: 36 } as const;
const DAY = 86_400_000;

/** Time, randomness, signals and exit as they are inside a closed seal; the time zone is UTC. */
export function substitutesFor(
  module: EmscriptenModule,
  sources: { clock: VirtualClock; entropy: FixedEntropy; whereabouts: SharedWhereabouts },
): ReadonlyMap<string, Substitute> {
  const { clock, entropy, whereabouts } = sources;
  // A fresh view each time: growing the memory detaches older ones.
  const view = () => new DataView(module.HEAPU8.buffer);
  const exit = (status: number): never => {
    throw new GuestExit(`status ${status}`);
  };
  const writeCalendar = (target: number, date: Date) => {
    const tm = view();
    const put = (offset: number, value: number) => tm.setInt32((target >>> 0) + offset, value, true);
    put(TM.sec, date.getUTCSeconds());
    put(TM.min, date.getUTCMinutes());
    put(TM.hour, date.getUTCHours());
    put(TM.mday, date.getUTCDate());
    put(TM.mon, date.getUTCMonth());
    put(TM.year, date.getUTCFullYear() - 1900);
    put(TM.wday, date.getUTCDay());
    put(TM.yday, Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY));
    put(TM.isdst, 0);
    put(TM.gmtoff, 0);
  };
  return new Map<string, Substitute>([
    ['emscripten_date_now', clock.now],
    ['emscripten_get_now', clock.now],
    [
      'clock_time_get',
      (_clock: number, _precision: bigint, target: number) => {
        view().setBigUint64(target >>> 0, BigInt(clock.now()) * 1_000_000n, true);
        return 0;
      },
    ],
    [
      'random_get',
      (target: number, length: number) => {
        entropy.fill(module.HEAPU8.subarray(target >>> 0, (target >>> 0) + (length >>> 0)));
        return 0;
      },
    ],
    ['_localtime_js', (time: bigint, target: number) => writeCalendar(target, new Date(Number(time) * 1_000))],
    [
      '_mktime_js',
      (target: number) => {
        const tm = view();
        const get = (offset: number) => tm.getInt32((target >>> 0) + offset, true);
        const time = Date.UTC(get(TM.year) + 1900, get(TM.mon), get(TM.mday), get(TM.hour), get(TM.min), get(TM.sec));
        if (Number.isNaN(time)) return -1n;
        writeCalendar(target, new Date(time));
        return BigInt(time / 1_000);
      },
    ],
    [
      '_tzset_js',
      (timezone: number, daylight: number, standard: number, summer: number) => {
        const memory = view();
        memory.setInt32(timezone >>> 0, 0, true);
        memory.setInt32(daylight >>> 0, 0, true);
        for (const name of [standard, summer]) module.HEAPU8.set(new TextEncoder().encode('UTC\0'), name >>> 0);
      },
    ],
    ['_Py_CheckEmscriptenSignals_Helper', whereabouts.takeSignal],
    ['proc_exit', exit],
    ['exit', exit],
    ['_abort_js', () => exit(134)],
    ['__assert_fail', () => exit(134)],
  ]);
}
