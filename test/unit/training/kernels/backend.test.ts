import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { engine, memory, removeBackend, tensor } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildKernels } from '../../../../scripts/build/kernels.mjs';
import { bootBackend, HeapBackend, hasRelaxedSimd } from '../../../../src/training/backend';
import {
  log2Norm,
  log2Rms,
  maxAbs,
  moments,
  scaleByPowerOfTwo,
  zeroCount,
} from '../../../../src/training/kernels/measure';

const directory = path.resolve('dist', 'wasm');
let backend: HeapBackend;
beforeAll(async () => {
  await buildKernels();
  backend = await bootBackend({ directory });
});
afterEach(() => engine().disposeVariables());

describe('the backend', () => {
  it('is booted once', async () => {
    expect(await bootBackend({ directory })).toBe(backend);
    expect(backend.relaxed).toBe(hasRelaxedSimd());
  });

  it('refuses a folder without the binaries', async () => {
    removeBackend('wasm');
    const empty = fs.mkdtempSync(path.join(os.tmpdir(), 'kernels-'));
    await expect(bootBackend({ directory: empty })).rejects.toThrow(/ENOENT/);
    fs.rmdirSync(empty);
    backend = await bootBackend({ directory });
  });

  it('keeps 2,000 tensors whole while kernels run and memory grows', () => {
    const sizes = Array.from({ length: 2000 }, (_, i) => 1 + ((i * 37) % 900));
    const before = backend.heapMemory.buffer.byteLength;
    const tensors = sizes.map((size, i) => tensor(new Float32Array(size).fill(i + 0.5)));
    const source = tensor(new Float32Array(1 << 20).fill(3));
    for (let round = 0; round < 40; round++) {
      backend.scratch(1000 * round);
      tensors.push(scaleByPowerOfTwo(source, round - 20));
    }
    expect(backend.heapMemory.buffer.byteLength).toBeGreaterThan(before);
    const damaged = sizes.filter(
      (size, i) => !backend.floats(tensors[i]!).every((v) => v === i + 0.5) || size !== tensors[i]!.size,
    );
    expect(damaged).toEqual([]);
    for (const t of [...tensors, source]) t.dispose();
  });
});

describe('measurements', () => {
  const random = (size: number, factor: number) =>
    Float32Array.from({ length: size }, (_, i) => factor * Math.sin(i * 12.9898 + 1));

  it.each([1e-44, 1e-30, 1e-25, 1, 1e30, 3e38])('takes the norm of elements near %s in float64', (factor) => {
    const values = random(1003, factor);
    const t = tensor(values);
    const sum = values.reduce((s, v) => s + v * v, 0);
    expect(log2Norm(t)).toBeCloseTo(Math.log2(sum) / 2, 10);
    expect(log2Rms(t)).toBeCloseTo(Math.log2(sum / 1003) / 2, 10);
    expect(maxAbs(t)).toBe(values.reduce((m, v) => Math.max(m, Math.abs(v)), 0));
    t.dispose();
  });

  it('tells zero, the not-a-number and the infinite', () => {
    const zero = tensor([0, -0, 0, 0, 0]);
    expect([log2Norm(zero), maxAbs(zero), zeroCount(zero)]).toEqual([-Infinity, 0, 5]);
    const broken = tensor([1, 2, NaN, 4, 0, 1]);
    expect([log2Norm(broken), maxAbs(broken), zeroCount(broken)]).toEqual([NaN, NaN, 1]);
    const infinite = tensor([1, -Infinity, 2]);
    expect([log2Norm(infinite), maxAbs(infinite)]).toEqual([Infinity, Infinity]);
    for (const t of [zero, broken, infinite]) t.dispose();
  });

  it('gives mean and deviation of a tensor far from zero', () => {
    const values = random(997, 1e-3).map((v) => v + 1000);
    const t = tensor(values);
    const mean = values.reduce((s, v) => s + v, 0) / 997;
    const deviation = Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / 997);
    expect(moments(t).mean).toBeCloseTo(mean, 9);
    expect(moments(t).deviation / deviation).toBeCloseTo(1, 6);
    t.dispose();
  });

  it('scales by powers of two without rounding', () => {
    const values = random(101, 1);
    const t = tensor(values);
    const counted = memory().numTensors;
    const tiny = scaleByPowerOfTwo(t, -100);
    const back = scaleByPowerOfTwo(tiny, 100);
    expect([...backend.floats(back)]).toEqual([...values]);
    const huge = scaleByPowerOfTwo(tensor([2 ** -140]), 260);
    expect(backend.floats(huge)[0]).toBe(2 ** 120);
    for (const x of [tiny, back, huge]) x.dispose();
    expect(memory().numTensors).toBe(counted + 1);
    t.dispose();
  });
});
