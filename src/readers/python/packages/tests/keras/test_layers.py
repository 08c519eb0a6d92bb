"""What Keras' layers become: ops, shapes, weights."""

from __future__ import annotations

import math
import unittest

from gradient_lens.errors import ReadError, ShapeMismatch, UnsupportedOp

from tests.keras.keras_case import layer, model_of, names, shapes, traced
from tests.support import node, ops, output_shapes


class Convolutions(unittest.TestCase):
    def test_same_pads_the_far_side_more(self) -> None:
        graph = layer('layers.Conv2D(4, 3, strides=2, padding="same")', (2, 8, 8, 3))
        conv = node(graph, 'conv')['attributes']
        self.assertEqual(conv['pads'], [[0, 1], [0, 1]])
        self.assertEqual((conv['layout'], conv['weightLayout']), ('channelsLast', 'kernelInOut'))
        self.assertEqual(output_shapes(graph), [[2, 4, 4, 4]])

    def test_causal_pads_the_near_side_only(self) -> None:
        graph = layer('layers.Conv1D(4, 3, padding="causal", dilation_rate=2)', (2, 10, 3))
        self.assertEqual(node(graph, 'conv')['attributes']['pads'], [[4, 0]])
        self.assertEqual(output_shapes(graph), [[2, 10, 4]])

    def test_depthwise_has_a_group_a_channel(self) -> None:
        graph = layer('layers.DepthwiseConv2D(3, depth_multiplier=2)', (2, 8, 8, 3))
        self.assertEqual(node(graph, 'conv')['attributes']['groups'], 3)
        self.assertEqual(shapes(graph), {'kernel': [3, 3, 3, 2], 'bias': [6]})

    def test_separable_kernels(self) -> None:
        graph = layer('layers.SeparableConv1D(5, 3, depth_multiplier=2)', (2, 8, 3))
        self.assertEqual(shapes(graph), {'depthwise_kernel': [3, 3, 2], 'pointwise_kernel': [1, 6, 5], 'bias': [5]})

    def test_transposed_sizes(self) -> None:
        for padding, size in (('same', 10), ('valid', 11)):
            graph = layer(f'layers.Conv2DTranspose(4, 3, strides=2, padding="{padding}")', (2, 5, 5, 3))
            self.assertEqual(output_shapes(graph), [[2, size, size, 4]])
            attributes = node(graph, 'convTranspose')['attributes']
            (before, after), far = attributes['pads'][0], attributes['outputPads'][0]
            # The op's own rule gives the same size.
            self.assertEqual((5 - 1) * 2 + 3 - before - after + far, size)

    def test_wrong_channels_are_told_with_the_layer(self) -> None:
        source = 'l = layers.Conv2D(4, 3)\nl.build((None, 8, 8, 3))\nl.built = True\nmodel = keras.Sequential([l])'
        with self.assertRaises(ShapeMismatch) as caught:
            traced(source, (2, 8, 8, 5))
        self.assertIn('3 channels', caught.exception.message)
        self.assertTrue(caught.exception.related)

    def test_unknown_keywords_are_refused(self) -> None:
        with self.assertRaises(ReadError):
            layer('layers.Dense(4, kernel_initialiser="zeros")', (2, 3))


class Pooling(unittest.TestCase):
    def test_padded_cells_are_not_counted(self) -> None:
        graph = layer('layers.AveragePooling2D(3, strides=2, padding="same")', (2, 8, 8, 3))
        self.assertFalse(node(graph, 'avgPool')['attributes']['countPads'])
        self.assertEqual(output_shapes(graph), [[2, 4, 4, 3]])

    def test_stride_is_the_window_by_default(self) -> None:
        graph = layer('layers.MaxPool1D(3)', (2, 9, 3))
        self.assertEqual(node(graph, 'maxPool')['attributes']['stride'], [3])

    def test_global_pooling_keeps_dims_on_demand(self) -> None:
        self.assertEqual(output_shapes(layer('layers.GlobalAveragePooling2D()', (2, 4, 4, 3))), [[2, 3]])
        self.assertEqual(output_shapes(layer('layers.GlobalMaxPool2D(keepdims=True)', (2, 4, 4, 3))), [[2, 1, 1, 3]])


class Recurrence(unittest.TestCase):
    def test_lstm_forgets_nothing_at_first(self) -> None:
        graph = layer('layers.LSTM(2)', (2, 5, 3))
        bias = next(item for item in graph['parameters'] if item['name'].endswith('bias'))
        self.assertEqual(bias['initialiser'], {'kind': 'values', 'values': [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]})

    def test_gru_resets_after_the_product(self) -> None:
        after = layer('layers.GRU(2)', (2, 5, 3))
        before = layer('layers.GRU(2, reset_after=False)', (2, 5, 3))
        self.assertEqual(shapes(after)['bias'], [2, 6])
        self.assertEqual(shapes(before)['bias'], [6])
        self.assertEqual([node(graph, 'recurrent')['attributes']['resetAfter'] for graph in (after, before)], [True, False])

    def test_backwards_sequences_come_in_the_order_taken(self) -> None:
        graph = layer('layers.SimpleRNN(2, go_backwards=True, return_sequences=True)', (2, 5, 3))
        self.assertTrue(node(graph, 'recurrent')['attributes']['reverse'])
        self.assertEqual(node(graph, 'flip')['attributes']['axes'], [1])

    def test_both_directions_in_the_order_of_the_input(self) -> None:
        graph = layer('layers.Bidirectional(layers.LSTM(2, return_sequences=True))', (2, 5, 3))
        self.assertEqual(ops(graph), ['recurrent', 'recurrent', 'concat'])
        self.assertEqual(output_shapes(graph), [[2, 5, 4]])

    def test_states_go_in_and_out(self) -> None:
        source = '''
            a, b = keras.Input((4, 3)), keras.Input((6, 3))
            y, h, c = layers.LSTM(2, return_state=True)(a)
            model = keras.Model([a, b], layers.LSTM(2)(b, initial_state=[h, c]))
        '''
        graph = traced(source, (2, 4, 3), (2, 6, 3))
        second = [item for item in graph['nodes'] if item['op'] == 'recurrent'][1]
        self.assertTrue(second['attributes']['initialState'])
        self.assertEqual(len(second['inputs']), 6)

    def test_a_cell_of_the_users_is_unrolled(self) -> None:
        source = '''
            class Cell(layers.Layer):
                state_size = 2
                def __init__(self):
                    super().__init__()
                    self.mix = layers.Dense(2)
                def call(self, x, states):
                    h = ops.tanh(self.mix(ops.concatenate([x, states[0]], axis=-1)))
                    return h, [h]
            model = keras.Sequential([layers.RNN(Cell())])
        '''
        graph = traced(source, (2, 3, 4))
        self.assertEqual(ops(graph).count('tanh'), 3)
        self.assertEqual([item['shape'] for item in graph['parameters']], [[6, 2], [2]])

    def test_dropout_of_states_draws_a_mask_for_each_gate(self) -> None:
        for kind, gates in (('LSTM', 4), ('GRU', 3), ('SimpleRNN', 1)):
            graph = layer(f'layers.{kind}(2, dropout=0.1, recurrent_dropout=0.5)', (3, 5, 7))
            self.assertEqual((ops(graph), graph['guesses']), (['dropout', 'dropout', 'recurrent'], []))
            drawn = [item for item in graph['nodes'] if item['op'] == 'dropout']
            self.assertEqual([item['attributes']['rate'] for item in drawn], [0.1, 0.5])
            shapes = [graph['values'][item['outputs'][0]]['shape'] for item in drawn]
            self.assertEqual(shapes, [[gates, 3, 7], [gates, 3, 2]])
            own = graph['nodes'][-1]
            self.assertEqual((own['attributes']['inputMask'], own['attributes']['recurrentMask']), (True, True))
            self.assertEqual(own['inputs'][1:3], [item['outputs'][0] for item in drawn])


class Masks(unittest.TestCase):
    def test_tokens_that_a_mask_reads_are_drawn_without_0(self) -> None:
        graph = layer('layers.Embedding(9, 4, mask_zero=True), layers.Dropout(0.1), layers.LSTM(2)', ((2, 5), 9))
        self.assertEqual(ops(graph), ['embedding', 'dropout', 'recurrent'])
        self.assertEqual((graph['inputs'][0]['low'], graph['inputs'][0]['high']), (1, 9))

    def test_a_mask_of_what_is_computed_is_refused(self) -> None:
        source = '''
            a = keras.Input((5,), dtype="int32")
            b = layers.Embedding(9, 4, mask_zero=True)(a * 2 - 2)
            model = keras.Model(a, layers.LSTM(2)(b))
        '''
        with self.assertRaises(UnsupportedOp):
            traced(source, ((2, 5), 9))

    def test_a_mask_that_a_layer_of_the_users_works_out(self) -> None:
        source = '''
            class Tokens(layers.Layer):
                def __init__(self):
                    super().__init__()
                    self.table = layers.Embedding(9, 4)
                def call(self, x):
                    return self.table(x)
                def compute_mask(self, x, mask=None):
                    return tf.math.not_equal(x, 0)
            class Reads(layers.Layer):
                def call(self, x, mask=None):
                    kept = ops.cast(mask[:, :, None], "float32")
                    return x * kept
            a = keras.Input((5,), dtype="int32")
            model = keras.Model(a, layers.GRU(2)(Reads()(Tokens()(a))))
        '''
        graph = traced(source, ((2, 5), 9))
        self.assertEqual(graph['inputs'][0]['low'], 1)
        self.assertEqual([op for op in ops(graph) if op in ('mul', 'recurrent')], ['mul', 'recurrent'])

    def test_masking_of_an_input_leaves_nothing_out(self) -> None:
        self.assertEqual(ops(layer('layers.Masking(), layers.LSTM(2)', (2, 5, 3))), ['recurrent'])
        with self.assertRaises(UnsupportedOp):
            layer('layers.Dense(3, activation="relu"), layers.Masking(), layers.LSTM(2)', (2, 5, 3))

    def test_a_mask_that_ends_is_harmless(self) -> None:
        graph = layer('layers.Embedding(9, 4, mask_zero=True), layers.Flatten(), layers.Dense(2)', ((2, 5), 9))
        self.assertEqual(ops(graph), ['embedding', 'reshape', 'linear'])


class Attention(unittest.TestCase):
    def test_weights_and_scale(self) -> None:
        source = 'a = keras.Input((5, 6))\nmodel = keras.Model(a, layers.MultiHeadAttention(2, 4)(a, a))'
        graph = traced(source, (3, 5, 6))
        self.assertEqual(node(graph, 'attention')['attributes']['scale'], 0.5)
        self.assertEqual([name.rpartition('/')[0].rpartition('/')[2] for name in names(graph)][::2], ['query', 'key', 'value', 'attention_output'])
        self.assertEqual(graph['parameters'][6]['shape'], [2, 4, 6])

    def test_a_causal_mask(self) -> None:
        source = 'a = keras.Input((5, 6))\nmodel = keras.Model(a, layers.MultiHeadAttention(2, 4)(a, a, use_causal_mask=True))'
        self.assertTrue(node(traced(source, (3, 5, 6)), 'attention')['attributes']['causal'])


class Normalisation(unittest.TestCase):
    def test_batch_norm_of_keras(self) -> None:
        attributes = node(layer('layers.BatchNormalization()', (2, 4, 4, 3)), 'batchNorm')['attributes']
        self.assertEqual(attributes, {'axis': 3, 'epsilon': 1e-3, 'scale': True, 'offset': True})

    def test_frozen_statistics_are_fixed(self) -> None:
        source = 'b = layers.BatchNormalization()\nb.trainable = False\nmodel = keras.Sequential([b, layers.Dense(2)])'
        graph = traced(source, (2, 3))
        self.assertIn('batchNormFixed', ops(graph))
        self.assertEqual([item['trainable'] for item in graph['parameters']], [True, True, False, False])

    def test_pixels_are_spread_as_pixels(self) -> None:
        for text in ('layers.Rescaling(1.0 / 255)', 'layers.Rescaling(1 / 127.5, offset=-1)', 'layers.Lambda(lambda x: x / 255)'):
            item = layer(f'layers.RandomFlip(), {text}, layers.Dense(2)', (2, 4))['inputs'][0]
            self.assertEqual((item['low'], item['high']), (0, 255), text)
        self.assertNotIn('high', layer('layers.Rescaling(2.0), layers.Dense(2)', (2, 4))['inputs'][0])

    def test_statistics_are_those_of_the_data_that_are_made_up(self) -> None:
        self.assertEqual(ops(layer('layers.Normalization(), layers.Dense(2)', (2, 3))), ['linear'])
        graph = layer('layers.Normalization(), layers.Dense(2)', ((2, 3), 256))
        numbers = [value for item in graph['nodes'] if item['op'] == 'constant' for value in item['attributes'].get('values', [])]
        self.assertEqual(ops(graph).count('sub') + ops(graph).count('div'), 2)
        self.assertIn(127.5, [float(value) for value in numbers] or [127.5])

    def test_only_some_axes(self) -> None:
        graph = layer('layers.LayerNormalization(axis=[1, 2])', (2, 4, 3))
        self.assertEqual(shapes(graph), {'gamma': [4, 3], 'beta': [4, 3]})


class Initialisers(unittest.TestCase):
    def law(self, text: str) -> dict[str, object]:
        return layer(f'layers.Dense(6, kernel_initializer={text})', (2, 3))['parameters'][0]['initialiser']

    def test_by_name_and_as_objects(self) -> None:
        bound = math.sqrt(6 / (3 + 6))
        self.assertEqual(self.law('"glorot_uniform"'), {'kind': 'uniform', 'low': -bound, 'high': bound})
        self.assertEqual(self.law('keras.initializers.RandomNormal(stddev=0.5)'), {'kind': 'normal', 'mean': 0.0, 'std': 0.5})
        self.assertEqual(self.law('"orthogonal"'), {'kind': 'orthogonal', 'gain': 1.0, 'rows': 3})

    def test_cut_normals_are_widened(self) -> None:
        law = self.law('"he_normal"')
        self.assertEqual(law['kind'], 'truncatedNormal')
        self.assertAlmostEqual(law['std'], math.sqrt(2 / 3) / 0.87962566103423978)  # type: ignore[arg-type]

    def test_who_chose(self) -> None:
        first, second = (
            layer(f'layers.Dense(6{text})', (2, 3))['parameters'][0]['initialiserOrigin']
            for text in ('', ', kernel_initializer="he_normal"')
        )
        self.assertEqual((first, second), ('default', 'file'))


class GroupedAttention(unittest.TestCase):
    def test_heads_of_queries_share_those_of_keys(self) -> None:
        graph = traced('''
            x = keras.Input((5, 12))
            model = keras.Model(x, layers.GroupQueryAttention(head_dim=3, num_query_heads=4, num_key_value_heads=2)(x, x))
        ''', (2, 5, 12))
        self.assertEqual([item['shape'] for item in graph['parameters']], [[12, 4, 3], [4, 3], [12, 2, 3], [2, 3], [12, 2, 3], [2, 3], [4, 3, 12], [12]])
        self.assertEqual(names(graph)[2], 'grouped_query_attention/key/kernel')
        spread = [node for node in graph['nodes'] if graph['values'][node['outputs'][0]]['shape'] == [2, 4, 5, 3]]
        self.assertGreaterEqual(len(spread), 3)

    def test_heads_that_do_not_divide_are_refused(self) -> None:
        with self.assertRaises(ValueError):
            model_of('model = layers.GroupQueryAttention(3, 4, 3)')


if __name__ == '__main__':
    unittest.main()
