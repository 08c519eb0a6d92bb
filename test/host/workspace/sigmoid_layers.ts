import * as tf from '@tensorflow/tfjs';

/** Ten sigmoid layers in a row. */
export function buildClassifier(inputs = 12, depth = 10): tf.LayersModel {
  const model = tf.sequential();
  model.add(tf.layers.inputLayer({ inputShape: [inputs] }));
  for (let i = 0; i < depth; i++) {
    model.add(tf.layers.dense({ units: 24, activation: 'sigmoid' }));
  }
  model.add(
    tf.layers.dense({
      units: 4,
      activation: 'softmax',
    }),
  );
  model.compile({ optimizer: tf.train.adam(0.001), loss: 'categoricalCrossentropy' });
  return model;
}
