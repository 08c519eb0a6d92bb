import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Rig, type Subject } from './rig';

vi.setConfig({ testTimeout: 60_000 });
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pristine-'));
let rig: Rig;
let sealed: Subject;
let product: Subject;

beforeAll(async () => {
  rig = await Rig.build(folder);
  sealed = rig.interpreter('sealed');
  product = rig.interpreter('product');
}, 60_000);

afterAll(async () => {
  await rig.dispose();
  fs.rmSync(folder, { recursive: true });
});

const results = async (...sources: string[]) => {
  const endings = [];
  for (const source of sources) endings.push(await product.ending(source));
  return endings.map((ending) => ending.result ?? ending.error ?? ending.trap);
};

describe('between two reads', () => {
  it('nothing of the first is left in memory', async () => {
    const spoil = `
import builtins, json, sys, os
builtins.len = lambda x: 42
json.dumps = None
sys.path.clear()
sys.setrecursionlimit(150)
os.environ['LEFT'] = 'behind'
result = 'spoilt'`;
    const look = `
import json, sys, os
result = (len([]), json.dumps({}), len(sys.path) > 0, sys.getrecursionlimit() > 150, os.environ.get('LEFT'))`;
    expect(await results(look, spoil, look)).toEqual([
      "(0, '{}', True, True, None)",
      'crash',
      "(0, '{}', True, True, None)",
    ]);
  });

  it('no file, folder, descriptor or working directory is left', async () => {
    const spoil = `
import os
os.makedirs('/tmp/a/b')
open('/tmp/a/b/c', 'w').write('x')
open('/lib/evil.py', 'w').write('x')
open('/user/json.py', 'w').write('raise SystemExit')
os.chdir('/tmp/a')
os.close(0); os.close(1); os.close(2)
left = os.open('/tmp/a/b/c', os.O_RDONLY)
result = left`;
    const look = `
import os
print('seen')
result = (os.getcwd(), os.listdir('/tmp'), os.path.exists('/lib/evil.py'), sorted(os.listdir('/user')), os.open('/user/a.py', os.O_RDONLY))`;
    const [before, , after] = [await product.ending(look), await product.ending(spoil), await product.ending(look)];
    expect(before.result).toContain("('/home', [], False, ['a.py'],");
    expect(after).toEqual(before);
    expect(after.output).toBe('seen\n');
  });

  it('after a trap in the depth of the interpreter all is well', async () => {
    const deep = 'import os\ndef f(n): f(n - 1) if n else os._exit(1)\nf(50)';
    for (let round = 0; round < 3; round++) {
      expect((await sealed.ending(deep)).trap).toBe('exit');
      expect((await sealed.ending('def f(n): return f(n - 1) + 1 if n else 0\nresult = f(200)')).result).toBe('200');
    }
  });
});

describe('every read of the same file is the same', () => {
  const source = `
import os, random, tempfile, time, uuid, datetime
result = [random.random(), hash('text'), os.urandom(8), uuid.uuid4(), time.time(), time.perf_counter(),
          datetime.datetime.now(), os.stat('/user/a.py').st_mtime, tempfile.mkdtemp(), {'a', 'b', 'c'}, id(object)]`;

  it('in one interpreter and in another', async () => {
    const [first, second] = await results(source, source);
    expect(first).toContain('datetime.datetime(2025, 1, 1,');
    expect(second).toBe(first);
    expect((await rig.interpreter('product').ending(source)).result).toBe(first);
  });

  it('and the clock runs, so that sleeping and timed loops end', async () => {
    const timed = `
import time
begun = time.time()
time.sleep(3600)
while time.monotonic() % 1000 > 1: pass
slept = time.time() - begun
print(slept)
result = slept >= 3600`;
    expect((await product.ending(timed)).result).toBe('True');
  });

  it('and the local time is UTC', async () => {
    const source = `
import time
day = time.localtime(86400 * 59)
result = (day.tm_mon, day.tm_mday, day.tm_yday, day.tm_hour, time.mktime(day), time.strftime('%Y-%m-%d', day))`;
    expect(await results(source)).toEqual(["(3, 1, 60, 0, 5097600.0, '1970-03-01')"]);
  });
});

describe('the guest', () => {
  it('gets end of file from stdin', async () => {
    expect(await results('input("name? ")', 'import sys\nresult = repr(sys.stdin.read())')).toEqual(['EOFError', "''"]);
  });

  it('is told at the statement what it may not have', async () => {
    const denied = await product.ending('x = 1\nimport os\nos.system("ls")');
    expect(denied).toMatchObject({ error: 'Refused', code: 'denied', line: 3 });
    expect(denied.message).toContain('`os.system` is not available');
    const thread = 'import threading\nthreading.Thread(target=print).start()';
    expect(await product.ending(thread)).toMatchObject({ error: 'Refused', code: 'denied', line: 2 });
    const socket = 'import socket\nsocket.socket()';
    expect(await product.ending(socket)).toMatchObject({ error: 'Refused', code: 'denied', line: 2 });
  });

  it('can be handed files in folders, but none outside the folder of user files', async () => {
    const call = (name: string, text: string) =>
      product.worker.call('read', [
        {
          path: 'pkg/a.py',
          files: [
            { path: 'pkg/a.py', text: 'result = open("/user/pkg/b/c.txt").read()' },
            { path: name, text },
          ],
          batch: 1,
        },
      ]);
    expect(await call('pkg/b/c.txt', 'ünï')).toMatchObject({
      kind: 'answered',
      answer: JSON.stringify({ result: 'ünï' })
        .replace(/[ü]/g, '\\u00fc')
        .replace(/[ï]/g, '\\u00ef')
        .replace(':', ': '),
    });
    expect(await call('../lib/x.py', '')).toMatchObject({ kind: 'trapped', reason: 'crash' });
    expect(await results('import os\nresult = os.path.exists("/lib/x.py")')).toEqual(['False']);
  });
});
