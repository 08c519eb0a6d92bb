"""Which reshapes are views, as PyTorch decides."""

import unittest

from gradient_lens.strides import contiguous_strides, is_contiguous, view_strides


class Strides(unittest.TestCase):
    def test_contiguous(self) -> None:
        self.assertEqual(contiguous_strides((2, 3, 4)), (12, 4, 1))
        self.assertTrue(is_contiguous((2, 1, 4), (4, 99, 1)))
        self.assertFalse(is_contiguous((3, 2), (1, 3)))

    def test_a_transposed_matrix_cannot_be_flattened(self) -> None:
        self.assertIsNone(view_strides((3, 2), (1, 3), (6,)))

    def test_outer_axes_of_a_transposed_tensor_can_be_split(self) -> None:
        # [2, 3, 4] with the last two swapped: [2, 4, 3], strides (12, 1, 4).
        self.assertEqual(view_strides((2, 4, 3), (12, 1, 4), (2, 2, 2, 3)), (12, 2, 1, 4))
        self.assertIsNone(view_strides((2, 4, 3), (12, 1, 4), (8, 3)))

    def test_contiguous_reshape(self) -> None:
        self.assertEqual(view_strides((2, 3, 4), (12, 4, 1), (6, 4)), (4, 1))
        self.assertEqual(view_strides((6,), (1,), (2, 1, 3)), (3, 3, 1))
