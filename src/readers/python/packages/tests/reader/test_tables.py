"""Large tables that nested comprehensions make: their rule is kept, their elements are those of the comprehension."""

import math

import torch
from gradient_lens.concrete import known
from gradient_lens.reader.execution import user_builtins
from gradient_lens.reader.rules import make_table
from torch._tensor import read

from .reading_case import ReadingCase

NET = """
import math

def table(n, dim):
    out = torch.FloatTensor([[p / (10000 ** (2 * (i // 2) / dim)) for i in range(dim)] for p in range(n)])
    dim = n = 0
    out[:, 0::2] = torch.sin(out[:, 0::2])
    out[:, 1::2] = torch.cos(out[:, 1::2])
    return out

class Net(nn.Module):
    def __init__(self, n=3000, dim=200):
        super().__init__()
        self.register_buffer('positions', table(n, dim))
        self.layer = nn.Linear(dim, 3)

    def forward(self, x):
        return self.layer(x + self.positions[5 : 5 + x.shape[1]])

if __name__ == '__main__':
    Net()(torch.randn(2, 4, 200))
"""


class TablesTest(ReadingCase):
    def test_a_slice_of_a_large_table(self) -> None:
        model = self.only(self.read(NET))
        [constant] = [node for node in model['graph']['nodes'] if node['op'] == 'constant' and len(node['attributes']['values']) > 1]
        rows = constant['attributes']['values']
        wanted = [
            (math.cos if i % 2 else math.sin)(p / (10000 ** (2 * (i // 2) / 200))) for p in range(5, 9) for i in range(200)
        ]
        self.assertEqual(len(rows), 800)
        for got, expected in zip(rows, wanted):
            self.assertAlmostEqual(got, expected, places=6)

    def test_the_whole_of_a_table(self) -> None:
        def listed() -> list[list[float]]:
            return [[i * 0.5 + j for j in range(500)] for i in range(200)]

        lazy = make_table(torch.tensor, (200, 500), lambda i, j: i * 0.5 + j, listed)
        self.assertEqual(lazy.tolist() if known(read(lazy)) else lazy[3].tolist(), listed()[3])
        self.assertIs(lazy.dtype, torch.float32)
        whole = make_table(torch.tensor, (100, 50), lambda i, j: i * 50 + j, lambda: 1 / 0, dtype=torch.int64)
        self.assertIs(whole.dtype, torch.int64)
        self.assertEqual(whole.sum().item(), 5000 * 4999 // 2)

    def test_what_is_no_rule_is_listed(self) -> None:
        state = [0]

        def counting(i: int, j: int) -> int:
            state[0] += 1
            return state[0]

        whole = make_table(torch.tensor, (100, 50), counting, lambda: [[7] * 50] * 100)
        self.assertEqual(whole[2, 2].item(), 7)
        self.assertEqual(make_table(list, (100, 50), lambda i, j: i, lambda: [1, 2]), [1, 2])

    def test_classes_see_their_own_names(self) -> None:
        self.assertIn('__gradient_lens_table__', user_builtins())
        model = self.only(self.read("""
class Net(nn.Module):
    width = 90
    rows = torch.tensor([[i + j for i in range(90)] for j in range(width)])

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(len(self.rows), 3)

    def forward(self, x):
        return self.layer(x)
"""))
        self.assertEqual(model['graph']['parameters'][0]['shape'], [3, 90])

    def test_tables_too_large_to_list_are_written_as_ops(self) -> None:
        text = NET.replace('n=3000', 'n=40000').replace('self.positions[5 : 5 + x.shape[1]]', 'self.positions.mean(0)')
        graph = self.only(self.read(text))['graph']
        [made] = [node for node in graph['nodes'] if node['op'] == 'div' and graph['values'][node['outputs'][0]]['shape'] == [40000, 200]]
        rows, columns = (
            next(node['attributes']['values'] for node in graph['nodes'] if place in node['outputs']) for place in made['inputs']
        )
        for i, j in ((0, 0), (1, 1), (39999, 199), (777, 42)):
            self.assertAlmostEqual(rows[i] / columns[j], i / (10000 ** (2 * (j // 2) / 200)), places=9)

    def test_tables_beyond_measure_are_refused_where_they_are_made(self) -> None:
        text = NET.replace('n=3000', 'n=40000').replace('[[p / (', '[[math.sin(p) / (')
        text = text.replace('self.positions[5 : 5 + x.shape[1]]', 'self.positions.mean(0)')
        [model] = self.read(text)['models']
        self.assertEqual(model['unread']['code'], 'too-large')
        self.assertIn('8,000,000 numbers', model['unread']['message'])
        self.assertEqual(self.line(model['unread']['span']), 8)

    def test_many_numbers_are_read_in_several_answers(self) -> None:
        text = NET.replace('n=3000', 'n=6000').replace('self.positions[5 : 5 + x.shape[1]]', 'self.positions.mean(0)')
        text = text.partition('if __name__')[0] + ''.join(f'\ndef net{i}():\n    return Net()\n' for i in range(3))
        result = self.read(text)
        self.assertEqual((self.entries(result), result['later']), (['net0()', 'net1()'], ['net2()']))
