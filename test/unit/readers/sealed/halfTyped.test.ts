import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ReadModel } from '../../../../src/graph/reading';
import { ReaderClient } from '../../../../src/workers/readerClient';

// The reader as it ships.
vi.setConfig({ testTimeout: 120_000 });
const root = path.resolve(import.meta.dirname, '..', '..', '..', '..');
let client: ReaderClient;

beforeAll(async () => {
  const limits = { timeout: 20_000, interrupt: 18_000, stall: 10_000, heap: 2 ** 27 };
  client = new ReaderClient(path.join(root, 'dist'), () => undefined, limits);
  await client.start();
}, 60_000);

afterAll(async () => {
  await client.dispose();
});

const read = (text: string) => client.read({ path: 'net.py', files: [{ path: 'net.py', text }], batch: 2 });

const BEFORE = `import torch.nn as nn


class Before(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 4)

    def forward(self, x):
        return self.a(x)


`;

const KERAS = `${BEFORE}import keras
from keras import layers


def small(width=8):
    inputs = keras.Input(shape=(28, 28, 1), name="picture")
    x = layers.Conv2D(width, 3, activation="relu")(inputs)
    x = layers.Flatten()(x)
    return keras.Model(inputs, layers.Dense(10)(x))


model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        layers.Dense(64, activation="sigmoid"),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile(loss="categorical_crossentropy", optimizer="adam")
`;

const example = (name: string) => BEFORE + fs.readFileSync(path.join(root, 'examples', name), 'utf8');

/** Whole files, and in how many places each is cut: 47 in all. */
const files: [string, string, number][] = [
  ['lenet_batchnorm.py', example('lenet_batchnorm.py'), 12],
  ['relu_tower.py', example('relu_tower.py'), 13],
  ['sigmoid_stack.py', example('sigmoid_stack.py'), 12],
  ['a file of Keras', KERAS, 10],
];

/**
 * Zero-based line behind the class or function that makes a model: the first that is not indented. Infinity for a variable: a broken
 * statement below may name it, and then its model waits for the rest of that statement.
 */
function behind(model: ReadModel, lines: readonly string[]): number {
  const start = model.span?.range.start.line ?? Infinity;
  if (!/^(?:class|def) /.test(lines[start] ?? '')) return Infinity;
  const next = lines.findIndex((line, n) => n > start && /^\S/.test(line));
  return next < 0 ? Infinity : next;
}

describe('a file that is half typed', () => {
  it.each(files)('%s', async (_, whole, count) => {
    const all = (await read(whole)).models;
    expect(all.map(({ unread }) => unread)).toEqual(all.map(() => null));
    for (let n = 1; n <= count; n++) {
      // Spread over the text behind the first model, at no round place of a line.
      const at = BEFORE.length + Math.floor(((whole.length - BEFORE.length) * (n - 0.37)) / count);
      const text = whole.slice(0, at);
      const lines = text.split('\n').length;
      const { models, problems } = await read(text);
      const place = `cut behind ${JSON.stringify(text.slice(-30))}`;
      const found = models.filter(({ graph }) => graph !== null).map(({ name }) => name);
      expect(found, place).toContain('Before');
      for (const told of [...problems, ...models.flatMap(({ unread }) => unread ?? [])]) {
        expect(told.code, `${place}: ${told.message}`).not.toMatch(/crashed|timeout|internal|out-of-memory/);
        expect(told.span?.range.start.line, `${place}: ${told.message}`).toBeLessThan(lines);
      }
      // What stands whole above the line of the cut is read as before.
      for (const model of all.filter((item) => behind(item, whole.split('\n')) < lines - 1)) {
        const same = models.find(({ name }) => name === model.name);
        expect(
          same?.graph?.parameters.map(({ shape }) => shape),
          `${model.name}, ${place}`,
        ).toEqual(model.graph?.parameters.map(({ shape }) => shape));
      }
      // A bracket that is still open has its message.
      const last = text.split('\n').at(-1) ?? '';
      if (/\([^()]*$/.test(last) && !/#|"""/.test(last))
        expect(
          problems.map(({ code }) => code),
          place,
        ).toContain('syntax-error');
    }
  });
});
