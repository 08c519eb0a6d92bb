"""Models spread over files of a workspace."""

import unittest

from .reading_case import ReadingCase

NET = 'import torch.nn as nn\nfrom .blocks import Block\n\n\nclass Net(nn.Module):\n    def __init__(self, width=4):\n        super().__init__()\n        self.b = Block(width)\n\n    def forward(self, x):\n        return self.b(x)\n'
BLOCKS = 'import torch.nn as nn\nrows = open("gone.csv").read()\n\n\nclass Block(nn.Module):\n    def __init__(self, width):\n        super().__init__()\n        self.f = nn.Linear(width, width)\n\n    def forward(self, x):\n        return self.f(x)\n'


class ProjectsTest(ReadingCase):
    files = {
        'lib/models/__init__.py': 'from .net import Net\n',
        'lib/models/net.py': NET,
        'lib/models/blocks.py': BLOCKS,
        'lib/train.py': 'import torch\nfrom models import Net\nimport wandb\n\nif __name__ == "__main__":\n    wandb.init()\n    net = Net(6)\n    net(torch.ones(5, 6))\n',
        'tools/run.py': 'import sys, torch\nsys.path.append("../lib")\nfrom models.net import Net\nnet = Net(3)\n',
        'app.py': 'from lib.models import Net\nmodel = Net()\n',
    }

    def test_layers_of_other_files_have_their_own_lines(self) -> None:
        result = self.read_files(self.files, 'lib/train.py')
        model = self.only(result)
        self.assertEqual(result['files'], ['lib/train.py', 'lib/models/__init__.py', 'lib/models/net.py', 'lib/models/blocks.py'])
        weight = model['graph']['parameters'][0]
        self.assertEqual((weight['span']['path'], self.line(weight['span'])), ('lib/models/blocks.py', 8))
        self.assertEqual((model['span']['path'], self.line(model['span'])), ('lib/models/net.py', 5))
        self.assertEqual(self.inputs(model), [([2, 6], 'float', 'observed')])
        self.assertEqual(result['problems'], [])

    def test_file_inside_a_package(self) -> None:
        model = self.only(self.read_files(self.files, 'lib/models/net.py'))
        self.assertEqual(model['entry'], 'Net()')

    def test_search_path_and_folder_without_init(self) -> None:
        self.assertEqual(self.entries(self.read_files(self.files, 'tools/run.py')), ['net'])
        self.assertEqual(self.entries(self.read_files(self.files, 'app.py')), ['model'])

    def test_circular_imports(self) -> None:
        result = self.read_files({'a.py': 'import b\nimport torch.nn as nn\nnet = nn.Linear(2, 2)\n', 'b.py': 'import a\nx = 1\n'}, 'a.py')
        self.assertEqual(self.entries(result), ['net'])

    def test_models_of_files_that_import_each_other(self) -> None:
        net = "import torch.nn as nn\n{}\n\n\nclass {}(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.f = nn.Linear(4, 4)\n\n    def forward(self, x):\n        return self.f(x)\n"
        files = {
            'pkg/__init__.py': 'from .a import A\nfrom .b import B\n',
            'pkg/a.py': net.format('from . import b', 'A') + '\n\ndef both():\n    return nn.Sequential(A(), b.B())\n',
            'pkg/b.py': net.format('from . import a', 'B') + '\n\ndef other():\n    return nn.Sequential(B(), a.A())\n',
        }
        for active, builder in (('pkg/a.py', 'both'), ('pkg/b.py', 'other')):
            result = self.read_files(files, active)
            self.assertEqual(result['problems'], [], active)
            model = next(item for item in result['models'] if item['name'] == builder)
            self.assertIsNone(model['unread'], active)
            paths = {item['span']['path'] for item in model['graph']['parameters']}
            self.assertEqual(paths, {'pkg/a.py', 'pkg/b.py'})

    def test_a_name_taken_out_of_a_half_run_file_is_told_where_it_is_asked_for(self) -> None:
        net = "import torch.nn as nn\n\n\nclass {}(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.f = nn.Linear(4, 4)\n\n    def forward(self, x):\n        return self.f(x)\n"
        files = {'a.py': 'from b import B\n' + net.format('A'), 'b.py': 'from c import C\n' + net.format('B'), 'c.py': 'from a import A\n' + net.format('C')}
        result = self.read_files(files, 'a.py')
        self.assertEqual(self.entries(result), ['A()'])
        for item in [*result['problems'], *[model['unread'] for model in result['models'] if model['unread']]]:
            self.assertIn(item['span']['path'], files)

    def test_broken_sibling_is_told_in_its_own_file(self) -> None:
        result = self.read_files({'a.py': 'from b import Net\nnet = Net()\n', 'b.py': 'x = = 1\n' + NET.replace('from .blocks import Block', 'Block = lambda n: nn.Linear(n, n)')}, 'a.py')
        self.assertEqual(self.entries(result), ['net'])
        self.assertEqual([item['span']['path'] for item in result['problems']], ['b.py'])


if __name__ == '__main__':
    unittest.main()
