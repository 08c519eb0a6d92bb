import { describe, expect, it } from 'vitest';
import type { ReadRequest } from '../../../../src/graph/reading';
import { PythonReader, type ReaderThread } from '../../../../src/readers/python/pythonReader';
import type { Outcome } from '../../../../src/readers/python/sealed/interpreter';
import { SharedWhereabouts } from '../../../../src/readers/python/sealed/whereabouts';
import { Cancelled, OutOfMemory, WorkerCrashed, WorkerTimedOut } from '../../../../src/workers/supervisorErrors';

const request: ReadRequest = {
  path: 'nets/a.py',
  files: [
    { path: 'nets/a.py', text: 'import b\r\n  while True: pass  \r\n' },
    { path: 'nets/b.py', text: 'x = 1\n' },
  ],
  batch: 2,
};

/** A reader whose thread ends as given after it has told where it stands. */
function readerOf(ending: Outcome | Error, place: string | null) {
  const whereabouts = new SharedWhereabouts();
  const recycled: number[] = [];
  const thread: ReaderThread = {
    read: () => {
      if (place !== null) whereabouts.receive(new TextEncoder().encode(place));
      return ending instanceof Error ? Promise.reject(ending) : Promise.resolve(ending);
    },
    recycle: () => {
      recycled.push(1);
      return Promise.resolve();
    },
  };
  const limits = { timeout: 10_000, interrupt: 8_000, stall: 4_000, heap: 100 };
  return { reader: new PythonReader(thread, whereabouts, limits), recycled };
}

const problemOf = async (ending: Outcome | Error, place: string | null) => {
  const { problems, models, files } = await readerOf(ending, place).reader.read(request);
  expect(models).toEqual([]);
  expect(files).toEqual(['nets/a.py']);
  expect(problems).toHaveLength(1);
  return problems[0]!;
};

const trap = (reason: 'denied' | 'exit' | 'stack' | 'crash', detail: string): Outcome => ({
  kind: 'trapped',
  reason,
  detail,
  output: '',
  heap: 0,
});

describe('the Python reader', () => {
  it('hands on what the interpreter answers', async () => {
    const result = { problems: [], models: [], files: ['nets/a.py', 'nets/b.py'] };
    const answered: Outcome = { kind: 'answered', answer: JSON.stringify(result), output: '', heap: 50 };
    const { reader, recycled } = readerOf(answered, null);
    expect(await reader.read(request)).toEqual(result);
    expect(recycled).toEqual([]);
  });

  it('replaces a thread whose memory has grown', async () => {
    const answered: Outcome = { kind: 'answered', answer: '{}', output: '', heap: 101 };
    const { reader, recycled } = readerOf(answered, null);
    await reader.read(request);
    expect(recycled).toEqual([1]);
  });

  it('asks for models by themselves for which the time did not suffice', async () => {
    const asked: (string | undefined)[] = [];
    const model = (entry: string) => ({ name: entry, entry });
    const thread: ReaderThread = {
      read: ({ entry }) => {
        asked.push(entry);
        const answer =
          entry === undefined
            ? { problems: [], models: [model('a()')], files: ['m.py'], later: ['b()', 'c()'] }
            : { problems: [], models: [model(entry)], files: ['m.py'] };
        return Promise.resolve({ kind: 'answered', answer: JSON.stringify(answer), output: '', heap: 0 });
      },
      recycle: () => Promise.resolve(),
    };
    const result = await new PythonReader(thread, new SharedWhereabouts()).read(request);
    expect(asked).toEqual([undefined, 'b()', 'c()']);
    expect(result).toEqual({ problems: [], models: ['a()', 'b()', 'c()'].map(model), files: ['m.py'] });
  });

  it.each([
    [new WorkerTimedOut('hung', 10_000), 'timeout', 'stopped after 10 s'],
    [new WorkerTimedOut('stands', 4_012), 'timeout', 'stopped after 4 s'],
    [new OutOfMemory('full'), 'out-of-memory', 'more memory'],
    [new WorkerCrashed('exit'), 'crashed', 'ended while it ran this'],
    [trap('denied', '_maybe_poll_async'), 'denied', '`_maybe_poll_async`'],
    [trap('exit', 'status 1'), 'denied', 'ends the interpreter'],
    [trap('stack', 'Maximum call stack size exceeded'), 'too-deep', 'recurses deeper'],
    [trap('crash', 'unreachable'), 'crashed', 'unreachable'],
  ] as const)('says what happened, where, and what to do: %s', async (ending, code, message) => {
    const problem = await problemOf(ending, '/user/nets/a.py:2');
    expect(problem.code).toBe(code);
    expect(problem.message).toContain(message);
    expect(problem.message).toContain('Move the code into a function');
    expect(problem.span).toEqual({
      path: 'nets/a.py',
      range: { start: { line: 1, character: 2 }, end: { line: 1, character: 18 } },
    });
  });

  it('locates a failure in an imported file of the workspace', async () => {
    const problem = await problemOf(trap('exit', ''), '/user/nets/b.py:1');
    expect(problem.span?.path).toBe('nets/b.py');
  });

  it.each([null, '/user/nets/gone.py:1', '/user/nets/a.py:99', 'nonsense', '/user/nets/a.py:0'])(
    'has no place where the interpreter told %s',
    async (place) => {
      expect((await problemOf(trap('exit', ''), place)).span).toBeNull();
    },
  );

  it('passes on that nobody waits any more', async () => {
    await expect(readerOf(new Cancelled(), null).reader.read(request)).rejects.toThrow(Cancelled);
  });
});
