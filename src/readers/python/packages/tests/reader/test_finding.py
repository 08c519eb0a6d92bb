"""Which models a file has, and what they are called."""

import unittest

from .reading_case import ReadingCase

NET = """
class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layer = nn.Linear(width, width)

    def forward(self, x):
        return torch.relu(self.layer(x))


class Net(nn.Module):
    def __init__(self, n_in=6, width=8, depth=2):
        super().__init__()
        self.first = nn.Linear(n_in, width)
        self.blocks = nn.Sequential(*[Block(width) for _ in range(depth)])

    def forward(self, x):
        return self.blocks(self.first(x))
"""


class FindingTest(ReadingCase):
    def test_class_with_defaults(self) -> None:
        result = self.read(NET)
        model = self.only(result)
        self.assertEqual((model['name'], model['entry']), ('Net', 'Net()'))
        self.assertEqual(self.inputs(model), [([2, 6], 'float', 'solved')])
        self.assertEqual(self.line(model['span']), 14)
        self.assertEqual(model['span']['range']['start']['character'], 6)
        self.assertEqual(result['problems'], [])

    def test_main_guard_shows_arguments_inputs_loss_and_optimiser(self) -> None:
        model = self.only(self.read(NET + """
def main():
    net = Net(width=12, depth=3)
    adam = torch.optim.AdamW(net.parameters(), lr=3e-4)
    criterion = nn.MSELoss()
    for epoch in range(1000):
        x, y = torch.randn(16, 6), torch.randn(16, 12)
        loss = criterion(net(x), y)
        adam.zero_grad()
        loss.backward()
        adam.step()

if __name__ == '__main__':
    main()
"""))
        self.assertEqual(model['entry'], 'Net(width=12, depth=3)')
        self.assertEqual(self.inputs(model), [([2, 6], 'float', 'observed')])
        recipe = model['graph']['recipe']
        self.assertEqual(recipe['loss']['kind'], 'mse')
        self.assertEqual(self.line(recipe['loss']['span']), 29)
        self.assertEqual((recipe['optimiser']['name'], recipe['optimiser']['learningRate']), ('AdamW', 3e-4))

    def test_entry_is_given_back(self) -> None:
        text = NET + "\nif __name__ == '__main__':\n    net = Net(depth=1)\n    net.apply(lambda m: None)\n    net(torch.ones(5, 6))\n"
        first = self.only(self.read(text))
        again = self.only(self.read(text, entry=first['entry']))
        self.assertEqual(first['graph'], again['graph'])
        other = self.only(self.read(text, entry='Net(n_in=3, width=4)', batch=5))
        self.assertEqual(self.inputs(other), [([5, 3], 'float', 'solved')])
        self.assertEqual(other['entry'], 'Net(n_in=3, width=4)')

    def test_entry_with_inputs(self) -> None:
        model = self.only(self.read(NET, entry='Net()', inputs=[{'shape': [3, 7, 6], 'kind': 'float'}]))
        self.assertEqual(self.inputs(model), [([3, 7, 6], 'float', 'declared')])

    def test_entry_that_fails(self) -> None:
        result = self.read(NET, entry='Nett()')
        self.assertIn('Nett', result['models'][0]['unread']['message'])
        result = self.read(NET, entry='3 + 4')
        self.assertEqual([item['code'] for item in result['problems']], ['bad-entry'])

    def test_variables_and_sequentials(self) -> None:
        result = self.read("""
        net = nn.Sequential(
            nn.Linear(4, 8), nn.Tanh(),
            nn.Linear(8, 1),
        )
        head = net[2]
        """)
        model = self.only(result)
        self.assertEqual((model['name'], model['entry'], self.line(model['span'])), ('net', 'net', 5))

    def test_factories(self) -> None:
        result = self.read(NET + """
def small(**options):
    return Net(width=4, **options)

def wide(width=32):
    net = Net(width=width)
    return net

def needs(something):
    return Net(width=something)

def helper():
    return 3
""")
        self.assertEqual(sorted(self.entries(result)), ['small()', 'wide()'])
        self.assertEqual(sorted(model['name'] for model in result['models']), ['small', 'wide'])
        again = self.only(self.read(NET + 'def wide(width=32):\n    return Net(width=width)\n', entry='wide()'))
        self.assertEqual(again['graph']['values'][-1]['shape'], [2, 32])

    def test_factory_used_by_the_script_is_spelled_with_its_arguments(self) -> None:
        result = self.read(NET + """
def build(width=32, **more):
    return Net(width=width, **more)

if __name__ == '__main__':
    model = [build(16, depth=1)]
    model[0](torch.zeros(3, 6))
""")
        self.assertEqual(self.entries(result), ['build(width=16, depth=1)'])

    def test_modules_among_the_arguments(self) -> None:
        result = self.read("""
        class Encoder(nn.Module):
            def __init__(self, size=5):
                super().__init__()
                self.f = nn.Linear(size, 3)
            def forward(self, x):
                return self.f(x)

        class Pair(nn.Module):
            def __init__(self, encoder, act=nn.ReLU):
                super().__init__()
                self.encoder, self.act = encoder, act()
            def forward(self, left, right):
                return self.act(self.encoder(left) - self.encoder(right))

        def run():
            pair = Pair(Encoder(size=4), nn.Tanh)
            return pair(torch.randn(8, 4), torch.randn(8, 4)).mean()

        if __name__ == '__main__':
            run()
        """)
        model = self.only(result)
        self.assertEqual(model['entry'], 'Pair(Encoder(size=4), act=nn.Tanh)')
        self.assertEqual([item['name'] for item in model['graph']['inputs']], ['left', 'right'])

    def test_two_instances_are_two_models(self) -> None:
        result = self.read(NET + """
if __name__ == '__main__':
    for net in (Net(), Net(width=5)):
        opt = torch.optim.SGD(net.parameters(), lr=0.1)
        for _ in range(10):
            net(torch.randn(4, 6)).square().mean().backward()
            opt.step()
""")
        # The loop's variable still holds the last one.
        self.assertEqual(sorted(self.entries(result)), ['Net()', 'net'])
        self.assertEqual([self.inputs(model)[0][2] for model in result['models']], ['observed', 'observed'])

    def test_losses_are_no_models(self) -> None:
        result = self.read(NET + """
class Focal(nn.Module):
    def __init__(self, gamma=2.0):
        super().__init__()
        self.gamma = gamma
    def forward(self, logits, target):
        return (F.cross_entropy(logits, target, reduction='none') ** self.gamma).mean()
""")
        self.assertEqual(self.entries(result), ['Net()'])

    def test_example_function_shows_the_inputs(self) -> None:
        result = self.read("""
        class Net(nn.Module):
            def __init__(self, kind, width):
                super().__init__()
                self.f = nn.Sequential(nn.Conv2d(3, width, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, 10))
            def forward(self, x):
                return self.f(x)

        def test():
            net = Net('a', 6)
            y = net(torch.randn(2, 3, 20, 24))
            print(y.size())
        """)
        model = self.only(result)
        self.assertEqual(model['entry'], "Net('a', 6)")
        self.assertEqual(self.inputs(model), [([2, 3, 20, 24], 'float', 'observed')])

    def test_required_arguments_are_guessed_and_said(self) -> None:
        model = self.only(self.read("""
        class Net(nn.Module):
            def __init__(self, in_features, num_classes):
                super().__init__()
                self.f = nn.Linear(in_features, num_classes)
            def forward(self, x):
                return self.f(x)
        """))
        self.assertEqual(model['entry'], 'Net(16, 10)')
        self.assertTrue(any('num_classes=10' in guess['message'] for guess in model['guesses']))

    def test_required_arguments_that_nothing_tells(self) -> None:
        result = self.read("""
        class Net(nn.Module):
            def __init__(self, config):
                super().__init__()
                self.f = nn.Linear(config.a, config.b)
            def forward(self, x):
                return self.f(x)
        """)
        unread = result['models'][0]['unread']
        self.assertEqual((unread['code'], self.line(unread['span'])), ('needs-arguments', 5))
        self.assertIn('# gradient-lens: args=(config=...)', unread['message'])

    def test_call_sites_tell_arguments(self) -> None:
        model = self.only(self.read("""
        WIDTH = 7
        class Net(nn.Module):
            def __init__(self, config, width):
                super().__init__()
                self.f = nn.Linear(width, config['out'])
            def forward(self, x):
                return self.f(x)

        def train(data):
            net = Net({'out': 3}, WIDTH)
            return net(data)
        """))
        self.assertEqual(model['entry'], "Net({'out': 3}, 7)")
        self.assertEqual(model['guesses'], [])

    def test_comment_tells_arguments_and_inputs(self) -> None:
        model = self.only(self.read("""
        # gradient-lens: input=(9,):int<50 args=(50, 4)
        class Net(nn.Module):
            def __init__(self, words, size):
                super().__init__()
                self.e = nn.Embedding(words, size)
                self.f = nn.Linear(size, words)
            def forward(self, ids):
                return self.f(self.e(ids))
        """, batch=3))
        self.assertEqual(self.inputs(model), [([3, 9], 'int', 'declared')])
        self.assertEqual(model['graph']['inputs'][0]['high'], 50)
        self.assertEqual(model['entry'], 'Net(50, 4)')


if __name__ == '__main__':
    unittest.main()
