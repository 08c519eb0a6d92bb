import * as fs from 'node:fs';
import * as path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ReadingValidator } from '../../../../src/graph/validate';
import { Rig } from './rig';

const pack = path.resolve('..', 'shared', 'conformance');

interface Case {
  source: string;
  entry: string | null;
  variable?: string;
  inputs: { shape: number[]; kind: 'float' | 'int'; high?: number }[];
  expect: { parameters: { name: string; shape: number[]; line: number; initStd: number }[]; outputs: number[][] };
}

describe('the TensorFlow.js cases of the conformance pack', () => {
  let rig: Rig;
  beforeAll(async () => void (rig = await Rig.make()));

  const names = fs.readdirSync(path.join(pack, 'cases')).filter((name) => name.startsWith('tfjs-'));
  it('is a pack with cases', () => expect(names.length).toBeGreaterThan(5));

  it.each(names)('%s', async (name) => {
    const item = JSON.parse(fs.readFileSync(path.join(pack, 'cases', name), 'utf8')) as Case;
    const text = fs.readFileSync(path.join(pack, item.source), 'utf8');
    const entry = item.entry ?? item.variable;
    const { inputs } = item;
    const result = await rig.read(text, {
      path: path.basename(item.source),
      inputs,
      ...(entry === undefined ? {} : { entry }),
    });
    new ReadingValidator().result(result);
    const [model] = result.models;
    expect(model?.unread ?? null).toBeNull();
    expect(
      model?.graph?.parameters.map((parameter) => ({
        name: parameter.name,
        shape: parameter.shape,
        line: (parameter.span?.range.start.line ?? -1) + 1,
      })),
    ).toEqual(item.expect.parameters.map(({ name, shape, line }) => ({ name, shape, line })));
    expect(model?.graph?.outputs.map((output) => model.graph?.values[output]?.shape)).toEqual(item.expect.outputs);
  });

  it.each(names)('finds without being told: %s', async (name) => {
    const item = JSON.parse(fs.readFileSync(path.join(pack, 'cases', name), 'utf8')) as Case;
    const text = fs.readFileSync(path.join(pack, item.source), 'utf8');
    const result = await rig.read(text, { path: path.basename(item.source) });
    const shapes = item.expect.parameters.map(({ shape }) => shape);
    const found = result.models.map(({ graph, unread }) => graph?.parameters.map(({ shape }) => shape) ?? unread?.code);
    // Some of the pack's builders cannot be called without being told how: those ask for it.
    if (!found.includes('needs-arguments')) expect(found).toContainEqual(shapes);
    expect(result.problems).toEqual([]);
  });
});
