import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ReadRequest } from '../../../../src/graph/reading';
import { ReaderClient } from '../../../../src/workers/readerClient';
import { Cancelled } from '../../../../src/workers/supervisorErrors';
import { Rig } from './rig';

vi.setConfig({ testTimeout: 60_000 });
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'client-'));
let client: ReaderClient;

beforeAll(async () => {
  const rig = await Rig.build(folder);
  client = new ReaderClient(rig.distribution(), () => undefined, {
    timeout: 1_500,
    interrupt: 500,
    stall: 1_500,
    heap: 2 ** 27,
  });
  await client.start();
}, 60_000);

afterAll(async () => {
  await client.dispose();
  fs.rmSync(folder, { recursive: true });
});

const file = (text: string): ReadRequest => ({ path: 'a.py', files: [{ path: 'a.py', text }], batch: 1 });
const read = async (text: string, signal?: AbortSignal): Promise<unknown> => client.read(file(text), signal);
const timeout = (line: number, from: number, to: number) => ({
  models: [],
  problems: [
    {
      code: 'timeout',
      span: { path: 'a.py', range: { start: { line, character: from }, end: { line, character: to } } },
    },
  ],
});

describe('the reader in its thread', () => {
  it('interrupts a loop, and the interpreter answers itself', async () => {
    expect(await read('x = 1\nwhile True:\n  x += 1')).toMatchObject({ error: 'TimeLimitReached', line: 3 });
  });

  it('ends what cannot be interrupted and says where it hung; waiting files are read', async () => {
    const stubborn = read('while True:\n  try:\n    while True: pass\n  except BaseException: pass');
    const next = read('result = "next"');
    expect(await stubborn).toMatchObject(timeout(2, 4, 20));
    expect(await next).toEqual({ result: 'next' });
    expect(await read('x = 1\nx = sum(range(10**13))')).toMatchObject(timeout(1, 0, 22));
  });

  it('does not interrupt the file after one that took long', async () => {
    await read('while True: pass');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await read('result = sum(range(10**5))')).toEqual({ result: '4999950000' });
  });

  it('says at once that nobody waits any more, and reads the next file', async () => {
    const controller = new AbortController();
    const given = read('while True: pass', controller.signal);
    controller.abort();
    await expect(given).rejects.toThrow(Cancelled);
    expect(await read('result = 1')).toEqual({ result: '1' });
  });
});
