"""What is cut out of a recording."""

import json
import unittest

from gradient_lens.errors import BadState, TooLarge
from gradient_lens.recorder import Recorder
from tests.support import graph_of, node, ops, output_shapes, parameters, run, traced


class Extraction(unittest.TestCase):
    def test_what_leads_nowhere_is_dropped_but_its_parameters_stay(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.used = nn.Linear(3, 2)
                    self.unused = nn.Linear(3, 2)
                def forward(self, x):
                    self.unused(x).exp()
                    return self.used(x)
            """,
            (4, 3),
        )
        self.assertEqual(ops(graph), ['linear'])
        self.assertEqual(list(parameters(graph)), ['used.weight', 'used.bias', 'unused.weight', 'unused.bias'])

    def test_inputs_come_before_their_users_and_every_value_has_one_node(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.a = nn.Linear(3, 3)
                def forward(self, x):
                    for _ in range(3):
                        x = x + self.a(x).relu()
                    return x
            """,
            (4, 3),
        )
        made: set[int] = set()
        for item in graph['nodes']:
            self.assertTrue(set(item['inputs']) <= made)
            self.assertFalse(set(item['outputs']) & made)
            made |= set(item['outputs'])
        self.assertEqual(made, set(range(len(graph['values']))))
        json.dumps(graph, allow_nan=False)

    def test_known_tensors_are_constants_kept_once(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def forward(self, x):
                    mask = torch.ones(3, 3).tril()
                    return (x * 2 + 2) @ mask + 2
            """,
            (4, 3),
        )
        constants = [item['attributes']['values'] for item in graph['nodes'] if item['op'] == 'constant']
        self.assertEqual(sorted(map(len, constants)), [1, 9])

    def test_infinities_survive_json(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def forward(self, x):
                    return x.masked_fill(torch.ones(3, 3).triu(1).bool(), float('-inf'))
            """,
            (2, 3, 3),
        )
        self.assertIn(['-inf'], [item['attributes']['values'] for item in graph['nodes'] if item['op'] == 'constant'])

    def test_a_tensor_drawn_at_construction_is_a_parameter_that_is_not_trained(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.register_buffer('frequencies', torch.randn(3, 8) * 10)
                def forward(self, x):
                    return (x @ self.frequencies).sin()
            """,
            (4, 3),
        )
        (kept,) = graph['parameters']
        self.assertEqual((kept['name'], kept['trainable'], kept['shape']), ('frequencies', False, [3, 8]))
        self.assertEqual(node(graph, 'mul')['op'], 'mul')

    def test_parameters_outside_the_modules_are_said(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.hidden = [nn.Linear(3, 3)]
                    self.out = nn.Linear(3, 2)
                def forward(self, x):
                    return self.out(self.hidden[0](x))
            """,
            (4, 3),
        )
        self.assertEqual([item['trainable'] for item in graph['parameters']], [True, True, False, False])
        self.assertIn('not registered', graph['guesses'][0]['message'])
        self.assertEqual(graph['guesses'][0]['span']['range']['start']['line'], 7)

    def test_outputs_are_flattened_and_integers_left_out(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def forward(self, x):
                    return {'a': x, 'b': (x * 2, [x.argmax(1)]), 'c': None, 'd': x[:0]}
            """,
            (4, 3),
        )
        self.assertEqual(output_shapes(graph), [[4, 3], [4, 3]])

    def test_a_model_without_output(self) -> None:
        with self.assertRaisesRegex(BadState, 'nothing to train'):
            traced('class Net(nn.Module):\n    def forward(self, x):\n        return x.argmax(1)\n', (4, 3))

    def test_too_many_operations(self) -> None:
        namespace = run(
            'from torch import nn\nclass Net(nn.Module):\n    def forward(self, x):\n'
            '        while True:\n            x = x + 1\n'
        )
        recorder = Recorder(max_nodes=50)
        with self.assertRaisesRegex(TooLarge, 'more than 50 operations') as caught, recorder:
            namespace['Net']()(recorder.input('x', (1,)))
        assert caught.exception.span is not None
        self.assertEqual(caught.exception.span['range']['start']['line'], 4)

    def test_state_of_an_earlier_pass_is_refused(self) -> None:
        namespace = run(
            'from torch import nn\nclass Net(nn.Module):\n    kept = 0\n    def forward(self, x):\n'
            '        self.kept = self.kept + x\n        return self.kept\n'
        )
        model = namespace['Net']()
        graph_of(model, (2, 3))
        with self.assertRaisesRegex(BadState, 'earlier forward pass'):
            graph_of(model, (2, 3))

    def test_modules_and_the_nodes_they_run(self) -> None:
        graph = traced(
            """
            class Block(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.fc = nn.Linear(3, 3)
                def forward(self, x):
                    return self.fc(x).tanh()
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.blocks = nn.Sequential(Block(), Block())
                def forward(self, x):
                    return self.blocks(x)
            """,
            (4, 3),
        )
        paths = [module['path'] for module in graph['modules']]
        self.assertEqual(paths, ['', 'blocks', 'blocks.0', 'blocks.0.fc', 'blocks.1', 'blocks.1.fc'])
        self.assertEqual([module['parent'] for module in graph['modules']], [None, 0, 1, 2, 1, 4])
        where = [paths[item['module']] for item in graph['nodes'] if item['op'] in ('linear', 'tanh')]
        self.assertEqual(where, ['blocks.0.fc', 'blocks.0', 'blocks.1.fc', 'blocks.1'])
        tanh = next(item for item in graph['nodes'] if item['op'] == 'tanh')
        self.assertEqual(tanh['span']['range']['start'], {'line': 9, 'character': 15})

    def test_large_tables_written_every_other_row_are_written_out_in_ops(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    table = torch.zeros(300, 300)
                    table[:, 0::2] = torch.arange(300).unsqueeze(1) * 0.5
                    self.register_buffer('table', table)
                def forward(self, x):
                    return x + self.table
            """,
            (300, 300),
        )
        self.assertIn('concat', ops(graph))
        self.assertNotIn('assignRegion', ops(graph))
