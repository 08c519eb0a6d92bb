"""Sizes that constructor arguments state, and arguments that a namesake is given."""

from .reading_case import ReadingCase

VIT = """
class ViT(nn.Module):
    def __init__(self, *, image_size, patch_size, num_classes, dim, channels=3):
        super().__init__()
        self.patch_size = patch_size
        self.embed = nn.Linear(channels * patch_size ** 2, dim)
        self.head = nn.Linear(dim, num_classes)

    def forward(self, x):
        n, p = x.shape[0], self.patch_size
        x = F.unfold(x, p, stride=p).transpose(1, 2)
        return self.head(self.embed(x).mean(1))
"""


class StatedTest(ReadingCase):
    def test_the_size_of_pictures(self) -> None:
        for arguments, shape in {
            'image_size=48': [2, 3, 48, 48],
            'image_size=(32, 64)': [2, 3, 32, 64],
            'image_size=(1, 32, 64), channels=1': [2, 1, 32, 64],
            'image_size=40, channels=4': [2, 4, 40, 40],
        }.items():
            model = self.only(self.read(VIT, f'\nnet = ViT(patch_size=8, num_classes=5, dim=16, {arguments})\n'))
            self.assertEqual(self.inputs(model), [(shape, 'float', 'solved')], arguments)
            self.assertEqual(model['guesses'], [], arguments)
            self.assertEqual(model['graph']['inputs'][0]['reason'], '`image_size` of `ViT` says so.')

    def test_a_default_counts_and_layers_win_where_it_does_not_fit(self) -> None:
        text = """
class Net(nn.Module):
    def __init__(self, img_size=SIZE):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.head = nn.Linear(4 * 26 * 26, 10)

    def forward(self, x):
        return self.head(self.conv(x).flatten(1))
"""
        self.assertEqual(self.inputs(self.only(self.read(text.replace('SIZE', '28')))), [([2, 1, 28, 28], 'float', 'solved')])
        model = self.only(self.read(text.replace('SIZE', '99')))
        self.assertEqual(model['graph']['inputs'][0]['shape'], [2, 1, 28, 28])

    def test_videos_and_sequences(self) -> None:
        model = self.only(self.read("""
class Net(nn.Module):
    def __init__(self, height=8, width=12, num_frames=6):
        super().__init__()
        self.conv = nn.Conv3d(2, 4, 3)

    def forward(self, x):
        return self.conv(x).mean((2, 3, 4))
"""))
        self.assertEqual(self.inputs(model), [([2, 2, 6, 8, 12], 'float', 'solved')])
        model = self.only(self.read("""
class Net(nn.Module):
    def __init__(self, vocab=11, seq_len=9):
        super().__init__()
        self.embed = nn.Embedding(vocab, 4)
        self.head = nn.Linear(4 * seq_len, 2)

    def forward(self, x):
        return self.head(self.embed(x).flatten(1))
"""))
        self.assertEqual(self.inputs(model), [([2, 9], 'int', 'solved')])

    def test_arguments_of_a_namesake_are_a_guess(self) -> None:
        readme = """
        ```python
        from other import ViT
        net = ViT(image_size=32, patch_size=16, num_classes=7, dim=24, heads=3)
        ```
        """
        files = {'m.py': 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n' + VIT, 'README.md': readme}
        model = self.only(self.read_files(files, 'm.py'))
        self.assertEqual(model['entry'], 'ViT(image_size=32, patch_size=16, num_classes=7, dim=24)')
        self.assertEqual(self.inputs(model), [([2, 3, 32, 32], 'float', 'solved')])
        [guess] = model['guesses']
        self.assertIn('line 4 of README.md', guess['message'])

    def test_a_part_that_stands_first_is_no_model_of_its_own(self) -> None:
        model = self.only(self.read("""
class Residual(nn.Module):
    def __init__(self, fn, width):
        super().__init__()
        self.fn = fn
        self.norm = nn.LayerNorm(width)

    def forward(self, x):
        return self.norm(self.fn(x) + x)

def block(width):
    return Residual(nn.Linear(width, width), width)

class Net(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.block = block(width)

    def forward(self, x):
        return self.block(x)
"""))
        self.assertEqual(model['name'], 'Net')

    def test_a_class_that_hands_its_arguments_on_takes_those_of_its_base(self) -> None:
        text = VIT + """
class Distillable(ViT):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.width = kwargs['dim']


class Wrapper:
    def __init__(self, student):
        assert isinstance(student, (ViT, Distillable))
"""
        readme = """
        ```python
        net = ViT(image_size=32, patch_size=16, num_classes=7, dim=24)
        ```
        """
        files = {'m.py': 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n' + text, 'README.md': readme}
        result = self.read_files(files, 'm.py')
        found = {model['name']: model for model in result['models']}
        model = found['Distillable']
        self.assertEqual(model['entry'], 'Distillable(image_size=32, patch_size=16, num_classes=7, dim=24)')
        [guess] = model['guesses']
        self.assertIn('gives to `ViT`, on which it builds', guess['message'])
