"""Files written for Keras 1, whose arguments had other names."""

from __future__ import annotations

import textwrap
from typing import Any

from tests.reader.reading_case import ReadingCase

HEAD = 'from keras.models import Sequential\nfrom keras.layers import *\n'


class Keras1(ReadingCase):
    def parameters(self, layers: str) -> list[tuple[list[int], str]]:
        model = self.model(layers)
        return [(item['shape'], item['initialiser']['kind']) for item in model['graph']['parameters']]

    def model(self, layers: str) -> Any:
        return self.only(self.read_files({'m.py': HEAD + f'model = Sequential([{textwrap.dedent(layers)}])\n'}, 'm.py'))

    def test_a_dense_layer(self) -> None:
        made = self.parameters("Dense(output_dim=4, input_dim=3, init='uniform', activation='relu', W_regularizer=None, bias=False)")
        self.assertEqual(made, [([3, 4], 'uniform')])

    def test_it_is_said(self) -> None:
        model = self.model("Dense(4, input_dim=3, init='uniform')")
        self.assertEqual(
            [guess['message'] for guess in model['graph']['guesses']],
            ['`init=` of `Dense` is read as in Keras 1; Keras 3 does not take it.'],
        )

    def test_a_convolution_with_rows_and_columns(self) -> None:
        model = self.model("Convolution2D(8, 5, 3, border_mode='same', subsample=(2, 2), input_shape=(12, 12, 1))")
        graph = model['graph']
        self.assertEqual(graph['parameters'][0]['shape'], [5, 3, 1, 8])
        self.assertEqual(graph['values'][graph['outputs'][0]]['shape'][1:], [6, 6, 8])

    def test_counts_of_filters_rows_and_columns_by_name(self) -> None:
        made = self.parameters("Conv2D(nb_filter=8, nb_row=5, nb_col=3, input_shape=(12, 12, 1))")
        self.assertEqual(made[0][0], [5, 3, 1, 8])

    def test_todays_convolution_keeps_its_stride(self) -> None:
        graph = self.model('Conv2D(8, 5, 3, input_shape=(14, 14, 1))')['graph']
        self.assertEqual(graph['parameters'][0]['shape'], [5, 5, 1, 8])
        self.assertEqual(graph['guesses'], [])

    def test_a_recurrent_layer_with_its_gates(self) -> None:
        model = self.model(
            "LSTM(output_dim=6, input_dim=3, input_length=9, inner_init='uniform', inner_activation='hard_sigmoid', "
            "forget_bias_init='one', dropout_W=0.1, dropout_U=0.1, consume_less='gpu')"
        )
        self.assertEqual(self.inputs(model)[0][0][1:], [9, 3])
        kinds = {item['name'].split('/')[-1]: item['initialiser']['kind'] for item in model['graph']['parameters']}
        self.assertEqual(kinds['recurrent_kernel'], 'uniform')

    def test_an_embedding_keeps_its_output_dim(self) -> None:
        made = self.parameters("Embedding(50, output_dim=7, input_length=5, init='normal'), Flatten(), Dense(2)")
        self.assertEqual(made[0], ([50, 7], 'normal'))

    def test_dropout_by_its_share(self) -> None:
        graph = self.model('Dense(4, input_dim=3), Dropout(p=0.25)')['graph']
        self.assertIn('dropout', [node['op'] for node in graph['nodes']])

    def test_what_is_in_neither_is_refused(self) -> None:
        read = self.read_files({'m.py': HEAD + 'model = Sequential([Dense(4, input_dim=3, nonsense=1)])\n'}, 'm.py')
        self.assertIn('nonsense', str(read))
