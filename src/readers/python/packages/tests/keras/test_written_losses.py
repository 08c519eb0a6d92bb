"""Losses that a Keras file computes itself: added terms, training steps, functional forms."""

from __future__ import annotations

import textwrap
from typing import Any

from tests.reader.reading_case import ReadingCase

_HEAD = 'import keras\nimport numpy as np\nimport tensorflow as tf\nfrom keras import layers, ops\n'

_INSIDE = '''
class Divergence(layers.Layer):
    def call(self, x):
        self.add_loss(tf.reduce_mean(tf.square(x)))
        return x
inputs = keras.Input((6,))
model = keras.Model(inputs, layers.Dense(3)(Divergence()(layers.Dense(4)(inputs))))
'''
_BESIDE = '''
inputs = keras.Input((6,))
outputs = layers.Dense(6)(inputs)
model = keras.Model(inputs, outputs)
model.add_loss(tf.reduce_mean(tf.square(inputs - outputs)))
model.compile(optimizer="adam")
'''
_STEP = '''
class Sampling(layers.Layer):
    def call(self, inputs):
        mean, log_var = inputs
        return mean + tf.exp(0.5 * log_var) * tf.random.normal(tf.shape(mean))

inputs = keras.Input((28, 28, 1))
x = layers.Dense(16, activation="relu")(layers.Flatten()(inputs))
mean, log_var = layers.Dense(2)(x), layers.Dense(2)(x)
encoder = keras.Model(inputs, [mean, log_var, Sampling()([mean, log_var])])
latent = keras.Input((2,))
decoder = keras.Model(latent, layers.Reshape((28, 28, 1))(layers.Dense(784, activation="sigmoid")(latent)))

class Variational(keras.Model):
    def __init__(self, encoder, decoder, **kwargs):
        super().__init__(**kwargs)
        self.encoder, self.decoder = encoder, decoder
        self.tracker = keras.metrics.Mean(name="loss")

    def train_step(self, data):
        with tf.GradientTape() as tape:
            mean, log_var, z = self.encoder(data)
            rebuilt = self.decoder(z)
            fit = tf.reduce_mean(tf.reduce_sum(keras.losses.binary_crossentropy(data, rebuilt), axis=(1, 2)))
            divergence = -0.5 * (1 + log_var - tf.square(mean) - tf.exp(log_var))
            loss = fit + tf.reduce_mean(tf.reduce_sum(divergence, axis=1))
        grads = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(grads, self.trainable_weights))
        self.tracker.update_state(loss)
        return {"loss": self.tracker.result()}

(digits, _), _ = keras.datasets.mnist.load_data()
digits = np.expand_dims(digits, -1).astype("float32") / 255
model = Variational(encoder, decoder)
model.compile(optimizer=keras.optimizers.Adam())
model.fit(digits, epochs=30, batch_size=128)
'''


class WrittenLossTest(ReadingCase):
    def keras(self, text: str) -> Any:
        return self.read_files({'m.py': _HEAD + textwrap.dedent(text)}, 'm.py')

    def term(self, model: Any) -> tuple[Any, list[int], int]:
        """Kind of the loss, the shape of its first written term, and the number of outputs."""
        graph = model['graph']
        place = graph['recipe']['terms'][0]
        kind = graph['recipe']['loss'] and graph['recipe']['loss']['kind']
        return kind, graph['values'][graph['outputs'][place]]['shape'], len(graph['outputs'])

    def test_a_layer_adds_to_the_loss(self) -> None:
        model = self.only(self.keras(_INSIDE + 'model.compile(loss="mse")\n'))
        self.assertEqual(self.term(model), ('mse', [], 2))
        self.assertEqual(model['guesses'], [])

    def test_all_that_is_added_where_nothing_is_compiled(self) -> None:
        for text in (_INSIDE + 'model.compile("adam", loss=None)\n', _BESIDE):
            model = self.only(self.keras(text))
            self.assertEqual(self.term(model), ('output', [], 2))
            self.assertEqual(model['guesses'], [])

    def test_terms_that_are_not_known_are_told(self) -> None:
        model = self.only(self.keras(_BESIDE.replace('tf.square(inputs - outputs)', 'unheard(outputs)').replace(
            'inputs = ', 'from nowhere import unheard\ninputs = ', 1)))
        self.assertNotIn('terms', model['graph']['recipe'])
        self.assertTrue(any('add_loss' in guess['message'] for guess in model['guesses']), model['guesses'])

    def test_a_term_of_the_tensors_of_the_model_that_a_layer_closes_over(self) -> None:
        # The divergence is of the model's own tensors, which the layer is not given.
        text = """
        inputs = keras.Input((6,))
        mean, log_var = layers.Dense(2)(inputs), layers.Dense(2)(inputs)
        class Added(layers.Layer):
            def call(self, given):
                x, rebuilt = given
                fit = keras.metrics.mse(x, rebuilt)
                self.add_loss(tf.reduce_mean(fit + tf.reduce_sum(tf.square(mean) - log_var, axis=-1)))
                return x
        rebuilt = layers.Dense(6)(layers.Add()([mean, tf.exp(log_var)]))
        model = keras.Model(inputs, Added()([inputs, rebuilt]))
        model.compile("adam", loss=None)
        model.fit(np.zeros((40, 6)), None)
        """
        model = self.only(self.keras(text))
        self.assertIsNone(model['unread'])
        self.assertEqual(self.term(model), ('output', [], 2))
        self.assertEqual(model['guesses'], [])
        graph = model['graph']
        # Both are computed once: the term hangs on the same products as the outputs.
        self.assertEqual(len([node for node in graph['nodes'] if node['op'] == 'linear']), 3, [node['op'] for node in graph['nodes']])
        self.assertEqual([item['name'] for item in graph['parameters']].count('dense/kernel'), 1)

    def test_a_term_made_beforehand_is_added_by_a_layer(self) -> None:
        text = """
        inputs = keras.Input((6,))
        hidden = layers.Dense(4)(inputs)
        size = tf.reduce_mean(tf.square(hidden))
        class Added(layers.Layer):
            def call(self, x):
                self.add_loss(size)
                return x
        model = keras.Model(inputs, layers.Dense(3)(Added()(hidden)))
        model.compile("adam", loss="mse")
        """
        model = self.only(self.keras(text))
        self.assertEqual(self.term(model), ('mse', [], 2))

    def test_a_term_made_of_tensors_from_outside_is_refused(self) -> None:
        text = """
        inputs = keras.Input((6,))
        hidden = layers.Dense(4)(inputs)
        class Added(layers.Layer):
            def call(self, x):
                self.add_loss(tf.reduce_mean(tf.square(hidden)))
                return x
        model = keras.Model(inputs, Added()(layers.Dense(3)(inputs)))
        model.compile("adam", loss=None)
        """
        [model] = self.keras(text)['models']
        self.assertIn('tensors that it was not given', model['unread']['message'])
        self.assertEqual(self.line(model['unread']['span']), 10)

    def test_a_model_that_is_its_training_step(self) -> None:
        model = self.only(self.keras(_STEP))
        self.assertIsNone(model['unread'])
        self.assertEqual(self.term(model), ('output', [], 1))
        self.assertEqual(self.inputs(model), [([2, 28, 28, 1], 'float', 'observed')])
        self.assertEqual(len(model['graph']['parameters']), 8)
        self.assertEqual(model['graph']['recipe']['optimiser']['name'], 'Adam')

    def test_two_gradients_are_no_one_loss(self) -> None:
        text = _STEP.replace(
            'grads = tape', 'tape.gradient(fit, self.decoder.trainable_weights)\n        grads = tape')
        models = self.keras(text)['models']
        self.assertEqual([item['name'] for item in models if item['unread'] is None], ['encoder', 'decoder'])
        self.assertEqual(len([item for item in models if 'has no `call`' in (item['unread'] or {}).get('message', '')]), 1, models)
