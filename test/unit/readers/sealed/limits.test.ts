import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/readers/python/sealed/limits';
import { Rig, type Subject } from './rig';

vi.setConfig({ testTimeout: 60_000 });
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'limits-'));
let rig: Rig;
let open: Subject;
let sealed: Subject;
let product: Subject;

beforeAll(async () => {
  rig = await Rig.build(folder);
  open = rig.interpreter('open');
  sealed = rig.interpreter('sealed');
  product = rig.interpreter('product');
}, 60_000);

afterAll(async () => {
  await rig.dispose();
  fs.rmSync(folder, { recursive: true });
});

interface Hog {
  name: string;
  source: string;
  /** What the open interpreter lets it say. */
  unbounded: string;
  /** The exception that stops it in ours. */
  stopped: string;
}

const hogs: Hog[] = [
  {
    name: 'a file of 80 MB',
    source: `
with open('/big', 'wb') as file:
    for _ in range(5):
        file.write(bytes(2**24))
result = 'written'`,
    unbounded: 'written',
    stopped: 'OSError',
  },
  {
    name: 'a file made large by its last byte',
    source: `
with open('/sparse', 'wb') as file:
    file.seek(2**27)
    file.write(b'x')
import os
result = os.path.getsize('/sparse')`,
    unbounded: String(2 ** 27 + 1),
    stopped: 'OSError',
  },
  {
    name: 'a file made large by truncate',
    source: `
with open('/truncated', 'wb') as file:
    file.truncate(2**27)
import os
result = os.path.getsize('/truncated')`,
    unbounded: String(2 ** 27),
    stopped: 'OSError',
  },
  {
    name: '10,000 files',
    source: `
import os
os.mkdir('/many')
for i in range(10_000):
    open(f'/many/{i}', 'w').close()
result = len(os.listdir('/many'))`,
    unbounded: '10000',
    stopped: 'OSError',
  },
  {
    name: '400 MB of memory',
    source: `
kept = bytearray(400 * 2**20)
result = len(kept)`,
    unbounded: String(400 * 2 ** 20),
    stopped: 'MemoryError',
  },
  {
    name: 'the standard library overwritten',
    source: `
with open('/lib/python314.zip', 'r+b') as file:
    file.write(b'spoilt')
result = 'spoilt'`,
    unbounded: 'spoilt',
    stopped: 'OSError',
  },
  {
    name: 'the standard library removed',
    source: `
import os
os.rename('/lib/python314.zip', '/lib/away.zip')
os.remove('/lib/away.zip')
result = 'removed'`,
    unbounded: 'removed',
    stopped: 'OSError',
  },
];

describe.each(hogs)('$name', ({ source, unbounded, stopped }) => {
  it('is possible in the open interpreter', async () => {
    expect((await open.ending(source)).result).toBe(unbounded);
    await open.worker.stop();
  });

  it('is stopped at its statement in ours, and the next file is read', async () => {
    const ending = await product.ending(source);
    expect(ending.error).toBe(stopped);
    expect(ending.line).toBeGreaterThan(1);
    expect((await product.ending('import colorsys\nresult = colorsys.__name__')).result).toBe('colorsys');
  });
});

describe('output', () => {
  const source = 'for _ in range(3_000): print("x" * 100)\nresult = "printed"';

  it('is dropped beyond the limit', async () => {
    expect((await open.ending(source)).output.length).toBeGreaterThan(0);
    const ending = await product.ending(source);
    expect(ending.result).toBe('printed');
    expect(ending.output.length).toBe(DEFAULT_LIMITS.output);
  });

  it('of one read is not part of the next', async () => {
    await product.ending('print("first")');
    expect((await product.ending('print("second")')).output).toBe('second\n');
  });
});

describe('what brings the interpreter down', () => {
  const recursion = 'import sys\nsys.setrecursionlimit(10**9)\ndef f(n): return [f(n + 1)]\nf(0)';
  const throughC = 'import sys\nsys.setrecursionlimit(10**9)\ndef f(x): sorted([x], key=f)\nf(0)';

  it.each([
    ['a recursion without limit', recursion, 'stack'],
    ['os._exit', 'import os\nos._exit(0)', 'exit'],
    ['os.abort', 'import os\nos.abort()', 'exit'],
    ['the bridge to JavaScript', 'import js\njs.Object', 'denied'],
  ])('%s is answered, and the next file is read', async (...row) => {
    const [, source, trap] = row;
    expect((await sealed.ending(source)).trap).toBe(trap);
    expect((await sealed.ending('result = 1')).result).toBe('1');
  });

  it.each([
    ['a recursion without limit', recursion, 'RecursionError', 3],
    ['a recursion through C', throughC, 'RecursionError', 3],
    ['os._exit', 'import os\nos._exit(0)', 'Refused', 2],
    ['os.abort', 'import os\nos.abort()', 'Refused', 2],
    ['the bridge to JavaScript', 'import js\njs.Object', 'ModuleNotFoundError', 1],
  ])('%s fails at its statement in the product', async (...row) => {
    const [, source, error, line] = row;
    expect(await product.ending(source)).toMatchObject({ error, line });
  });

  it.each([
    ['a loop that catches everything', 'while True:\n  try:\n    while True: pass\n  except BaseException: pass', 3],
    ['a loop in C', 'x = 1\nsum(range(10**13))', 2],
    ['a number too large to print', 'x = 1\ny = 10 ** 10 ** 9', 2],
  ])('%s is ended at the time limit, and the line is known', async (...row) => {
    const [, source, line] = row;
    await product.worker.start();
    await expect(product.run(source, 400)).rejects.toThrow(/longer than 400 ms/);
    expect(product.whereabouts.read()).toEqual({ path: '/user/a.py', line });
    expect((await product.ending('result = 1')).result).toBe('1');
  });

  it('an interrupt breaks off the running statement', async () => {
    await product.worker.start();
    const running = product.ending('x = 1\nwhile True:\n  x += 1');
    await new Promise((resolve) => setTimeout(resolve, 100));
    product.whereabouts.interrupt();
    expect(await running).toMatchObject({ error: 'TimeLimitReached', code: 'timeout', line: 3 });
  });
});
