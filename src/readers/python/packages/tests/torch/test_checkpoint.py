"""`torch.utils.checkpoint`: which weights get a gradient, as PyTorch 1.13 says for the same models."""

import unittest
from typing import Any

from ..support import traced

NET = """
from torch.utils.checkpoint import checkpoint, checkpoint_sequential
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.m = nn.ModuleList([nn.Linear(3, 3, bias=False) for _ in range(5)])
    def forward(self, x):
        m = self.m
        BODY
"""


def trained(body: str) -> list[bool]:
    """Of each layer, whether a gradient reaches its weight."""
    graph: dict[str, Any] = traced(NET.replace('BODY', body), (2, 3))
    made = {number: node for node in graph['nodes'] for number in node['outputs']}
    reached: set[int] = set()
    stack = list(graph['outputs'])
    while stack:
        node = made[stack.pop()]
        if node['op'] == 'parameter':
            reached.add(node['attributes']['index'])
        elif node['op'] != 'detach':
            stack.extend(node['inputs'])
    return [place in reached for place in range(5)]


class Checkpointing(unittest.TestCase):
    def test_the_re_entrant_kind_makes_no_gradient_where_its_input_needs_none(self) -> None:
        chain = 'return m[4](m[3](checkpoint(m[2], m[1](checkpoint(m[0], x{0})){0})))'
        self.assertEqual(trained(chain.format('')), [False, True, True, True, True])
        self.assertEqual(trained(chain.format(', use_reentrant=True')), [False, True, True, True, True])
        self.assertEqual(trained(chain.format(', use_reentrant=False')), [True] * 5)
        self.assertEqual(trained('x = x.requires_grad_(); ' + chain.format('')), [True] * 5)

    def test_of_a_sequence_the_last_segment_runs_as_it_is(self) -> None:
        self.assertEqual(trained('return checkpoint_sequential(nn.Sequential(*m), 2, x)'), [False, False, True, True, True])
        self.assertEqual(trained('return checkpoint_sequential(list(m), 3, x)'), [False, False, True, True, True])
        self.assertEqual(trained('return checkpoint_sequential(list(m), 2, x, use_reentrant=False)'), [True] * 5)

    def test_what_the_function_closes_over_counts_for_nothing(self) -> None:
        body = 'return checkpoint(lambda a: m[1](m[0](a)), x) + m[2](x) + m[3](x) + m[4](x)'
        self.assertEqual(trained(body), [False, False, True, True, True])


if __name__ == '__main__':
    unittest.main()
