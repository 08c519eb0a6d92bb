import { describe, expect, test } from 'vitest';
import type { ReadRequest, ReadResult } from '../../../src/graph/reading';
import type { ReaderPort } from '../../../src/pipeline/ports';
import { Reading } from '../../../src/pipeline/reading';
import { readModel, twoLayers } from './fixtures';

/** Two models of a file; `second#1` is a name, no expression, so that asked for alone it cannot be read. */
function reader(asked: ReadRequest[]): ReaderPort {
  const named = (entry: string, width: number) => ({ ...readModel(twoLayers(width)), name: entry, entry });
  return {
    read: (request): Promise<ReadResult> => {
      asked.push(request);
      const all = [named('first', 8), named('second#1', 16)];
      const models =
        request.entry === undefined ? all : all.filter(({ entry }) => entry === request.entry && entry === 'first');
      const problem = { code: 'bad-entry', message: 'no expression', span: null, related: [] };
      return Promise.resolve({ problems: models.length > 0 ? [] : [problem], models, files: ['net.py'] });
    },
  };
}

const sources = { active: 'net.py', files: [{ path: 'net.py', text: 'x' }], original: (path: string) => path };

describe('reading one model again', () => {
  test('by its expression, or among all where its name is none', async () => {
    const asked: ReadRequest[] = [];
    const reading = new Reading(reader(asked), sources, {});
    expect(await reading.withBatch('first', 4)).toEqual(twoLayers(8));
    expect(asked.map(({ entry }) => entry)).toEqual(['first']);
    expect(await reading.withBatch('second#1', 4)).toEqual(twoLayers(16));
    expect(asked.at(-1)).toMatchObject({ batch: 4 });
    expect(asked.at(-1)).not.toHaveProperty('entry');
  });

  test('says why where neither gives it, and looks no further than what was asked for', async () => {
    const asked: ReadRequest[] = [];
    const whole = new Reading(reader(asked), sources, {});
    expect(await whole.withBatch('third', 4)).toMatchObject({ code: 'bad-entry' });
    const one = new Reading(reader(asked), sources, { entry: 'second#1' });
    expect(await one.withBatch('second#1', 4)).toMatchObject({ code: 'bad-entry' });
    expect(asked.at(-1)?.entry).toBe('second#1');
  });
});
