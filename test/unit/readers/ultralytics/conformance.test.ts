import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ReadingValidator } from '../../../../src/graph/validate';
import { readUltralytics } from '../../../../src/readers/ultralytics/ultralyticsReader';
import { loadCases } from '../../../conformance/case';
import { checkInit, checkLines, checkStructure } from '../../../conformance/checks';
import { drawParameter } from '../../../../src/training/initialise/initialise';

const pack = path.resolve(__dirname, '../../../../../shared/conformance');
const cases = loadCases(pack).filter(({ id }) => id.startsWith('yaml-'));

function deviation(elements: Float32Array): number {
  const mean = elements.reduce((sum, x) => sum + x, 0) / elements.length;
  return Math.sqrt(elements.reduce((sum, x) => sum + (x - mean) ** 2, 0) / elements.length);
}

describe('Ultralytics YAML of the conformance pack', () => {
  it.each(cases)('$id', (item) => {
    const text = fs.readFileSync(path.join(pack, item.source), 'utf8');
    const file = path.basename(item.source);
    const result = readUltralytics({
      path: file,
      files: [{ path: file, text }],
      batch: item.inputs[0]?.shape[0] ?? 1,
      inputs: item.inputs,
      ...(item.entry ? { entry: item.entry } : {}),
    });
    expect(result.problems).toEqual([]);
    const [model] = result.models;
    expect(model?.unread).toBeNull();
    const graph = new ReadingValidator().graph(model?.graph);
    expect(checkStructure(graph, item)).toMatchObject({ passed: true });
    expect(checkLines(graph, item)).toMatchObject({ passed: true });
    const deviations = graph.parameters.map((_, i) => {
      const seeds = [0, 1, 2, 3, 4, 5, 6, 7].map((seed) => deviation(drawParameter(graph.parameters, i, seed)));
      return seeds.reduce((sum, x) => sum + x, 0) / seeds.length;
    });
    expect(checkInit(deviations, item)).toMatchObject({ passed: true });
    expect(graph.parameters.map(({ name }) => name)).toEqual(item.expect.parameters.map(({ name }) => name));
  });
});
