"""In-place changes: whoever shares the memory sees them, nobody else does."""

import unittest

import torch
from gradient_lens.errors import BadState, DataDependent, UnsupportedOp
from tests.support import node, ops, traced


class Views(unittest.TestCase):
    def test_a_change_of_a_view_changes_its_base_and_the_other_views(self) -> None:
        base = torch.zeros(2, 3)
        row, flat, turned = base[0], base.view(-1), base.t()
        row[1] = 5
        self.assertEqual(base.tolist(), [[0, 5, 0], [0, 0, 0]])
        self.assertEqual(flat.tolist(), [0, 5, 0, 0, 0, 0])
        self.assertEqual(turned.tolist(), [[0, 0], [5, 0], [0, 0]])
        turned.add_(1)
        self.assertEqual(row.tolist(), [1, 6, 1])

    def test_copies_keep_to_themselves(self) -> None:
        base = torch.zeros(2, 3)
        for copy in (base.clone(), base.t().reshape(-1), base + 0, base[[0, 1]]):
            copy.fill_(7)
        self.assertEqual(base.sum().item(), 0)

    def test_detached_tensors_share_memory(self) -> None:
        base = torch.zeros(3)
        base.detach()[1] = 2
        base.data[2] = 3
        self.assertEqual(base.tolist(), [0, 2, 3])

    def test_augmented_assignment_writes_in_place(self) -> None:
        a = torch.ones(2)
        b = a
        b += 1
        self.assertEqual(a.tolist(), [2, 2])
        b = b + 1
        self.assertEqual(a.tolist(), [2, 2])

    def test_expanded_memory_is_not_written(self) -> None:
        with self.assertRaisesRegex(BadState, 'single memory location'):
            torch.ones(1, 3).expand(2, 3).zero_()

    def test_a_result_of_another_shape_does_not_fit(self) -> None:
        with self.assertRaisesRegex(RuntimeError, "doesn't match the broadcast shape"):
            torch.ones(3).add_(torch.ones(2, 3))

    def test_chunks_are_views(self) -> None:
        base = torch.zeros(4)
        left, right = base.chunk(2)
        right.fill_(1)
        self.assertEqual(base.tolist(), [0, 0, 1, 1])
        self.assertEqual(left.tolist(), [0, 0])


class InTheForwardPass(unittest.TestCase):
    def test_relu_in_place_changes_the_shortcut_as_well(self) -> None:
        """`x + f(relu_(x))`: the shortcut carries the rectified value, as in PyTorch."""
        graph = traced(
            """
            class Net(nn.Module):
                def forward(self, x):
                    h = x * 2
                    y = F.relu(h, inplace=True)
                    return h + y.tanh()
            """,
            (2, 3),
        )
        relu = node(graph, 'relu')['outputs'][0]
        self.assertIn(relu, node(graph, 'add')['inputs'])

    def test_a_part_written_in_place(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def forward(self, x):
                    y = x.clone()
                    y[:, 1:] = y[:, 1:] * 2
                    return y.exp()
            """,
            (2, 3),
        )
        self.assertEqual(ops(graph), ['slice', 'mul', 'slice', 'concat', 'exp'])

    def test_buffers_filled_step_by_step(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def forward(self, x):
                    out = torch.zeros(4, 2, 3)
                    for t in range(4):
                        out[t] = x.tanh() * t
                    return out
            """,
            (2, 3),
        )
        self.assertEqual(ops(graph).count('tanh'), 4)
        self.assertEqual(graph['values'][graph['outputs'][0]]['shape'], [4, 2, 3])

    def test_masks_choose(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def forward(self, x):
                    y = x * 1
                    y[y < 0] = 0
                    return y
            """,
            (2, 3),
        )
        self.assertEqual(ops(graph), ['mul', 'less', 'where'])

    def test_a_detached_copy_is_its_own(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def forward(self, x):
                    y = x.clone().detach()
                    first = y[0]
                    y[y < 0] = 0
                    return y + first
            """,
            (2, 3),
        )
        self.assertEqual([op for op in ops(graph) if op not in ('identity', 'detach')], ['less', 'where', 'slice', 'reshape', 'add'])

    def test_parameters_are_not_changed_in_the_forward_pass(self) -> None:
        with self.assertRaisesRegex(UnsupportedOp, 'in-place change through .data'):
            traced(
                """
                class Net(nn.Module):
                    def __init__(self):
                        super().__init__()
                        self.w = nn.Parameter(torch.ones(3))
                    def forward(self, x):
                        self.w.data.clamp_(0, 1)
                        return x * self.w
                """,
                (2, 3),
            )

    def test_leaves_that_need_gradients(self) -> None:
        with self.assertRaisesRegex(BadState, 'a leaf Variable that requires grad'):
            traced('def make():\n    layer = nn.Linear(3, 3)\n    layer.weight.mul_(2)\n    return layer\n', (2, 3), entry='make()')


class Gradients(unittest.TestCase):
    def test_detach_and_no_grad_cut(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def forward(self, x):
                    with torch.no_grad():
                        scale = x.abs().max()
                    return x / scale + x.detach() + x.data
            """,
            (2, 3),
        )
        made = {number: item['op'] for item in graph['nodes'] for number in item['outputs']}
        self.assertEqual([made[number] for number in node(graph, 'abs')['inputs']], ['detach'])
        self.assertEqual(ops(graph).count('detach'), 3)

    def test_decorators(self) -> None:
        for decorator in ('torch.no_grad()', 'torch.no_grad', 'torch.inference_mode()'):
            graph = traced(
                f"""
                class Net(nn.Module):
                    @{decorator}
                    def scale(self, x):
                        return x.exp()
                    def forward(self, x):
                        return x * self.scale(x)
                """,
                (2, 3),
            )
            self.assertEqual(ops(graph), ['detach', 'exp', 'mul'], decorator)

    def test_frozen_parameters(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.a, self.b = nn.Linear(3, 3), nn.Linear(3, 3)
                    for p in self.a.parameters():
                        p.requires_grad = False
                    self.b.bias.requires_grad_(False)
                def forward(self, x):
                    return self.b(self.a(x))
            """,
            (2, 3),
        )
        self.assertEqual([p['trainable'] for p in graph['parameters']], [False, False, True, False])

    def test_control_flow_on_data(self) -> None:
        for condition, what in (('x.sum() > 0', 'condition'), ('x.mean().item() > 0', r'\.item\(\)'), ('int(x.max()) > 0', 'number')):
            with self.assertRaisesRegex(DataDependent, f'{what}.*depends on the data') as caught:
                traced(
                    f"""
                    class Net(nn.Module):
                        def forward(self, x):
                            if {condition}:
                                return x
                            return -x
                    """,
                    (2, 3),
                )
            assert caught.exception.span is not None
            self.assertEqual(caught.exception.span['range']['start']['line'], 6)

    def test_draws_are_numbered_in_order(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def forward(self, x):
                    unused = torch.randn(2)
                    x = F.dropout(x)
                    return x + torch.randn_like(x) * torch.rand(3)
            """,
            (2, 3),
        )
        draws = [(i['attributes']['distribution'], i['attributes']['draw']) for i in graph['nodes'] if i['op'] == 'random']
        self.assertEqual(draws, [('normal', 1), ('uniform', 2)])
        self.assertEqual(node(graph, 'dropout')['attributes']['draw'], 0)


if __name__ == '__main__':
    unittest.main()
