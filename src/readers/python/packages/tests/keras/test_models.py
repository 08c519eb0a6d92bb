"""Models: functional, subclassed, shared, nested; and what TensorFlow's functions become in them."""

from __future__ import annotations

import unittest

from tests.keras.keras_case import HEAD, model_of, names, traced
from tests.support import excerpt, node, ops, output_shapes


class Functional(unittest.TestCase):
    def test_runs_at_another_batch(self) -> None:
        source = 'a = keras.Input((6,))\nmodel = keras.Model(a, ops.reshape(layers.Dense(4)(a), (-1, 2, 2)))'
        self.assertEqual(output_shapes(traced(source, (5, 6))), [[5, 2, 2]])

    def test_a_shared_layer_has_one_weight(self) -> None:
        source = '''
            a, b = keras.Input((6,)), keras.Input((6,))
            tower = layers.Dense(4)
            model = keras.Model([a, b], layers.Subtract()([tower(a), tower(b)]))
        '''
        graph = traced(source, (2, 6), (2, 6))
        self.assertEqual(names(graph), ['dense/kernel', 'dense/bias'])
        self.assertEqual(ops(graph), ['linear', 'linear', 'sub'])

    def test_order_by_depth(self) -> None:
        """Keras orders weights by the depth of their layers, not by the order of construction."""
        source = '''
            a = keras.Input((6,))
            late = layers.Dense(6, name="late")
            early = layers.Dense(6, name="early")(a)
            model = keras.Model(a, late(early) + a)
        '''
        self.assertEqual(names(traced(source, (2, 6)))[::2], ['early/kernel', 'late/kernel'])

    def test_a_model_cut_out_of_another(self) -> None:
        source = '''
            a = keras.Input((6,))
            whole = keras.Sequential([keras.Input((6,)), layers.Dense(5, name="kept"), layers.Dense(4)])
            model = keras.Model(whole.inputs, whole.get_layer("kept").output)
        '''
        self.assertEqual(output_shapes(traced(source, (2, 6))), [[2, 5]])

    def test_operators_on_symbolic_tensors(self) -> None:
        source = 'a = keras.Input((6,))\nx = layers.Dense(6)(a)\nmodel = keras.Model(a, 2 * x[:, :3] + tf.nn.relu(x)[:, 3:])'
        self.assertEqual(output_shapes(traced(source, (4, 6))), [[4, 3]])

    def test_shape_of_symbolic_tensors(self) -> None:
        model = model_of('a = keras.Input((6, 3))\nmodel = keras.Model(a, layers.Dense(2)(a))')
        self.assertEqual(tuple(model.output.shape), (None, 6, 2))
        self.assertEqual(model.count_params(), 8)

    def test_places_are_those_of_the_file(self) -> None:
        source = 'a = keras.Input((6,))\nx = layers.Dense(6)(a)\nmodel = keras.Model(a, keras.ops.tanh(x))'
        graph = traced(source, (2, 6))
        self.assertEqual(excerpt(HEAD + source, node(graph, 'linear')['span']), 'layers.Dense(6)(a)')
        self.assertEqual(excerpt(HEAD + source, node(graph, 'tanh')['span']), 'keras.ops.tanh(x)')


class Subclassed(unittest.TestCase):
    def test_layers_in_lists_and_training(self) -> None:
        source = '''
            class Net(keras.Model):
                def __init__(self):
                    super().__init__()
                    self.blocks = []
                    for width in (3, 4):
                        self.blocks.append(layers.Dense(width))
                    self.drop = layers.Dropout(0.5)
                def call(self, x, training=False):
                    for block in self.blocks:
                        x = block(x)
                    return self.drop(x, training=training)
            model = Net()
        '''
        graph = traced(source, (2, 6))
        self.assertEqual(names(graph), ['dense/kernel', 'dense/bias', 'dense_1/kernel', 'dense_1/bias'])
        self.assertEqual(ops(graph), ['linear', 'linear', 'dropout'])

    def test_inference_mode_reaches_what_is_inside(self) -> None:
        source = '''
            base = keras.Sequential([layers.BatchNormalization(), layers.Dropout(0.5)])
            class Net(keras.Model):
                def __init__(self):
                    super().__init__()
                    self.base, self.head = base, layers.Dense(2)
                def call(self, x):
                    return self.head(self.base(x, training=False))
            model = Net()
        '''
        self.assertEqual(ops(traced(source, (2, 6))), ['batchNormFixed', 'linear'])

    def test_a_variable_of_its_own(self) -> None:
        source = '''
            class Scale(layers.Layer):
                def build(self, shape):
                    self.g = tf.Variable(tf.ones([shape[-1]]), name="g")
                def call(self, x):
                    return x * self.g
            model = keras.Sequential([Scale()])
        '''
        graph = traced(source, (2, 6))
        self.assertEqual((names(graph), graph['parameters'][0]['shape']), (['scale/g'], [6]))

    def test_old_argument_order(self) -> None:
        source = '''
            class Scale(layers.Layer):
                def build(self, shape):
                    self.g = self.add_weight("g", (int(shape[-1]),), initializer="ones")
                def call(self, x):
                    return x * self.g
            model = keras.Sequential([Scale()])
        '''
        self.assertEqual(traced(source, (2, 6))['parameters'][0]['shape'], [6])


class TensorFlow(unittest.TestCase):
    def lambda_(self, text: str, *inputs: tuple[int, ...]) -> dict[str, object]:
        return traced(f'a = keras.Input({inputs[0][1:]})\nx = layers.Dense(4)(a)\nmodel = keras.Model(a, layers.Lambda(lambda t: {text})(x))', *inputs)

    def test_shapes_taken_apart(self) -> None:
        graph = self.lambda_('tf.reshape(t, [tf.shape(t)[0], -1])', (3, 5, 6))
        self.assertEqual(output_shapes(graph), [[3, 20]])

    def test_reductions_and_joins(self) -> None:
        graph = self.lambda_('tf.concat([tf.reduce_mean(t, axis=1), tf.math.reduce_max(t, 1)], axis=-1)', (3, 5, 6))
        self.assertEqual(output_shapes(graph), [[3, 8]])

    def test_split_by_sizes(self) -> None:
        graph = self.lambda_('tf.split(t, [1, 3], axis=-1)[1]', (3, 5, 6))
        self.assertEqual(output_shapes(graph), [[3, 5, 3]])

    def test_einsum_with_an_ellipsis(self) -> None:
        graph = self.lambda_('tf.einsum("...ij,...kj->...ik", t, t)', (3, 2, 5, 6))
        self.assertEqual(output_shapes(graph), [[3, 2, 5, 5]])

    def test_gelu_is_exact_in_tf_and_approximate_in_ops(self) -> None:
        kinds = [
            node(self.lambda_(text, (3, 6)), 'gelu')['attributes']['approximate']
            for text in ('tf.nn.gelu(t)', 'keras.ops.gelu(t)', 'keras.activations.gelu(t)')
        ]
        self.assertEqual(kinds, ['none', 'tanh', 'none'])


if __name__ == '__main__':
    unittest.main()
