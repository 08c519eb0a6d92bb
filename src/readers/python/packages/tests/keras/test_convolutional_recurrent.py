"""ConvLSTM1D to 3D: the gates of each step, written out."""

from __future__ import annotations

import unittest

from gradient_lens.errors import ReadError

from tests.keras.keras_case import layer, names, shapes, traced
from tests.support import ops, output_shapes


class ConvolutionalLstm(unittest.TestCase):
    def test_weights_and_shapes(self) -> None:
        graph = layer('layers.ConvLSTM2D(4, 3, padding="same", return_sequences=True)', (2, 5, 8, 8, 3))
        self.assertEqual(shapes(graph), {'kernel': [3, 3, 3, 16], 'recurrent_kernel': [3, 3, 4, 16], 'bias': [16]})
        self.assertTrue(all('conv_lstm_cell/' in name for name in names(graph)))
        self.assertEqual(output_shapes(graph), [[2, 5, 8, 8, 4]])

    def test_each_step_convolves_the_picture_and_the_state(self) -> None:
        graph = layer('layers.ConvLSTM1D(4, 3, strides=2)', (2, 5, 9, 3))
        convolutions = [item['attributes'] for item in graph['nodes'] if item['op'] == 'conv']
        self.assertEqual([item['stride'] for item in convolutions], [[2], [1]] * 5)
        self.assertEqual([item['pads'] for item in convolutions], [[[0, 0]], [[1, 1]]] * 5)
        # Three gates and two tanh a step.
        self.assertEqual((ops(graph).count('sigmoid'), ops(graph).count('tanh')), (15, 10))
        self.assertEqual(output_shapes(graph), [[2, 4, 4]])

    def test_the_forget_gate_starts_open(self) -> None:
        for option, forget in (('', 1.0), (', unit_forget_bias=False', 0.0)):
            graph = layer(f'layers.ConvLSTM2D(2, 3{option})', (2, 3, 8, 8, 3))
            start = next(item['initialiser'] for item in graph['parameters'] if item['shape'] == [8])
            found = start['values'] if start['kind'] == 'values' else [start['value']] * 8
            self.assertEqual(found, [0.0, 0.0, forget, forget, 0.0, 0.0, 0.0, 0.0])

    def test_channels_first(self) -> None:
        graph = layer('layers.ConvLSTM2D(4, 3, data_format="channels_first")', (2, 3, 1, 8, 8))
        self.assertEqual(output_shapes(graph), [[2, 4, 6, 6]])

    def test_states_go_from_one_to_the_next(self) -> None:
        source = '''
            inputs = keras.Input((3, 8, 8, 2))
            y, h, c = layers.ConvLSTM2D(4, 3, padding='same', return_state=True)(inputs)
            model = keras.Model(inputs, layers.ConvLSTM2D(4, 3, padding='same')(inputs, initial_state=[h, c]))
        '''
        self.assertEqual(output_shapes(traced(source, (2, 3, 8, 8, 2))), [[2, 8, 8, 4]])

    def test_dropped_states_share_one_draw(self) -> None:
        graph = layer('layers.ConvLSTM2D(4, 3, dropout=0.1, recurrent_dropout=0.2)', (2, 3, 8, 8, 3))
        drops = [item['attributes'] for item in graph['nodes'] if item['op'] == 'dropout']
        self.assertEqual(sorted((item['rate'], tuple(item['sharedAxes'])) for item in drops), [(0.1, (1,)), (0.2, ())])

    def test_both_ways(self) -> None:
        graph = layer('layers.Bidirectional(layers.ConvLSTM2D(4, 3, return_sequences=True))', (2, 3, 8, 8, 3))
        self.assertEqual(output_shapes(graph), [[2, 3, 6, 6, 8]])
        self.assertEqual(ops(graph).count('flip'), 1)
        self.assertEqual(len(graph['parameters']), 6)

    def test_what_cannot_be_read_is_said(self) -> None:
        for text, shape, words in (
            ('layers.ConvLSTM2D(4, 3)', (2, 8, 8, 3), '5 axes'),
            ('layers.ConvLSTM1D(4, 3)', (2, 201, 8, 3), '201 steps'),
        ):
            with self.assertRaises(ReadError) as caught:
                layer(text, shape)
            self.assertIn(words, caught.exception.message)


if __name__ == '__main__':
    unittest.main()
