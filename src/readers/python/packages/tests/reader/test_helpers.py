"""Files that lean on timm, on a base class that is not here, or are as large as GPT-2."""

from .reading_case import ReadingCase


class Timm(ReadingCase):
    def test_small_layers(self) -> None:
        model = self.only(self.read("""
        from timm.models.layers import DropPath, Mlp, PatchEmbed, to_2tuple, trunc_normal_
        from timm.models.registry import register_model
        from timm.data import IMAGENET_DEFAULT_MEAN

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.patches = PatchEmbed(32, 8, 3, 12)
                self.places = nn.Parameter(torch.zeros(1, self.patches.num_patches, 12))
                trunc_normal_(self.places, std=0.02)
                self.mlp = Mlp(12, 24, drop=0.1)
                self.drop_path = DropPath(0.1)
            def forward(self, x):
                x = self.patches(x) + self.places
                return (x + self.drop_path(self.mlp(x))).mean(1)

        Net()(torch.randn(2, 3, *to_2tuple(32)))
        """))
        names = [item['name'] for item in model['graph']['parameters']]
        self.assertEqual(names, [
            'places', 'patches.proj.weight', 'patches.proj.bias', 'mlp.fc1.weight', 'mlp.fc1.bias', 'mlp.fc2.weight',
            'mlp.fc2.bias',
        ])  # fmt: skip

    def test_the_workspaces_own_goes_first(self) -> None:
        own = 'from torch import nn\nclass Own(nn.Linear):\n    pass\n'
        main = 'import torch\nfrom timm.layers import Own\nnet = Own(3, 2)\nnet(torch.randn(2, 3))\n'
        model = self.only(self.read_files({'timm/__init__.py': '', 'timm/layers.py': own, 'm.py': main}, 'm.py'))
        self.assertEqual(model['graph']['modules'][0]['type'], 'Own')

    def test_its_models_are_unknown(self) -> None:
        result = self.read("""
        import timm

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.backbone = timm.create_model('resnet18', pretrained=True)
                self.head = nn.Linear(512, 2)
            def forward(self, x):
                return self.head(self.backbone(x))

        Net()(torch.randn(2, 3, 64, 64))
        """)
        self.assertIn('timm.create_model', result['models'][0]['unread']['message'])


class Large(ReadingCase):
    def test_a_gpt_of_the_size_of_gpt2_small(self) -> None:
        """12 blocks of width 768 over 50257 words and 1024 places, the head tied: 124,439,808 parameters."""
        model = self.only(self.read("""
        class Block(nn.Module):
            def __init__(self, width, heads):
                super().__init__()
                self.before = nn.LayerNorm(width)
                self.qkv = nn.Linear(width, 3 * width)
                self.out = nn.Linear(width, width)
                self.between = nn.LayerNorm(width)
                self.wide = nn.Linear(width, 4 * width)
                self.narrow = nn.Linear(4 * width, width)
                self.heads = heads
            def forward(self, x):
                b, t, c = x.shape
                q, k, v = (part.view(b, t, self.heads, -1).transpose(1, 2) for part in self.qkv(self.before(x)).chunk(3, -1))
                seen = F.scaled_dot_product_attention(q, k, v, is_causal=True)
                x = x + self.out(seen.transpose(1, 2).reshape(b, t, c))
                return x + self.narrow(F.gelu(self.wide(self.between(x)), approximate='tanh'))

        class Reader(nn.Module):
            def __init__(self, words=50257, places=1024, width=768, depth=12, heads=12):
                super().__init__()
                self.words = nn.Embedding(words, width)
                self.places = nn.Embedding(places, width)
                self.blocks = nn.ModuleList(Block(width, heads) for _ in range(depth))
                self.last = nn.LayerNorm(width)
                self.head = nn.Linear(width, words, bias=False)
                self.head.weight = self.words.weight
            def forward(self, tokens):
                x = self.words(tokens) + self.places(torch.arange(tokens.shape[1]))
                for block in self.blocks:
                    x = block(x)
                return self.head(self.last(x))

        Reader()(torch.randint(0, 50257, (1, 8)))
        """))
        count = 0
        for item in model['graph']['parameters']:
            size = 1
            for n in item['shape']:
                size *= n
            count += size
        self.assertEqual(count, 124_439_808)
