"""Attributes and shapes of layers."""

import unittest

import torch

from gradient_lens.errors import BadArgument, BadType, ShapeMismatch, UnsupportedOp
from tests.support import graph_of, node, ops, output_shapes, parameters, run, traced


def layer(expression: str, *inputs: tuple) -> dict:
    """The graph of one layer."""
    return traced(f'def make():\n    return {expression}\n', *inputs, entry='make()')


class Convolutions(unittest.TestCase):
    def test_same_padding_puts_the_odd_cell_on_the_far_side(self) -> None:
        graph = layer("nn.Conv2d(3, 4, (4, 3), padding='same', dilation=(1, 2))", (2, 3, 9, 9))
        self.assertEqual(node(graph, 'conv')['attributes']['pads'], [[1, 2], [2, 2]])
        self.assertEqual(output_shapes(graph), [[2, 4, 9, 9]])

    def test_strides_dilation_groups(self) -> None:
        graph = layer('nn.Conv1d(4, 8, 3, stride=2, padding=1, dilation=2, groups=2, bias=False)', (2, 4, 15))
        attributes = node(graph, 'conv')['attributes']
        self.assertEqual(
            attributes,
            {
                'stride': [2], 'pads': [[1, 1]], 'dilation': [2], 'groups': 2, 'layout': 'channelsFirst',
                'weightLayout': 'outInKernel',
            },
        )  # fmt: skip
        self.assertEqual(output_shapes(graph), [[2, 8, 7]])
        self.assertEqual(parameters(graph)['weight']['shape'], [8, 2, 3])

    def test_other_padding_is_a_node_of_its_own(self) -> None:
        graph = layer("nn.Conv2d(3, 4, 3, padding=(1, 2), padding_mode='reflect')", (2, 3, 8, 8))
        self.assertEqual(ops(graph), ['pad', 'conv'])
        self.assertEqual(node(graph, 'pad')['attributes']['pads'], [[0, 0], [0, 0], [1, 1], [2, 2]])
        self.assertEqual(node(graph, 'conv')['attributes']['pads'], [[0, 0], [0, 0]])

    def test_transposed(self) -> None:
        graph = layer('nn.ConvTranspose2d(6, 4, 3, stride=2, padding=1, output_padding=1, groups=2)', (2, 6, 5, 7))
        self.assertEqual(output_shapes(graph), [[2, 4, 10, 14]])
        self.assertEqual(parameters(graph)['weight']['shape'], [6, 2, 3, 3])
        self.assertEqual(node(graph, 'convTranspose')['attributes']['outputPads'], [1, 1])
        # PyTorch's fan-in of a transposed weight is that of weight.shape[1:]: 2 * 3 * 3.
        self.assertAlmostEqual(parameters(graph)['weight']['initialiser']['high'], 18**-0.5)

    def test_one_picture_without_batch(self) -> None:
        graph = layer('nn.Conv2d(3, 4, 3)', (3, 8, 8))
        self.assertEqual(ops(graph), ['reshape', 'conv', 'reshape'])
        self.assertEqual(output_shapes(graph), [[4, 6, 6]])

    def test_weight_standardisation_by_conv_forward(self) -> None:
        graph = traced(
            """
            class Net(nn.Conv2d):
                def forward(self, x):
                    w = self.weight - self.weight.mean((1, 2, 3), keepdim=True)
                    return self._conv_forward(x, w, self.bias)
            """,
            (2, 3, 8, 8),
            entry='Net(3, 4, 3)',
        )
        self.assertEqual(ops(graph), ['mean', 'sub', 'conv'])

    def test_refusals(self) -> None:
        with self.assertRaisesRegex(BadArgument, 'strided'):
            layer("nn.Conv2d(3, 4, 3, stride=2, padding='same')", (2, 3, 8, 8))
        with self.assertRaisesRegex(BadArgument, 'divisible by groups'):
            layer('nn.Conv2d(3, 4, 3, groups=2)', (2, 3, 8, 8))
        with self.assertRaisesRegex(TypeError, 'cropping'):
            layer('nn.Conv2d(3, 4, 3, cropping=1)', (2, 3, 8, 8))
        with self.assertRaisesRegex(BadType, 'float'):
            layer('nn.Conv2d(3, 4 / 2, 3)', (2, 3, 8, 8))


class Pooling(unittest.TestCase):
    def test_ceil_mode_is_folded_into_the_far_pad(self) -> None:
        attributes = node(layer('nn.MaxPool2d(3, stride=2, ceil_mode=True)', (1, 1, 8, 7)), 'maxPool')['attributes']
        self.assertEqual(attributes['pads'], [[0, 1], [0, 0]])

    def test_a_window_must_start_inside(self) -> None:
        graph = layer('nn.MaxPool1d(1, stride=2, ceil_mode=True)', (1, 1, 4))
        self.assertEqual(output_shapes(graph), [[1, 1, 2]])

    def test_overhang_of_average_pooling_is_told_apart_from_padding(self) -> None:
        graph = layer('nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True, count_include_pad=False)', (1, 1, 8, 7))
        attributes = node(graph, 'avgPool')['attributes']
        self.assertEqual((attributes['pads'], attributes['ceilPads']), ([[1, 2], [1, 1]], [1, 0]))
        self.assertEqual((attributes['countPads'], attributes['divisor']), (False, None))
        self.assertEqual(output_shapes(graph), [[1, 1, 5, 4]])

    def test_adaptive(self) -> None:
        graph = layer('nn.AdaptiveAvgPool2d((None, 3))', (2, 4, 7, 5))
        self.assertEqual(node(graph, 'adaptiveAvgPool')['attributes']['size'], [7, 3])

    def test_too_small(self) -> None:
        with self.assertRaisesRegex(ShapeMismatch, 'Output size is too small'):
            layer('nn.MaxPool2d(4)', (1, 1, 3, 3))


class Norms(unittest.TestCase):
    def test_batch_norm_in_training_takes_the_batch(self) -> None:
        graph = layer('nn.BatchNorm2d(4)', (2, 4, 3, 3))
        self.assertEqual(
            node(graph, 'batchNorm')['attributes'], {'axis': 1, 'epsilon': 1e-5, 'scale': True, 'offset': True}
        )

    def test_frozen_batch_norm_takes_its_running_statistics(self) -> None:
        graph = layer('nn.BatchNorm2d(4).eval()', (2, 4, 3, 3))
        frozen = node(graph, 'batchNormFixed')
        made = {number: item for item in graph['nodes'] for number in item['outputs']}
        self.assertEqual([made[number]['op'] for number in frozen['inputs'][1:3]], ['constant', 'constant'])
        self.assertEqual([made[number]['attributes']['values'] for number in frozen['inputs'][1:3]], [[0.0], [1.0]])

    def test_one_value_a_channel(self) -> None:
        with self.assertRaisesRegex(RuntimeError, 'more than 1 value per channel'):
            layer('nn.BatchNorm1d(4)', (1, 4))

    def test_instance_norm_is_a_group_a_channel(self) -> None:
        attributes = node(layer('nn.InstanceNorm2d(4)', (2, 4, 3, 3)), 'groupNorm')['attributes']
        self.assertEqual((attributes['groups'], attributes['scale'], attributes['offset']), (4, False, False))

    def test_layer_norm_axes(self) -> None:
        attributes = node(layer('nn.LayerNorm((4, 5), bias=False)', (2, 3, 4, 5)), 'layerNorm')['attributes']
        self.assertEqual((attributes['axes'], attributes['scale'], attributes['offset']), ([2, 3], True, False))

    def test_rms_norm_default_epsilon(self) -> None:
        self.assertEqual(node(layer('nn.RMSNorm(5)', (2, 5)), 'rmsNorm')['attributes']['epsilon'], 2.0**-23)

    def test_wrong_shape_names_the_constructor(self) -> None:
        with self.assertRaisesRegex(ShapeMismatch, 'normalized_shape') as caught:
            layer('nn.LayerNorm(7)', (2, 5))
        self.assertIn('LayerNorm is made here', caught.exception.related[0][0])


class Activations(unittest.TestCase):
    def test_limits_and_slopes(self) -> None:
        self.assertEqual(node(layer('nn.ReLU6()', (2, 3)), 'clip')['attributes'], {'min': 0.0, 'max': 6.0})
        self.assertEqual(node(layer('nn.Hardtanh(-2, 3)', (2, 3)), 'clip')['attributes'], {'min': -2.0, 'max': 3.0})
        self.assertEqual(node(layer('nn.LeakyReLU()', (2, 3)), 'leakyRelu')['attributes'], {'slope': 0.01})
        self.assertEqual(node(layer("nn.GELU('tanh')", (2, 3)), 'gelu')['attributes'], {'approximate': 'tanh'})
        self.assertEqual(
            node(layer('nn.Softplus()', (2, 3)), 'softPlus')['attributes'], {'beta': 1.0, 'threshold': 20.0}
        )

    def test_softmax_axis_is_not_negative(self) -> None:
        self.assertEqual(node(layer('nn.Softmax(dim=-1)', (2, 3, 4)), 'softmax')['attributes'], {'axis': 2})
        self.assertEqual(node(layer('nn.LogSoftmax()', (2, 3)), 'logSoftmax')['attributes'], {'axis': 1})

    def test_prelu_slope_stands_at_the_channels(self) -> None:
        graph = layer('nn.PReLU(4)', (2, 4, 5, 5))
        slope = node(graph, 'prelu')['inputs'][1]
        self.assertEqual(graph['values'][slope]['shape'], [1, 4, 1, 1])

    def test_glu(self) -> None:
        self.assertEqual(output_shapes(layer('nn.GLU(1)', (2, 6, 3))), [[2, 3, 3]])


class Others(unittest.TestCase):
    def test_dropout_shares_draws_along_space(self) -> None:
        attributes = node(layer('nn.Dropout2d(0.3)', (2, 4, 5, 5)), 'dropout')['attributes']
        self.assertEqual(attributes, {'rate': 0.3, 'sharedAxes': [2, 3], 'alpha': False, 'draw': 0})

    def test_dropout_of_channels_shares_what_pytorch_shares(self) -> None:
        # Axes along which torch 1.13 draws once; over [N, C] `Dropout2d` draws for every number, `Dropout3d` for every row.
        for name, shape, shared in (
            ('1d', (6, 7), [1]), ('1d', (4, 5, 6), [2]), ('2d', (6, 7), []), ('2d', (4, 5, 6), [2]), ('2d', (2, 3, 4, 5, 6), [2, 3, 4]),
            ('3d', (6, 7), [1]), ('3d', (4, 5, 6), [1, 2]), ('3d', (3, 4, 5, 6), [1, 2, 3]), ('3d', (2, 3, 4, 5, 6), [2, 3, 4]),
        ):  # fmt: skip
            with self.subTest(name=name, shape=shape):
                attributes = node(layer(f'nn.Dropout{name}(0.3)', shape), 'dropout')['attributes']
                self.assertEqual(attributes['sharedAxes'], shared)

    def test_the_last_offset_of_bags_may_be_their_end(self) -> None:
        model = run('from torch import nn\nm = nn.EmbeddingBag(9, 4, mode="sum", include_last_offset=True)\n')['m']
        self.assertEqual(model(torch.tensor([1, 2, 3, 4]), torch.tensor([0, 1, 4])).shape, (2, 4))

    def test_dropout_is_off_in_evaluation(self) -> None:
        self.assertEqual(ops(traced('def make():\n    return nn.Sequential(nn.Dropout(), nn.Tanh()).eval()', (2, 3), entry='make()')), ['tanh'])

    def test_embedding(self) -> None:
        graph = graph_of(run('from torch import nn\nm = nn.Embedding(10, 4, padding_idx=-1)\n')['m'], ((2, 5), 10))
        self.assertEqual(node(graph, 'embedding')['attributes'], {'paddingIndex': 9})
        law = parameters(graph)['weight']['initialiser']
        self.assertEqual(law['base'], {'kind': 'normal', 'mean': 0, 'std': 1})
        self.assertEqual(law['regions'], [{'start': [9, 0], 'stop': [10, 4], 'fill': {'kind': 'constant', 'value': 0.0}}])

    def test_resize(self) -> None:
        attributes = node(layer("nn.Upsample(scale_factor=2, mode='bilinear')", (1, 2, 5, 6)), 'resize')['attributes']
        self.assertEqual(attributes['size'], [10, 12])
        self.assertEqual((attributes['mode'], attributes['coordinates'], attributes['scale']), ('linear', 'halfPixel', [0.5, 0.5]))
        nearest = node(layer('nn.Upsample(size=7)', (1, 2, 5, 6)), 'resize')['attributes']
        self.assertEqual((nearest['coordinates'], nearest['scale'], nearest['size']), ('asymmetric', None, [7, 7]))

    def test_pads_from_the_last_axis_backward(self) -> None:
        attributes = node(layer('nn.ZeroPad2d((1, 2, 3, 4))', (1, 1, 5, 5)), 'pad')['attributes']
        self.assertEqual(attributes['pads'], [[0, 0], [0, 0], [3, 4], [1, 2]])

    def test_unknown_layers_are_refused_where_they_are_made(self) -> None:
        with self.assertRaisesRegex(UnsupportedOp, r'nn\.FractionalMaxPool2d') as caught:
            layer('nn.FractionalMaxPool2d(2, 3)', (1, 1, 5, 5))
        assert caught.exception.span is not None
        self.assertEqual(caught.exception.span['range']['start'], {'line': 4, 'character': 11})

    def test_a_million_million_parameters_cost_nothing(self) -> None:
        model = run('from torch import nn\nm = nn.Linear(10**6, 10**6)\n')['m']
        self.assertEqual(sum(p.numel() for p in model.parameters()), 10**12 + 10**6)


class Recurrent(unittest.TestCase):
    def test_directions_and_layers_are_ops_of_their_own(self) -> None:
        graph = layer('nn.LSTM(3, 5, num_layers=2, bidirectional=True, dropout=0.1)', (7, 2, 3))
        self.assertEqual(output_shapes(graph), [[7, 2, 10], [4, 2, 5], [4, 2, 5]])
        self.assertEqual(ops(graph).count('recurrent'), 4)
        self.assertEqual(ops(graph).count('dropout'), 1)
        reverse = [item['attributes']['reverse'] for item in graph['nodes'] if item['op'] == 'recurrent']
        self.assertEqual(reverse, [False, True, False, True])
        names = list(parameters(graph))
        self.assertEqual(names[:8], [f'{n}_l0{d}' for d in ('', '_reverse') for n in ('weight_ih', 'weight_hh', 'bias_ih', 'bias_hh')])
        self.assertEqual(parameters(graph)['weight_ih_l1']['shape'], [20, 10])

    def test_given_states(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.gru = nn.GRU(3, 5, batch_first=True)
                def forward(self, x):
                    h = torch.zeros(1, x.size(0), 5, device=x.device)
                    return self.gru(x, h)[1]
            """,
            (2, 7, 3),
        )
        attributes = node(graph, 'recurrent')['attributes']
        self.assertEqual((attributes['initialState'], attributes['resetAfter'], attributes['cell']), (True, True, 'gru'))
        self.assertEqual(output_shapes(graph), [[1, 2, 5]])

    def test_cells(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.cell = nn.LSTMCell(3, 4)
                def forward(self, x):
                    h = c = torch.zeros(x.shape[1], 4)
                    for step in x:
                        h, c = self.cell(step, (h, c))
                    return h
            """,
            (3, 2, 3),
        )
        self.assertEqual(ops(graph).count('recurrent'), 3)
        self.assertEqual(output_shapes(graph), [[2, 4]])

    def test_wrong_width(self) -> None:
        with self.assertRaisesRegex(ShapeMismatch, 'Expected 3, got 4'):
            layer('nn.RNN(3, 5)', (7, 2, 4))


class Attention(unittest.TestCase):
    def test_weights_are_left_out_unless_used(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
                def forward(self, x):
                    mask = torch.ones(5, 5, dtype=torch.bool).triu(1)
                    return self.attention(x, x, x, attn_mask=mask)[0]
            """,
            (2, 5, 8),
        )
        self.assertNotIn('softmax', ops(graph))
        attributes = node(graph, 'attention')['attributes']
        self.assertEqual((attributes['mask'], attributes['causal'], attributes['scale']), (True, False, 0.5))
        self.assertEqual(output_shapes(graph), [[2, 5, 8]])

    def test_cross_attention(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.layer = nn.TransformerDecoderLayer(8, 2, 16)
                def forward(self, x, memory):
                    return self.layer(x, memory)
            """,
            (5, 2, 8),
            (3, 2, 8),
        )
        self.assertEqual(ops(graph).count('attention'), 2)
        self.assertEqual(output_shapes(graph), [[5, 2, 8]])

    def test_heads_must_divide(self) -> None:
        with self.assertRaisesRegex(BadArgument, 'divisible by num_heads'):
            layer('nn.MultiheadAttention(8, 3)', (1, 1, 8))


if __name__ == '__main__':
    unittest.main()
