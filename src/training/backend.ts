import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import '@tensorflow/tfjs-backend-wasm';
import wasmFactory, {
  type BackendWasmModule,
  type WasmFactoryConfig,
} from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js';
import { enableProdMode, engine, env, registerBackend, removeBackend, setBackend } from '@tensorflow/tfjs-core';
import type { KernelExports } from './kernels/exports';
import { heap, HeapBackend } from './kernels/heap';
import { registerKernels } from './registry/register';

export interface BackendOptions {
  /** Folder with tfjs' binary and our kernels (`dist/wasm`). */
  directory: string;
  /** Whether fused multiply-add may be used where the machine has it; true if left off. */
  relaxed?: boolean;
}

/** What the tensors live on. One for each process: tfjs keeps its backends in a registry of its own. */
export { heap, HeapBackend } from './kernels/heap';

/** `f32x4.relaxed_madd` in a function: validates only where V8 has relaxed SIMD (Node 22 on, or by flag). */
const RELAXED_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0, 65, 0, 253, 15, 65, 0, 253, 15, 65,
  0, 253, 15, 253, 133, 2, 11,
]);

export const hasRelaxedSimd = (): boolean => WebAssembly.validate(RELAXED_PROBE);

/** Emscripten's own way of calling C; tfjs' typings leave it out. */
interface WithWrap {
  cwrap(name: string, result: string | null, parameters: string[]): (...parameters: number[]) => number;
}

const hasWrap = (module: object): module is WithWrap => 'cwrap' in module && typeof module.cwrap === 'function';

/** As tfjs' own start-up does it (tfjs-backend-wasm/src/backend_wasm.ts), but from bytes and with the memory kept. */
async function instantiate(
  binary: Uint8Array<ArrayBuffer>,
): Promise<{ module: BackendWasmModule; memory: WebAssembly.Memory }> {
  let memory: WebAssembly.Memory | undefined;
  let fail: (reason: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  const config: WasmFactoryConfig = {
    instantiateWasm: (
      imports: WebAssembly.Imports,
      done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ) => {
      WebAssembly.instantiate(binary, imports).then(({ instance, module }) => {
        memory = Object.values(instance.exports).find((value) => value instanceof WebAssembly.Memory);
        done(instance, module);
      }, fail);
      return {};
    },
  };
  const module = await Promise.race([wasmFactory(config), failed]);
  if (memory === undefined || !hasWrap(module)) throw new Error("tfjs' WASM module has no memory or cannot be called.");
  const threads = module.cwrap('init_with_threads_count', null, ['number']);
  const threadCount = module.cwrap('get_threads_count', 'number', []);
  const register = module.cwrap('register_tensor', null, ['number', 'number', 'number']);
  const init = module.cwrap('init', null, []);
  const disposeData = module.cwrap('dispose_data', null, ['number']);
  const dispose = module.cwrap('dispose', null, []);
  module.tfjs = {
    init: () => void init(),
    initWithThreadsCount: (count) => void threads(count),
    getThreadsCount: () => threadCount(),
    registerTensor: (id, size, offset) => void register(id, size, offset),
    disposeData: (id) => void disposeData(id),
    dispose: () => void dispose(),
  };
  return { module, memory };
}

/**
 * Makes tfjs' WASM backend from the bytes in `directory`, our kernels on its heap, production mode, and makes it tfjs'
 * current backend. A second call gives the same one. Throws if a file is missing: nothing falls back in silence.
 */
export async function bootBackend({ directory, relaxed = true }: BackendOptions): Promise<HeapBackend> {
  // Not `findBackend`: it would start the backend that tfjs-backend-wasm registers, which fetches its binary by itself.
  const present: unknown = engine().registry['wasm'];
  if (present instanceof HeapBackend) return present;
  const fused = relaxed && hasRelaxedSimd();
  const [tfjs, ours] = await Promise.all([
    fs.readFile(path.join(directory, 'tfjs-backend-wasm-simd.wasm')),
    fs.readFile(path.join(directory, fused ? 'kernels-relaxed.wasm' : 'kernels-simd.wasm')),
  ]);
  const [{ module, memory }, kernelModule] = await Promise.all([instantiate(tfjs), WebAssembly.compile(ours)]);
  const instance = await WebAssembly.instantiate(kernelModule, { env: { memory } });
  enableProdMode();
  env().set('IS_TEST', false);
  // tfjs-backend-wasm registers a backend that fetches its binary by URL; ours takes its name, because tfjs' kernels are
  // registered under it.
  if (engine().registryFactory['wasm'] !== undefined) removeBackend('wasm');
  registerBackend('wasm', () => new HeapBackend(module, memory, instance.exports as unknown as KernelExports, fused));
  await setBackend('wasm');
  registerKernels();
  return heap();
}
