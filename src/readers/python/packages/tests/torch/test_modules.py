"""What `nn.Module` and the containers promise."""

import copy
import unittest
from collections import OrderedDict
from typing import Any

import torch
from gradient_lens.errors import BadType, ShapeMismatch
from gradient_lens.recorder import Recorder, observers
from tests.support import node, ops, parameters, run, traced
from torch import nn


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(2, 2)
        self.scale = nn.Parameter(torch.ones(2))
        self.register_buffer('mean', torch.zeros(2))
        self.second = nn.Linear(2, 2)

    def forward(self, x: Any) -> Any:
        return self.second(self.first(x) * self.scale)


class Registration(unittest.TestCase):
    def test_own_parameters_come_before_those_of_children(self) -> None:
        names = [name for name, _ in Block().named_parameters()]
        self.assertEqual(names, ['scale', 'first.weight', 'first.bias', 'second.weight', 'second.bias'])
        self.assertEqual([name for name, _ in Block().named_buffers()], ['mean'])

    def test_shared_parameters_appear_once(self) -> None:
        net = nn.Sequential(nn.Linear(2, 2, bias=False), nn.Linear(2, 2, bias=False))
        net[1].weight = net[0].weight
        self.assertEqual([name for name, _ in net.named_parameters()], ['0.weight'])

    def test_assigning_again_keeps_the_place(self) -> None:
        block = Block()
        block.first = nn.Identity()
        self.assertEqual([name for name, _ in block.named_children()], ['first', 'second'])
        block.extra = None
        block.extra = nn.Linear(1, 1)
        self.assertIn('extra.weight', dict(block.named_parameters()))

    def test_what_is_refused(self) -> None:
        block = Block()
        with self.assertRaisesRegex(BadType, "cannot assign 'Tensor' as parameter 'scale'"):
            block.scale = torch.ones(2)
        with self.assertRaisesRegex(BadType, "as child module 'first'"):
            block.first = 3
        with self.assertRaisesRegex(KeyError, 'already exists'):
            block.add_module('forward', nn.Identity())
        with self.assertRaisesRegex(KeyError, 'contain'):
            block.add_module('a.b', nn.Identity())
        with self.assertRaisesRegex(AttributeError, "has no attribute 'third'"):
            block.third

    def test_before_the_base_constructor(self) -> None:
        class Early(nn.Module):
            def __init__(self) -> None:
                self.layer = nn.Linear(2, 2)

        with self.assertRaisesRegex(AttributeError, r'before Module.__init__\(\) call'):
            Early()

    def test_buffers_are_kept_on_assignment(self) -> None:
        block = Block()
        block.mean = torch.ones(2)
        self.assertEqual(dict(block.named_buffers())['mean'].tolist(), [1.0, 1.0])
        block.mean += 1
        self.assertEqual(block.mean.tolist(), [2.0, 2.0])

    def test_state_dict(self) -> None:
        self.assertEqual(
            list(Block().state_dict()), ['scale', 'mean', 'first.weight', 'first.bias', 'second.weight', 'second.bias']
        )

    def test_deep_copies_stand_alone(self) -> None:
        block = Block()
        twin = copy.deepcopy(block)
        nn.init.zeros_(twin.first.weight)
        self.assertIsNot(twin.first.weight, block.first.weight)
        self.assertEqual(block.first.weight._record.origin, 'default')
        self.assertEqual(block._span, twin._span)

    def test_modes(self) -> None:
        block = Block().eval()
        self.assertFalse(block.first.training)
        self.assertTrue(block.train().second.training)

    def test_printed_form(self) -> None:
        self.assertEqual(
            repr(nn.Sequential(nn.Linear(2, 3), nn.ReLU())),
            'Sequential(\n  (0): Linear(in_features=2, out_features=3, bias=True)\n  (1): ReLU()\n)',
        )


class Containers(unittest.TestCase):
    def test_sequential(self) -> None:
        net = nn.Sequential(OrderedDict(a=nn.Linear(1, 2), b=nn.ReLU(), c=nn.Linear(2, 3)))
        self.assertEqual([name for name, _ in net.named_children()], ['a', 'b', 'c'])
        self.assertEqual(len(net[:2]), 2)
        self.assertIs(net[-1], net.c)
        net.append(nn.Tanh())
        self.assertIn('3', dict(net.named_children()))
        del net[0]
        self.assertEqual([name for name, _ in net.named_children()], ['0', '1', '2'])

    def test_module_list(self) -> None:
        held = nn.ModuleList(nn.Linear(1, 1) for _ in range(3))
        held.insert(1, nn.ReLU())
        held += [nn.Tanh()]
        self.assertEqual([type(m).__name__ for m in held], ['Linear', 'ReLU', 'Linear', 'Linear', 'Tanh'])
        self.assertEqual(len(held[1:3]), 2)
        held[0] = nn.Identity()
        self.assertIsInstance(held[0], nn.Identity)

    def test_module_dict(self) -> None:
        held = nn.ModuleDict([['relu', nn.ReLU()]])
        held['linear'] = nn.Linear(1, 1)
        self.assertEqual(list(held), ['relu', 'linear'])
        self.assertEqual(list(dict(held.named_parameters())), ['linear.weight', 'linear.bias'])
        self.assertIn('relu', held)

    def test_parameter_containers(self) -> None:
        held = nn.ParameterList([nn.Parameter(torch.zeros(i + 1)) for i in range(2)])
        held.append(torch.ones(3))
        self.assertEqual([name for name, _ in held.named_parameters()], ['0', '1', '2'])
        named = nn.ParameterDict({'a': torch.zeros(2)})
        self.assertEqual([name for name, _ in named.named_parameters()], ['a'])
        self.assertEqual(named['a'].shape, (2,))


class Calls(unittest.TestCase):
    def test_hooks_run(self) -> None:
        graph = traced(
            """
            def make():
                net = nn.Sequential(nn.Linear(2, 2))
                net[0].register_forward_hook(lambda module, inputs, output: output.tanh())
                handle = net[0].register_forward_pre_hook(lambda module, inputs: (inputs[0].exp(),))
                net.register_forward_hook(lambda *_: None).remove()
                return net
            """,
            (3, 2),
            entry='make()',
        )
        self.assertEqual(ops(graph), ['exp', 'linear', 'tanh'])

    def test_calls_outside_a_recorder_are_seen(self) -> None:
        seen: list[Any] = []

        def observer(module: Any, args: Any, kwargs: Any) -> None:
            seen.append((type(module).__name__, [tuple(a.shape) for a in args]))

        observers.append(observer)
        try:
            out = nn.Sequential(nn.Linear(4, 3), nn.ReLU())(torch.randn(5, 4))
            nn.CrossEntropyLoss()(out, torch.randint(0, 3, (5,))).backward()
        finally:
            observers.remove(observer)
        self.assertEqual(seen, [('Sequential', [(5, 4)])])
        self.assertEqual(out.shape, (5, 3))

    def test_losses_are_told(self) -> None:
        namespace = run(
            """
            import torch
            from torch import nn
            criterion = nn.BCEWithLogitsLoss(reduction='sum')
            def step(out, y):
                return criterion(out, y)
            """
        )
        recorder = Recorder()
        with recorder:
            x = recorder.input('x', (3, 1))
            namespace['step'](x, torch.zeros(3, 1))
        (call,) = recorder.losses
        self.assertEqual((call.kind, call.name, call.inputs, call.reduction), ('bce-logits', 'BCEWithLogitsLoss', 2, 'sum'))
        assert call.span is not None and call.constructor is not None
        self.assertEqual(call.span['range']['start'], {'line': 5, 'character': 11})
        self.assertEqual(call.constructor['range']['start']['line'], 3)

    def test_shape_error_names_call_and_constructor(self) -> None:
        text = """
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.fc = nn.Linear(
                        10, 4)
                def forward(self, x):
                    return self.fc(x.flatten(1))
            """
        with self.assertRaisesRegex(ShapeMismatch, r'mat1 and mat2 shapes cannot be multiplied \(2x12 and 10x4\)') as caught:
            traced(text, (2, 3, 4))
        error = caught.exception
        assert error.span is not None
        self.assertEqual(error.span['range']['start'], {'line': 10, 'character': 15})
        ((message, span),) = error.related
        self.assertIn('Linear(in_features=10, out_features=4, bias=True)', message)
        self.assertEqual(span['range'], {'start': {'line': 7, 'character': 18}, 'end': {'line': 8, 'character': 18}})
        self.assertEqual((error.wanted, error.got), (10, 12))

    def test_a_layer_made_in_a_helper_counts_at_the_helper(self) -> None:
        graph = traced(
            """
            class Conv(nn.Conv1d):
                def __init__(self, *args, **kwargs):
                    super().__init__(*args, **kwargs)
                    self.gain = nn.Parameter(torch.ones(1))
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.conv = Conv(3, 4, 1)
                def forward(self, x):
                    return self.conv(x) * self.conv.gain
            """,
            (2, 3, 5),
        )
        lines = {name: p['span']['range']['start']['line'] for name, p in parameters(graph).items()}
        self.assertEqual(lines, {'conv.weight': 11, 'conv.bias': 11, 'conv.gain': 7})

    def test_checkpointing_runs_the_function(self) -> None:
        graph = traced(
            """
            from torch.utils.checkpoint import checkpoint
            class Net(nn.Module):
                def forward(self, x):
                    return checkpoint(torch.tanh, x, use_reentrant=False)
            """,
            (2, 3),
        )
        self.assertEqual(ops(graph), ['tanh'])

    def test_unknown_functions_take_no_part_in_a_forward_pass(self) -> None:
        with self.assertRaisesRegex(NotImplementedError, 'torch.nonsense'):
            traced('class Net(nn.Module):\n    def forward(self, x):\n        return torch.nonsense(x)\n', (2, 3))
        with self.assertRaisesRegex(NotImplementedError, r'Tensor\.renorm'):
            traced('class Net(nn.Module):\n    def forward(self, x):\n        return x.renorm(2, 0, 1.0)\n', (2, 3))


class Losses(unittest.TestCase):
    """Losses of known numbers, against their formulas."""

    def test_cross_entropy(self) -> None:
        logits = torch.tensor([[0.0, 0.0], [0.0, 0.0]])
        self.assertAlmostEqual(nn.functional.mse_loss(torch.tensor([1.0, 3.0]), torch.tensor([0.0, 0.0])).item(), 5.0)
        graph = traced(
            """
            class Net(nn.Module):
                def forward(self, x):
                    return F.cross_entropy(x, torch.tensor([1, 0]))
            """,
            (2, 3),
        )
        self.assertEqual(ops(graph), ['logSoftmax', 'gatherElements', 'reshape', 'neg', 'mean'])
        self.assertEqual(node(graph, 'gatherElements')['attributes'], {'axis': 1})
        self.assertEqual(logits.shape, (2, 2))

    def test_huber_and_smooth_l1(self) -> None:
        zero = torch.zeros(2)
        gaps = torch.tensor([0.5, 3.0])
        self.assertAlmostEqual(nn.HuberLoss(delta=2.0)(gaps, zero).item(), (0.125 + 2 * (3 - 1)) / 2)
        self.assertAlmostEqual(nn.SmoothL1Loss(beta=2.0)(gaps, zero).item(), (0.125 + 2 * (3 - 1)) / 2 / 2)

    def test_binary_cross_entropy(self) -> None:
        import math

        p, t = torch.tensor([0.25, 0.0]), torch.tensor([1.0, 1.0])
        self.assertAlmostEqual(nn.BCELoss()(p, t).item(), (-math.log(0.25) + 100) / 2)

    def test_mismatched_targets(self) -> None:
        with self.assertRaisesRegex(ValueError, 'Target size'):
            nn.BCEWithLogitsLoss()(torch.zeros(3, 1), torch.zeros(3))


if __name__ == '__main__':
    unittest.main()
