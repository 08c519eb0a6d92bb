"""Ways in which a model is called, where no call of it is known."""

from __future__ import annotations

from .reading_case import ReadingCase


class Ways(ReadingCase):
    def test_masks_are_left_out(self) -> None:
        model = self.only(
            self.read("""
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.embed = nn.Embedding(50, 16)
                    self.layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)
                    self.head = nn.Linear(16, 50)
                def forward(self, tokens, src_mask, src_key_padding_mask):
                    return self.head(self.layer(self.embed(tokens), src_mask, src_key_padding_mask))
            """)
        )
        self.assertEqual(self.inputs(model), [([2, 16], 'int', 'guessed')])
        self.assertIn('`src_mask`, `src_key_padding_mask`', model['guesses'][0]['message'])
        self.assertEqual(self.line(model['guesses'][0]['span']), 5)

    def test_what_every_tensor_has_takes_nothing_apart(self) -> None:
        model = self.only(
            self.read("""
            # gradient-lens: input=(6,)
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.layer = nn.Linear(6, 3)
                def forward(self, x):
                    noise = torch.rand(x.shape, dtype=x.dtype)
                    return self.layer(x.mul(noise))
            """)
        )
        self.assertEqual(self.inputs(model), [([2, 6], 'float', 'declared')])

    def test_a_mask_that_the_model_needs_is_an_input(self) -> None:
        model = self.only(
            self.read("""
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.a, self.b = nn.Linear(6, 3), nn.Linear(6, 3)
                def forward(self, x, mask):
                    return self.a(x) * self.b(mask)
            """)
        )
        self.assertEqual(self.inputs(model), [([2, 6], 'float', 'solved')] * 2)
        self.assertEqual(model['guesses'], [])

    def test_fields_of_an_object_are_inputs(self) -> None:
        model = self.only(
            self.read("""
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.embed = nn.Embedding(50, 16)
                    self.head = nn.Linear(32, 3)
                def forward(self, batch):
                    batch.label
                    return self.head(torch.cat([self.embed(batch.premise).mean(1), self.embed(batch.hypothesis).mean(1)], 1))
            """)
        )
        names = [item['name'] for item in model['graph']['inputs']]
        self.assertEqual(names, ['batch.label', 'batch.premise', 'batch.hypothesis'])
        self.assertEqual(self.inputs(model)[1:], [([2, 16], 'int', 'guessed')] * 2)

    def test_keys_and_parts_are_inputs(self) -> None:
        model = self.only(
            self.read("""
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.image, self.text = nn.Conv2d(3, 4, 3), nn.Linear(7, 4)
                def forward(self, batch, pair):
                    one, other = pair
                    picture = self.image(batch['image']).mean((2, 3))
                    return picture + self.text(one) + self.text(other)
            """)
        )
        shapes = [shape for shape, _, _ in self.inputs(model)]
        self.assertEqual(shapes, [[2, 3, 32, 32], [2, 7], [2, 7]])

    def test_an_object_that_the_file_hands_over(self) -> None:
        model = self.only(
            self.read("""
            from dataclasses import dataclass

            @dataclass
            class Pair:
                left: torch.Tensor
                right: torch.Tensor
                scale: float = 2.0

            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.f = nn.Linear(5, 2)
                def forward(self, pair):
                    return self.f(pair.left + pair.right) * pair.scale

            Net()(Pair(torch.randn(3, 5), torch.randn(3, 5)))
            """)
        )
        self.assertEqual(self.inputs(model), [([2, 5], 'float', 'observed')] * 2)
        self.assertEqual([item['name'] for item in model['graph']['inputs']], ['pair.left', 'pair.right'])

    def test_steps_before_examples(self) -> None:
        """Seven steps of seven examples would fit by mere chance."""
        model = self.only(
            self.read("""
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.embed, self.rnn, self.head = nn.Embedding(9, 4), nn.LSTM(4, 5), nn.Linear(5, 2)
                def forward(self, tokens):
                    return self.head(self.rnn(self.embed(tokens))[1][0][-1])
            """)
        )
        self.assertEqual(self.inputs(model), [([16, 2], 'int', 'guessed')])

    def test_an_input_that_no_layer_takes_is_a_guess(self) -> None:
        model = self.only(
            self.read("""
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.f = nn.Linear(6, 3)
                def forward(self, x, y):
                    return self.f(x).sum(1) + y.sum(1)
            """)
        )
        self.assertEqual(self.inputs(model), [([2, 6], 'float', 'solved'), ([2, 6], 'float', 'guessed')])


class Settings(ReadingCase):
    NET = """
    import unknown
    class Net(nn.Module):
        def __init__(self, args):
            super().__init__()
            self.args = args
            self.embed = nn.Embedding(args.n_vocab, args.width)
            self.head = nn.Linear(args.width, args.d_out)
        def forward(self, x):
            return self.head(self.embed(x))
    """

    def test_unknown_values_of_a_namespace_are_assumed_where_they_are_asked_for(self) -> None:
        for kind in ('argparse.Namespace(width=8)', 'types.SimpleNamespace(width=8)', 'Own()'):
            with self.subTest(kind=kind):
                model = self.only(
                    self.read(
                        'import argparse, types\nclass Own:\n    width = 8\n',
                        self.NET,
                        f"""
                        args = {kind}
                        args.n_vocab, args.d_out, args.num_layers = len(unknown.vocab), unknown.labels, unknown.layers
                        net = Net(args)
                        """,
                    )
                )
                told = [guess['message'] for guess in model['guesses']]
                self.assertIn('`n_vocab` of `Net` comes from `len(unknown.vocab)`', told[0])
                self.assertIn('`d_out` of `Net` comes from `unknown.labels`', told[1])
                self.assertFalse([message for message in told if 'num_layers' in message], told)

    def test_known_namespaces_stay_as_they_are(self) -> None:
        text = """
        import argparse
        args = argparse.Namespace(width=8, n_vocab=20, d_out=4)
        net = Net(args)
        assert net.args is args
        net(torch.ones(2, 3, dtype=torch.long))
        """
        result = self.read(self.NET, text)
        self.assertEqual(result['problems'], [])
        self.assertEqual(self.only(result)['guesses'], [])
