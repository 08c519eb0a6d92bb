/** Ten chains of multiply-adds on four lanes, enough to hide the latency; no memory but one store at the end. */
const source = (fused: boolean) => `
function step(a: v128, b: v128, c: v128): v128 {
  return ${fused ? 'f32x4.relaxed_madd(a, b, c)' : 'f32x4.add(f32x4.mul(a, b), c)'};
}
export function run(rounds: i32): f32 {
  const a = f32x4.splat(0.999), b = f32x4.splat(0.001);
  ${Array.from({ length: 10 }, (_, i) => `let c${i} = f32x4.splat(${i}.5);`).join('\n')}
  for (let i = 0; i < rounds; i++) {
    ${Array.from({ length: 10 }, (_, i) => `c${i} = step(c${i}, a, b);`).join('\n')}
  }
  return f32x4.extract_lane(${Array.from({ length: 10 }, (_, i) => `c${i}`).reduce((all, c) => `f32x4.add(${all}, ${c})`)}, 0);
}`;

const ROUNDS = 20_000_000;
const FLOPS = ROUNDS * 10 * 4 * 2;

/** As much of the AssemblyScript compiler as is used here. */
interface Compiler {
  main(
    flags: string[],
    files: {
      readFile(name: string): string | null;
      writeFile(name: string, contents: string | Uint8Array): void;
      listFiles(): string[];
    },
  ): Promise<{ error: Error | null }>;
}

/** Loaded by a name that TypeScript does not follow: the package's types declare its own `Array` over that of JavaScript. */
async function loadCompiler(): Promise<Compiler> {
  const name = ['assemblyscript', 'asc'].join('/');
  return (await import(name)) as Compiler;
}

/** The loop as a WASM binary. */
export async function compilePeak(fused: boolean): Promise<Uint8Array> {
  const asc = await loadCompiler();
  const made: Uint8Array[] = [];
  const flags = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'];
  const { error } = await asc.main(
    ['peak.ts', '-o', 'peak.wasm', ...flags, ...(fused ? ['--enable', 'relaxed-simd'] : [])],
    {
      readFile: (name: string) => (name === 'peak.ts' ? source(fused) : null),
      writeFile: (_name: string, contents: string | Uint8Array) => {
        if (typeof contents !== 'string') made.push(contents);
      },
      listFiles: () => [],
    },
  );
  const [binary] = made;
  if (error || binary === undefined) throw new Error("The peak's kernel does not compile.", { cause: error });
  return binary;
}

/** Most GFLOP/s that one core reaches in WASM here, on registers alone: the best of a few runs by processor time. */
export async function measurePeak(binary: Uint8Array<ArrayBuffer>): Promise<number> {
  const { instance } = await WebAssembly.instantiate(binary, { env: { abort: () => undefined } });
  const run = instance.exports['run'] as (rounds: number) => number;
  // V8 first runs its quick compiler's code.
  for (let i = 0; i < 20; i++) run(ROUNDS / 100);
  let best = 0;
  for (let i = 0; i < 5; i++) {
    const before = process.cpuUsage();
    run(ROUNDS);
    const { user, system } = process.cpuUsage(before);
    best = Math.max(best, FLOPS / (user + system) / 1000);
  }
  return best;
}
