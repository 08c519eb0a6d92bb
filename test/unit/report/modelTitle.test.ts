import { describe, expect, it } from 'vitest';
import { modelTitle } from '../../../src/report/modelTitle';

describe("a model's title", () => {
  it.each([
    ['Net', 'Net(depth=3)', 'Net(depth=3)'],
    ['model', 'model', 'model'],
    ['plain_sigmoid', '', 'plain_sigmoid'],
    ['yolov8n-seg', 'n', 'yolov8n-seg'],
    ['Net', 'm', 'Net (m)'],
    ['m', 'm', 'm'],
    ['Net', 'build().body', 'Net (build().body)'],
    ['', 'Net()', 'Net()'],
  ])('of %j made by %j is %j', (name, entry, title) => {
    expect(modelTitle({ name, entry })).toBe(title);
  });
});
