"""Tensor ops computed on known numbers: what a model would get, and what a file computes before it has one."""

import math
import unittest

import torch
from gradient_lens.errors import BadState, OutOfRange, ShapeMismatch

from ..support import output_shapes, traced


def grid(*shape: int) -> torch.Tensor:
    return torch.arange(math.prod(shape)).reshape(*shape)


class Indexing(unittest.TestCase):
    def test_basic(self) -> None:
        x = grid(3, 4)
        self.assertEqual(x[1].tolist(), [4, 5, 6, 7])
        self.assertEqual(x[-1, ::2].tolist(), [8, 10])
        self.assertEqual(x[..., 1].tolist(), [1, 5, 9])
        self.assertEqual(x[:, None].shape, (3, 1, 4))
        self.assertEqual(x[1:, 2:4].tolist(), [[6, 7], [10, 11]])
        self.assertEqual(x[2:1].shape, (0, 4))
        self.assertEqual(x[1, 2].item(), 6)

    def test_index_tensors(self) -> None:
        x = grid(3, 4)
        self.assertEqual(x[[2, 0]].tolist(), [[8, 9, 10, 11], [0, 1, 2, 3]])
        self.assertEqual(x[:, torch.tensor([[1], [3]])].tolist(), [[[1], [3]], [[5], [7]], [[9], [11]]])
        self.assertEqual(x[torch.tensor([0, 1]), torch.tensor([-1, 0])].tolist(), [3, 4])
        self.assertEqual(x[torch.arange(3), torch.tensor([0, 1, 2])].tolist(), [0, 5, 10])

    def test_index_tensors_apart_move_to_the_front(self) -> None:
        x = grid(2, 3, 4)
        self.assertEqual(x[torch.tensor([0, 1, 1]), :, torch.tensor([0, 1, 2])].shape, (3, 3))
        self.assertEqual(x[:, torch.tensor([0, 1]), torch.tensor([2, 3])].tolist(), [[2, 7], [14, 19]])

    def test_masks(self) -> None:
        x = grid(2, 3)
        self.assertEqual(x[x > 2].tolist(), [3, 4, 5])
        self.assertEqual(x[torch.tensor([False, True])].tolist(), [[3, 4, 5]])

    def test_assignment(self) -> None:
        x = torch.zeros(3, 4)
        x[1, 1:3] = 5
        x[:, 0] = torch.tensor([1.0, 2.0, 3.0])
        x[[0, 2], -1:] = torch.tensor([[7.0]])
        self.assertEqual(x.tolist(), [[1, 0, 0, 7], [2, 5, 5, 0], [3, 0, 0, 7]])

    def test_rows_assigned_by_index(self) -> None:
        x = torch.zeros(3, 2)
        x[torch.tensor([2, 0])] = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
        self.assertEqual(x.tolist(), [[3, 4], [0, 0], [1, 2]])

    def test_index_tensors_between_slices(self) -> None:
        x = torch.zeros(2, 3, 2)
        x[:, torch.tensor([2, 0])] = torch.arange(8.0).reshape(2, 2, 2)
        self.assertEqual(x.tolist(), [[[2, 3], [0, 0], [0, 1]], [[6, 7], [0, 0], [4, 5]]])

    def test_out_of_range(self) -> None:
        with self.assertRaisesRegex(OutOfRange, 'index 3 is out of bounds for dimension 0 with size 3'):
            grid(3, 4)[3]
        with self.assertRaisesRegex(OutOfRange, 'too many indices'):
            grid(3)[0, 0]

    def test_gather_and_scatter_shapes(self) -> None:
        x = grid(2, 3)
        index = torch.tensor([[2, 0], [1, 1]])
        self.assertEqual(x.gather(1, index).tolist(), [[2, 0], [4, 4]])
        self.assertEqual(torch.zeros(2, 3).scatter_add(1, index, torch.ones(2, 2)).shape, (2, 3))


class Shapes(unittest.TestCase):
    def test_views(self) -> None:
        x = grid(2, 3, 4)
        self.assertEqual(x.view(2, -1).shape, (2, 12))
        self.assertEqual(x.flatten(1).shape, (2, 12))
        self.assertEqual(x.unflatten(2, (2, -1)).shape, (2, 3, 2, 2))
        self.assertEqual(x.movedim(0, -1).shape, (3, 4, 2))
        self.assertEqual(x.transpose(0, 2).contiguous().view(-1)[:3].tolist(), [0, 12, 4])
        self.assertEqual(x.unsqueeze(-1).squeeze().shape, (2, 3, 4))
        self.assertEqual(x.T.shape, (4, 3, 2))
        self.assertEqual(x.mT.shape, (2, 4, 3))

    def test_view_of_what_is_not_contiguous(self) -> None:
        with self.assertRaisesRegex(BadState, r'Use \.reshape'):
            grid(2, 3).t().view(-1)
        self.assertEqual(grid(2, 3).t().reshape(-1).tolist(), [0, 3, 1, 4, 2, 5])

    def test_view_that_does_not_fit(self) -> None:
        with self.assertRaisesRegex(ShapeMismatch, r"shape '\[4, -1\]' is invalid for input of size 6"):
            grid(2, 3).view(4, -1)

    def test_splitting(self) -> None:
        self.assertEqual([part.tolist() for part in grid(5).split(2)], [[0, 1], [2, 3], [4]])
        self.assertEqual([part.shape[0] for part in grid(5).chunk(2)], [3, 2])
        self.assertEqual([part.shape[0] for part in torch.tensor_split(grid(5), 3)], [2, 2, 1])
        self.assertEqual([part.tolist() for part in grid(2, 2).unbind(1)], [[0, 2], [1, 3]])

    def test_joining(self) -> None:
        a = grid(2, 2)
        self.assertEqual(torch.cat([a, a[:1]]).shape, (3, 2))
        self.assertEqual(torch.stack([a, a], -1).tolist(), [[[0, 0], [1, 1]], [[2, 2], [3, 3]]])
        self.assertEqual(torch.cat([torch.zeros(0), torch.ones(2, 3)]).shape, (2, 3))
        with self.assertRaisesRegex(ShapeMismatch, 'number 1 in the list'):
            torch.cat([a, grid(2, 3)])
        rows, columns = torch.meshgrid(grid(2), grid(3), indexing='ij')
        self.assertEqual((rows.tolist(), columns.tolist()), ([[0] * 3, [1] * 3], [[0, 1, 2]] * 2))
        xy = torch.meshgrid(grid(2), grid(3), indexing='xy')
        self.assertEqual(xy[0].tolist(), [[0, 1]] * 3)

    def test_repeats(self) -> None:
        self.assertEqual(grid(2).repeat(2, 2).tolist(), [[0, 1, 0, 1]] * 2)
        self.assertEqual(grid(2).repeat_interleave(2).tolist(), [0, 0, 1, 1])
        self.assertEqual(grid(2, 1).expand(-1, 3).tolist(), [[0, 0, 0], [1, 1, 1]])
        self.assertEqual(grid(4).roll(1).tolist(), [3, 0, 1, 2])
        self.assertEqual(grid(5).unfold(0, 3, 2).tolist(), [[0, 1, 2], [2, 3, 4]])
        self.assertEqual(torch.rot90(grid(2, 2)).tolist(), [[1, 3], [0, 2]])
        self.assertEqual(grid(3, 3).diagonal(1).tolist(), [1, 5])
        self.assertEqual(grid(3).diag().tolist(), [[0, 0, 0], [0, 1, 0], [0, 0, 2]])

    def test_pixel_shuffle(self) -> None:
        self.assertEqual(torch.pixel_shuffle(grid(4, 1, 1), 2).tolist(), [[[0, 1], [2, 3]]])
        self.assertEqual(torch.pixel_unshuffle(grid(1, 2, 2), 2).tolist(), [[[0]], [[1]], [[2]], [[3]]])


class Arithmetic(unittest.TestCase):
    def test_promotion(self) -> None:
        whole = torch.tensor([3, 4])
        self.assertEqual((whole * 2).dtype, torch.int64)
        self.assertEqual((whole * 2.0).dtype, torch.float32)
        self.assertEqual((whole / 2).tolist(), [1.5, 2.0])
        self.assertEqual((whole // 2).dtype, torch.int64)
        self.assertEqual((torch.ones(2, dtype=torch.float64) + torch.ones(())).dtype, torch.float64)
        self.assertEqual((torch.ones(2, dtype=torch.float16) * torch.ones(())).dtype, torch.float16)
        self.assertEqual((whole > 3).dtype, torch.bool)
        self.assertEqual(((whole > 3) + (whole > 2)).dtype, torch.bool)

    def test_reflected(self) -> None:
        x = torch.tensor([2.0, 4.0])
        self.assertEqual((1 / x).tolist(), [0.5, 0.25])
        self.assertEqual((1 - x).tolist(), [-1.0, -3.0])
        self.assertEqual((2**x).tolist(), [4.0, 16.0])
        self.assertEqual((10000.0 ** (-torch.arange(0, 4, 2) / 4)).tolist(), [1.0, 0.01])
        self.assertEqual((7 % torch.tensor([4, 3])).tolist(), [3, 1])
        self.assertEqual((-torch.tensor([7]) % 4).tolist(), [1])
        self.assertEqual(torch.fmod(torch.tensor([-7.0]), 4.0).tolist(), [-3.0])

    def test_logic(self) -> None:
        a, b = torch.tensor([True, False]), torch.tensor([True, True])
        self.assertEqual((a & ~b | a).tolist(), [True, False])
        self.assertEqual(torch.where(a, 1.0, torch.tensor([5.0, 6.0])).tolist(), [1.0, 6.0])

    def test_reductions(self) -> None:
        x = torch.tensor([[1.0, 5.0], [3.0, 2.0]])
        self.assertEqual(x.max().item(), 5.0)
        values, places = x.max(dim=1)
        self.assertEqual((values.tolist(), places.tolist()), ([5.0, 3.0], [1, 0]))
        self.assertEqual(x.sum(0, keepdim=True).tolist(), [[4.0, 7.0]])
        self.assertEqual(x.mean((-2, -1)).item(), 2.75)
        self.assertAlmostEqual(x.std(dim=1, unbiased=False)[0].item(), 2.0)
        self.assertEqual(x.cumsum(1).tolist(), [[1.0, 6.0], [3.0, 5.0]])
        self.assertEqual(x.argmax().item(), 1)
        self.assertEqual(x.sort(descending=True).indices.tolist(), [[1, 0], [0, 1]])
        self.assertEqual(torch.tensor([3, 4]).float().norm().item(), 5.0)
        with self.assertRaisesRegex(BadState, 'floating point'):
            torch.tensor([1, 2]).mean()

    def test_products(self) -> None:
        a = grid(2, 3).float()
        self.assertEqual((a @ a.T).tolist(), [[5.0, 14.0], [14.0, 50.0]])
        self.assertEqual((a @ torch.ones(3)).shape, (2,))
        self.assertEqual((torch.ones(2) @ a).shape, (3,))
        self.assertEqual((torch.ones(4, 2, 3) @ torch.ones(3)).shape, (4, 2))
        self.assertEqual((torch.ones(2) @ torch.ones(4, 2, 3)).shape, (4, 3))
        self.assertEqual((torch.ones(3) @ torch.ones(3)).item(), 3.0)
        self.assertEqual(torch.einsum('...i,ji->...j', a, torch.ones(4, 3)).shape, (2, 4))
        self.assertEqual(torch.einsum('ij,jk', a, a.T).tolist(), (a @ a.T).tolist())
        self.assertEqual(torch.outer(torch.tensor([1, 2]), torch.tensor([3, 4])).tolist(), [[3, 4], [6, 8]])
        with self.assertRaisesRegex(ShapeMismatch, r'cannot be multiplied \(2x3 and 2x3\)'):
            torch.matmul(a, a)

    def test_broadcast_error(self) -> None:
        with self.assertRaisesRegex(ShapeMismatch, r'tensor a \(3\) must match the size of tensor b \(4\)'):
            torch.add(torch.ones(2, 3), torch.ones(2, 4))

    def test_clamp_and_rounding(self) -> None:
        x = torch.tensor([-1.7, 0.5, 2.6])
        self.assertEqual(x.clamp(0, 1).tolist(), [0.0, 0.5, 1.0])
        self.assertEqual(x.clamp(max=torch.tensor([0.0, 0.0, 9.0])).tolist(), [-1.7, 0.0, 2.6])
        self.assertEqual(x.trunc().tolist(), [-1.0, 0.0, 2.0])
        self.assertEqual(x.long().tolist(), [-1, 0, 2])
        self.assertEqual(torch.tensor([0.5, 1.5]).round().tolist(), [0.0, 2.0])


class Creation(unittest.TestCase):
    def test_ranges(self) -> None:
        self.assertEqual(torch.arange(1, 2, 0.5).tolist(), [1.0, 1.5])
        self.assertEqual(torch.arange(5, 0, -2).tolist(), [5, 3, 1])
        self.assertEqual([x.item() for x in torch.linspace(0, 0.1, 3)], [0.0, 0.05, 0.1])
        self.assertEqual(torch.eye(2).tolist(), [[1.0, 0.0], [0.0, 1.0]])
        self.assertEqual(torch.eye(300, 400, dtype=torch.bool)[299, 298:301].tolist(), [False, True, False])

    def test_kinds(self) -> None:
        self.assertEqual(torch.tensor([1, 2]).dtype, torch.int64)
        self.assertEqual(torch.tensor([1, 2.0]).dtype, torch.float32)
        self.assertEqual(torch.tensor([True]).dtype, torch.bool)
        self.assertEqual(torch.full((2,), 3).dtype, torch.int64)
        self.assertEqual(torch.zeros((2, 3), dtype=torch.long).tolist(), [[0] * 3] * 2)
        self.assertEqual(torch.LongTensor([1, 2]).dtype, torch.int64)
        self.assertEqual(torch.Tensor(2, 3).shape, (2, 3))
        self.assertEqual(torch.FloatTensor([[1, 2]]).tolist(), [[1.0, 2.0]])
        self.assertEqual(torch.ones(2).new_zeros(3).shape, (3,))

    def test_unknown_keywords(self) -> None:
        with self.assertRaises(TypeError):
            torch.zeros(2, colour='red')

    def test_sizes(self) -> None:
        x = torch.zeros(2, 3)
        self.assertEqual((x.size(), x.size(-1), x.shape.numel(), len(x), x.dim()), ((2, 3), 3, 6, 2, 2))
        self.assertEqual(x.shape[:-1] + (5,), (2, 5))
        self.assertIsInstance(x.shape[:-1], torch.Size)

    def test_a_checkpointless_device(self) -> None:
        device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
        self.assertEqual((device.type, str(torch.device('cuda:1'))), ('cpu', 'cuda:1'))
        self.assertEqual(torch.ones(2, device=device).to(device).cuda().tolist(), [1.0, 1.0])


class Windows(unittest.TestCase):
    def test_many_windows_are_no_table_of_places(self) -> None:
        for dim, size, shape in ((-1, (2, 3, 8000), [2, 3, 3991, 20]), (1, (2, 8000, 3), [2, 3991, 3, 20])):
            graph = traced(
                f"""
                class Net(nn.Module):
                    def forward(self, x):
                        return x.unfold({dim}, 20, 2)
                """,
                size,
            )
            self.assertEqual(output_shapes(graph), [shape])
            written = sum(len(node['attributes']['values']) for node in graph['nodes'] if node['op'] == 'constant')
            self.assertLess(written, 65536)


if __name__ == '__main__':
    unittest.main()
