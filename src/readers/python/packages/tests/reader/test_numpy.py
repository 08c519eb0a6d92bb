"""The numpy stand-in: small arrays are right, large ones have the right shape, the rest is unknown."""

import math
import unittest

import numpy as np
from gradient_lens.inert import Inert
from gradient_lens.reader.problems import problem_of


class NumpyTest(unittest.TestCase):
    def test_constructor_arithmetic(self) -> None:
        self.assertEqual([x.item() for x in np.linspace(0, 0.2, 5)], [0.0, 0.05, 0.1, 0.15000000000000002, 0.2])
        self.assertEqual(np.linspace(0, 1, 4, endpoint=False).tolist(), [0.0, 0.25, 0.5, 0.75])
        self.assertEqual(np.arange(2, 10, 3).tolist(), [2, 5, 8])
        self.assertEqual(int(np.prod((3, 4, 5))), 60)
        self.assertEqual(np.cumsum([1, 2, 3]).tolist(), [1, 3, 6])
        self.assertEqual(np.cumprod([1, 2, 3], axis=0).tolist(), [1, 2, 6])
        self.assertEqual(int(np.ceil(np.log2(100))), 7)
        self.assertEqual((np.array([1, 2]) * 2 + 0.5).tolist(), [2.5, 4.5])

    def test_a_fraction_of_points_is_refused_as_numpy_does(self) -> None:
        with self.assertRaises(TypeError) as caught:
            np.linspace(0, 1, 1e3)  # type: ignore[arg-type]
        found = problem_of(caught.exception)
        self.assertEqual(found['code'], 'runtime-error')
        self.assertIn("'float' object cannot be interpreted as an integer", found['message'])

    def test_broadcast_and_indexing(self) -> None:
        grid = np.arange(12).reshape(3, 4)
        self.assertEqual(grid[1].tolist(), [4, 5, 6, 7])
        self.assertEqual(grid[:, -1].tolist(), [3, 7, 11])
        self.assertEqual(grid[::2, 1:3].tolist(), [[1, 2], [9, 10]])
        self.assertEqual(grid[..., None].shape, (3, 4, 1))
        self.assertEqual(grid[[0, 2]].shape, (2, 4))
        self.assertEqual((grid + np.array([[10], [20], [30]]))[2, 0], 38)
        self.assertEqual(grid.T.tolist()[1], [1, 5, 9])
        self.assertEqual(grid[grid > 8].tolist(), [9, 10, 11])
        grid[0, :] = 7
        self.assertEqual(grid[0].tolist(), [7, 7, 7, 7])
        with self.assertRaises(ValueError):
            _ = np.zeros(3) + np.zeros(4)
        with self.assertRaises(IndexError):
            _ = grid[5]

    def test_reductions(self) -> None:
        grid = np.arange(6).reshape(2, 3)
        self.assertEqual(grid.sum(), 15)
        self.assertEqual(grid.sum(axis=0).tolist(), [3, 5, 7])
        self.assertEqual(grid.mean(axis=1, keepdims=True).tolist(), [[1.0], [4.0]])
        self.assertEqual(np.argmax([3, 9, 2]), 1)
        self.assertAlmostEqual(float(np.std([1, 3])), 1.0)

    def test_large_arrays_have_a_shape_only(self) -> None:
        big = np.zeros((1000, 28, 28), dtype=np.uint8)
        self.assertEqual(big.shape, (1000, 28, 28))
        self.assertEqual((big[3:7] / 255.0).shape, (4, 28, 28))
        self.assertEqual(big.reshape(1000, -1).shape, (1000, 784))
        self.assertEqual(big.mean(axis=0).shape, (28, 28))
        self.assertIsInstance(big.sum(), Inert)
        self.assertEqual(big.astype('float32').dtype, np.float32)
        self.assertEqual(np.random.randn(64, 10_000).shape, (64, 10_000))

    def test_random_is_the_same_each_time(self) -> None:
        one, two = np.random.RandomState(3), np.random.RandomState(3)
        self.assertEqual(one.rand(4).tolist(), two.rand(4).tolist())
        self.assertTrue(all(0 <= x < 5 for x in np.random.randint(0, 5, size=20).tolist()))

    def test_unknown_stays_unknown(self) -> None:
        frame = Inert('pandas').read_csv('x')
        for value in (np.array(frame), np.asarray([frame, 1]), np.zeros(frame), np.linalg.norm([1]), np.nanpercentile([1], 3)):
            self.assertIsInstance(value, Inert)
        self.assertIsInstance(np.array([1.0, 2.0]) * frame, Inert)

    def test_types(self) -> None:
        self.assertEqual(np.array([1, 2], dtype=np.float32).dtype, np.float32)
        self.assertEqual(np.float32(1.5) + 1, 2.5)
        self.assertIsInstance(np.float64(1), float)
        self.assertIsInstance(np.int64(3), int)
        self.assertEqual(np.array([True, False]).dtype.kind, 'b')
        self.assertTrue(math.isinf((np.array([1.0]) / 0)[0]))


if __name__ == '__main__':
    unittest.main()
