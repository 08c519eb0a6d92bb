"""SpectralNormalization: the kernel divided by its largest singular value, found by power iteration."""

from __future__ import annotations

import unittest

from gradient_lens.errors import ReadError

from tests.keras.keras_case import layer, names, traced
from tests.support import ops, output_shapes


class Spectral(unittest.TestCase):
    def test_the_kernel_that_is_used_is_a_quotient(self) -> None:
        graph = layer('layers.SpectralNormalization(layers.Conv2D(4, 3))', (2, 8, 8, 3))
        self.assertEqual(output_shapes(graph), [[2, 6, 6, 4]])
        self.assertEqual(ops(graph).count('div'), 1)
        convolution = next(item for item in graph['nodes'] if item['op'] == 'conv')
        maker = {number: item['op'] for item in graph['nodes'] for number in item['outputs']}
        self.assertEqual(maker[convolution['inputs'][1]], 'add')
        kernel, _, vector = graph['parameters']
        self.assertEqual((kernel['shape'], kernel['trainable']), ([3, 3, 3, 4], True))
        self.assertEqual((vector['shape'], vector['trainable']), ([1, 4], False))

    def test_the_layer_keeps_its_own_kernel(self) -> None:
        twice = 'l = layers.Dense(3)\nmodel = keras.Sequential([layers.SpectralNormalization(l, power_iterations=20), l])'
        graph = traced(twice, (2, 3))
        self.assertEqual(sum('kernel' in name for name in names(graph)), 1)
        # Two products a round and two for the value; one of the layer each time it is called.
        self.assertEqual(ops(graph).count('matmul'), 42)
        self.assertEqual(output_shapes(graph), [[2, 3]])

    def test_a_layer_without_a_kernel_is_refused(self) -> None:
        with self.assertRaises(ReadError) as caught:
            layer('layers.SpectralNormalization(layers.BatchNormalization())', (2, 3))
        self.assertIn('no attribute `kernel`', caught.exception.message)


if __name__ == '__main__':
    unittest.main()
