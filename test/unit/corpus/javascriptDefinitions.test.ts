import { describe, expect, it } from 'vitest';
import { countJavascriptDefinitions } from '../../corpus/javascriptDefinitions';

const count = (text: string, path = 'net.ts') =>
  countJavascriptDefinitions({ path, text }).map(({ kind, name, from }) => `${from} ${kind} ${name}`);

describe('the count of TensorFlow.js definitions', () => {
  it('counts functions, methods and variables of the top level, once each', () => {
    expect(
      count(`import * as tf from '@tensorflow/tfjs';
export function first(width: number) {
  const base = tf.sequential();
  base.add(tf.layers.dense({ units: width }));
  return tf.model({ inputs: base.inputs, outputs: base.outputs });
}
class Agent {
  build(): void { this.net = tf.sequential({ layers: [tf.layers.flatten()] }); }
  other() {}
}
const arrow = () => tf.sequential({ layers: [tf.layers.flatten()] });
const model = tf.sequential();
model.add(tf.layers.dense({ units: 1 }));
`),
    ).toEqual(['1 builder first', '7 builder Agent.build', '10 builder arrow', '11 variable model']);
  });

  it('knows the library by other names', () => {
    expect(
      count(`import { sequential as made, layers } from '@tensorflow/tfjs-layers';
const net = made({ layers: [layers.dense({ units: 1 })] });
`),
    ).toEqual(['1 variable net']);
    expect(
      count(
        "const T = require('@tensorflow/tfjs-node');\nconst net = T.sequential({ layers: [T.layers.flatten()] });",
        'a.js',
      ),
    ).toEqual(['1 variable net']);
    expect(count('const net = other.sequential({ layers: [other.layers.flatten()] });')).toEqual([]);
  });

  it('leaves out functions that only cut or join models', () => {
    expect(
      count('function cut(base: Model) { return tf.model({ inputs: base.inputs, outputs: base.layers[3].output }); }'),
    ).toEqual([]);
  });

  it('takes JSX, types that are no TypeScript, and files without a model', () => {
    expect(count('const f = (x: number): number => x;', 'a.js')).toEqual([]);
    expect(count('const View = () => <p>{tf.sequential({ layers: [tf.layers.flatten()] })}</p>;', 'a.tsx')).toEqual([
      '0 builder View',
    ]);
  });
});
