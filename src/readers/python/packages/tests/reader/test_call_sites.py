"""Scripts of the workspace supply what a model file leaves open."""

from __future__ import annotations

from typing import Any

from .reading_case import HEAD, ReadingCase

NET = HEAD + """
class Net(nn.Module):
    def __init__(self, width, classes):
        super().__init__()
        self.body = nn.Conv2d(1, width, 3)
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        return self.head(self.body(x).mean((2, 3)))
"""
TRAIN = HEAD + """
from net import Net
from torchvision.datasets import MNIST
from torchvision import transforms

def main():
    loader = torch.utils.data.DataLoader(MNIST('data', transform=transforms.ToTensor()), batch_size=64)
    model = Net(12, 10)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    for x, y in loader:
        optimiser.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimiser.step()

if __name__ == '__main__':
    main()
"""


class CallSites(ReadingCase):
    def called(self, files: dict[str, str], active: str = 'net.py', callers: tuple[str, ...] = ('train.py',)) -> Any:
        return self.read_files(files, active, callers=list(callers))

    def test_a_script_gives_arguments_inputs_loss_and_optimiser(self) -> None:
        model = self.only(self.called({'net.py': NET, 'train.py': TRAIN}))
        self.assertEqual(model['entry'], 'Net(12, 10)')
        self.assertEqual(model['guesses'], [])
        self.assertEqual(self.inputs(model), [([2, 1, 28, 28], 'float', 'observed')])
        self.assertEqual(model['graph']['inputs'][0]['reason'], '`train.py` feeds it so in line 15.')
        recipe = model['graph']['recipe']
        self.assertEqual((recipe['loss']['kind'], recipe['optimiser']['name']), ('cross-entropy', 'Adam'))
        self.assertEqual(recipe['loss']['span']['path'], 'train.py')

    def test_the_entry_is_found_again(self) -> None:
        files = {'net.py': NET, 'train.py': TRAIN}
        model = self.only(self.read_files(files, 'net.py', callers=['train.py'], entry='Net(12, 10)', batch=5))
        self.assertEqual(self.inputs(model), [([5, 1, 28, 28], 'float', 'observed')])

    def test_what_the_file_says_itself_comes_first(self) -> None:
        own = NET + '\ndef test():\n    Net(3, 2)(torch.randn(4, 1, 9, 9))\n'
        model = self.only(self.called({'net.py': own, 'train.py': TRAIN}))
        self.assertEqual(model['entry'], 'Net(3, 2)')
        self.assertEqual(self.inputs(model), [([2, 1, 9, 9], 'float', 'observed')])
        self.assertEqual(model['graph']['recipe']['loss']['kind'], 'cross-entropy')

    def test_a_failing_script_costs_nothing(self) -> None:
        for text in ('raise ValueError', 'from net import Net\n1 / 0', 'def (', 'import sys\nsys.exit(1)', 'while True: pass'):
            result = self.called({'net.py': NET, 'train.py': text})
            model = self.only(result)
            self.assertEqual(result['problems'], [])
            self.assertEqual(len(model['guesses']), 2, model['guesses'])

    def test_an_instance_whose_constructor_fails_is_none(self) -> None:
        train = 'from net import Net\nNet(-3, 4)\nNet("a", "b")\n'
        model = self.only(self.called({'net.py': NET, 'train.py': train}))
        self.assertNotEqual(model['guesses'], [])

    def test_a_script_whose_data_are_missing_is_run_past_them(self) -> None:
        train = """
            import torch
            from net import Net
            def main():
                table = open('table.csv').read()
                model = Net(len(table), 4)
                model(torch.randn(8, 1, 20, 20))
            main()
        """
        model = self.only(self.called({'net.py': NET, 'train.py': train}))
        self.assertEqual(self.inputs(model), [([2, 1, 20, 20], 'float', 'observed')])

    def test_scripts_stand_behind_packages_and_helpers(self) -> None:
        files = {
            'pkg/__init__.py': 'from .net import Net\n',
            'pkg/net.py': NET,
            'helper.py': 'import pkg\ndef make():\n    return pkg.Net(7, 5)\n',
            'train.py': 'import torch\nfrom helper import make\nmake()(torch.randn(3, 1, 8, 8))\n',
        }
        model = self.only(self.called(files, 'pkg/net.py'))
        self.assertEqual((model['entry'], model['guesses']), ('Net(7, 5)', []))

    def test_options_are_set_so_that_they_lead_to_the_file(self) -> None:
        files = {
            'net.py': NET + '\ndef small():\n    return Net(4, 10)\ndef large():\n    return Net(40, 10)\n',
            'utils.py': """
                def get(args):
                    if args.net == 'other':
                        import missing
                        return missing.Other()
                    elif args.net == 'net-large':
                        from net import large
                        return large()
            """,
            'train.py': """
                import argparse, torch
                from utils import get
                parser = argparse.ArgumentParser()
                parser.add_argument('-net', type=str, required=True, help='net type')
                args = parser.parse_args()
                get(args)(torch.randn(3, 1, 16, 16))
            """,
        }
        result = self.called(files)
        self.assertEqual(sorted(self.entries(result)), ['large()', 'small()'])
        for model in result['models']:
            self.assertEqual(model['guesses'], [])
            self.assertEqual(self.inputs(model)[0][0], [2, 1, 16, 16])

    def test_what_no_option_leads_to_is_reached_by_the_default(self) -> None:
        second = NET[len(HEAD):].replace('class Net', 'class Other')
        train = """
            import argparse, torch, net
            parser = argparse.ArgumentParser()
            parser.add_argument('--model', default='lstm')
            args = parser.parse_args()
            if args.model == 'net':
                model = net.Net(2, 3)
            else:
                model = net.Other(4, 5)
            model(torch.randn(3, 1, 16, 16))
        """
        result = self.called({'net.py': NET + second, 'train.py': train})
        self.assertEqual(self.entries(result), ['Net(2, 3)', 'Other(4, 5)'])

    def test_builders_are_looked_up_by_name(self) -> None:
        files = {
            'net.py': NET + '\ndef small():\n    return Net(4, 10)\n',
            'train.py': """
                import argparse, torch
                import net as models
                parser = argparse.ArgumentParser()
                parser.add_argument('--arch', default='resnet18')
                args = parser.parse_args()
                models.__dict__[args.arch]()(torch.randn(3, 1, 16, 16))
            """,
        }
        model = self.only(self.called(files))
        self.assertEqual((model['entry'], model['guesses']), ('small()', []))

    def test_what_the_command_line_needs_is_a_guess_unless_it_is_a_place(self) -> None:
        train = """
            import argparse, torch
            from net import Net
            parser = argparse.ArgumentParser()
            parser.add_argument('data', help='path to the data')
            parser.add_argument('--classes', type=int{needed})
            args = parser.parse_args()
            Net(3, args.classes)(torch.randn(3, 1, 16, 16))
        """
        given = self.only(self.called({'net.py': NET, 'train.py': train.format(needed=', default=7')}))
        self.assertEqual((given['entry'], given['guesses']), ('Net(3, 7)', []))
        assumed = self.only(self.called({'net.py': NET, 'train.py': train.format(needed=', required=True')}))
        self.assertEqual([item['message'] for item in assumed['guesses']], ['The command line needs `--classes`; 10 is assumed.'])

    def test_test_functions_are_call_sites(self) -> None:
        tests = 'import torch\nfrom net import Net\ndef test_net():\n    assert Net(2, 3)(torch.randn(5, 1, 7, 7)).shape == (5, 3)\n'
        model = self.only(self.called({'net.py': NET, 'test_net.py': tests}, callers=('test_net.py',)))
        self.assertEqual((model['entry'], self.inputs(model)[0][0]), ('Net(2, 3)', [2, 1, 7, 7]))

    def test_models_of_other_files_are_theirs(self) -> None:
        train = TRAIN.replace('model = Net(12, 10)', 'model = Net(12, 10)\n    Other()(torch.randn(2, 3))')
        other = 'class Other(nn.Linear):\n    def __init__(self):\n        super().__init__(3, 4)\n'
        self.only(self.called({'net.py': NET, 'train.py': train.replace('def main', other + '\ndef main', 1)}))

    def test_of_several_commands_the_one_that_trains_is_run(self) -> None:
        train = """
            import argparse, sys, torch
            from net import Net
            def main():
                parser = argparse.ArgumentParser()
                commands = parser.add_subparsers(dest='command')
                commands.add_parser('eval')
                trains = commands.add_parser('train')
                trains.add_argument('--dataset', required=True, help='path to the data')
                trains.add_argument('--size', type=int, default=24)
                args = parser.parse_args()
                if args.command is None:
                    sys.exit(1)
                if args.command == 'train':
                    Net(2, 3)(torch.randn(5, 1, args.size, args.size))
            main()
        """
        model = self.only(self.called({'net.py': NET, 'train.py': train}))
        self.assertEqual((model['guesses'], self.inputs(model)[0][0]), ([], [2, 1, 24, 24]))

    def test_a_script_that_gives_up_for_want_of_hardware_goes_on(self) -> None:
        train = """
            import sys, torch
            from net import Net
            def main():
                if not torch.cuda.is_available():
                    print('no graphics card')
                    {leave}
                Net(2, 3)(torch.randn(5, 1, 9, 9))
            main()
        """
        for leave in ('sys.exit(1)', 'exit()'):
            model = self.only(self.called({'net.py': NET, 'train.py': train.format(leave=leave)}))
            self.assertEqual(model['entry'], 'Net(2, 3)')
