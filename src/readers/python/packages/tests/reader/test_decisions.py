"""Decisions that hang on something unknown are read one way, and the models that hang on them are told to be guesses."""

from typing import Any

from .reading_case import ReadingCase

STORE = """
from settings_store import load
config = load('x')
"""

NET = """
class Net(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        {made}

    def forward(self, x):
        {done}
        return self.last(x)
"""

PLAIN = 'self.last = nn.Linear(8, 8)'
SIZED = NET.format(made='self.first = nn.Linear(8, width); self.last = nn.Linear(width, 8)', done='x = self.first(x)')
CALL = 'net = Net()\nnet(torch.randn(4, 8))\n'


class DecisionsTest(ReadingCase):
    def guessed(self, *text: str) -> Any:
        """The only guess of the only model."""
        model = self.only(self.read(*text))
        self.assertEqual(len(model['guesses']), 1, (model['guesses'], text[2:]))
        [guess] = model['guesses']
        self.assertEqual(model['graph']['guesses'], model['guesses'])
        self.assertIn('# gradient-lens: args=', guess['message'])
        return guess

    def certain(self, *text: str) -> Any:
        model = self.only(self.read(*text))
        self.assertEqual(model['guesses'], [])
        return model

    # ---- inside a model ----

    def test_constructors(self) -> None:
        for made in (
            'self.last = nn.Linear(8, 8) if config["deep"] else nn.Identity()',
            f'{PLAIN}; self.skip = config["skip"] > 3',
            f'{PLAIN}; self.skip = 1 if config["skip"] == "yes" else 2',
            f'{PLAIN}; self.skip = 1 if "skip" in config else 2',
            f'{PLAIN}; self.skip = max(3, config["skip"])',
            f'{PLAIN}; self.skip = 3 if not config["skip"] else 4',
        ):
            if '> 3' in made:
                # It stays unknown, and is asked in the forward pass.
                done = 'x = x + 1 if self.skip else x'
            else:
                done = 'pass'
            guess = self.guessed(STORE, NET.format(made=made, done=done), CALL)
            self.assertIn('config', guess['message'].replace("load(...)", 'config'), made)

    def test_says_which_way_and_where(self) -> None:
        guess = self.guessed(STORE, NET.format(made=PLAIN, done='if config["a"] > 2:\n            x = torch.tanh(x)'), CALL)
        self.assertIn("`settings_store.load(...)['a'] > 2` is not known here; this is read as if it did not hold.", guess['message'])
        self.assertEqual(self.line(guess['span']), 14)

    def test_types_of_unknown_values(self) -> None:
        for question in (
            'if isinstance(config["n"], list):\n            self.last = nn.Identity()',
            'self.skip = 3 if isinstance(config["n"], (list, tuple)) else 4',
            'from collections.abc import Sequence\n        if not isinstance(config["n"], Sequence):\n            self.skip = 3',
            'match config["n"]:\n            case list():\n                self.last = nn.Identity()',
        ):
            guess = self.guessed(STORE, NET.format(made=f'{PLAIN}\n        {question}', done='pass'), CALL)
            self.assertIn("The type of `settings_store.load(...)['n']` is not known here", guess['message'], question)
        done = 'if isinstance(config["n"], str):\n            x = torch.tanh(x)'
        self.assertEqual(self.line(self.guessed(STORE, NET.format(made=PLAIN, done=done), CALL)['span']), 14)

    def test_types_that_do_not_matter(self) -> None:
        for made in (
            f'{PLAIN}\n        if isinstance(config["n"], str):\n            print(config["n"])',
            f'{PLAIN}\n        if isinstance(config["n"], str):\n            raise TypeError("text")',
            f'{PLAIN}\n        if isinstance(width, list):\n            self.skip = 3',
        ):
            self.certain(STORE, NET.format(made=made, done='pass'), CALL)

    def test_reports_do_not_matter(self) -> None:
        self.certain(STORE, NET.format(made=PLAIN, done='if config["verbose"]:\n            print(x.shape)'), CALL)

    def test_checks_pass(self) -> None:
        for check in ('assert config["a"] == 3', 'assert not config["a"]', 'if config["a"] != 3:\n            raise ValueError("a")'):
            self.certain(STORE, NET.format(made=f'{PLAIN}\n        {check}', done=check), CALL)

    def test_a_value_or_another_stays_unknown(self) -> None:
        [model] = self.read(STORE, NET.format(made='self.last = nn.Linear(8, config["n"] or 4)', done='pass'), CALL)['models']
        self.assertIsNone(model['graph'])
        self.assertIn("load(...)['n']", model['unread']['message'])

    # ---- around a model ----

    def test_arguments(self) -> None:
        for script in (
            'width = 16 if config["wide"] else 4\nnet = Net(width)\n',
            'width = 4\nif config["wide"] > 1:\n    width = 16\nnet = Net(width)\n',
            'class C:\n    def __init__(self):\n        self.w = 4\n        if config["w"]:\n            self.w = 16\n'
            'c = C()\nnet = Net(c.w)\n',
            'def size():\n    if config["wide"]:\n        return 16\n    return 4\nn = size()\nm = n + 1\nnet = Net(m)\n',
            'if config["wide"]:\n    net = Net(16)\nelse:\n    net = Net(4)\n',
            'def build():\n    w = 4\n    if config["w"]:\n        w = 16\n    return Net(w)\nnet = build()\n',
        ):
            self.guessed(STORE, SIZED, script, 'net(torch.randn(4, 8))\n')

    def test_parts_of_a_container(self) -> None:
        self.guessed(
            STORE,
            'layers = [nn.Linear(8, 8)]\nif config["norm"] == "batch":\n    layers.append(nn.BatchNorm1d(8))\n'
            'net = nn.Sequential(*layers)\nnet(torch.randn(4, 8))\n',
        )

    def test_changes_after_the_making(self) -> None:
        self.guessed(STORE, SIZED, 'net = Net()\nif config["head"]:\n    net.last = nn.Linear(8, 3)\nnet(torch.randn(4, 8))\n')

    def test_keras(self) -> None:
        self.guessed(
            'import keras\nfrom keras import layers\n', STORE,
            'net = keras.Sequential([keras.Input((8,)), layers.Dense(8)])\nif config["deep"]:\n    net.add(layers.Dense(4))\n',
        )  # fmt: skip
        self.guessed(
            'import keras\nfrom keras import layers\n', STORE,
            'x = a = keras.Input((8,))\nif config["deep"]:\n    x = layers.Dense(4)(x)\nnet = keras.Model(a, layers.Dense(2)(x))\n',
        )  # fmt: skip

    def test_guesses_about_a_part_are_told_of_the_whole(self) -> None:
        self.guessed(
            STORE, SIZED, 'part = Net(16 if config["wide"] else 4)\nnet = nn.Sequential(part, nn.Tanh())\nnet(torch.randn(4, 8))\n'
        )

    def test_what_does_not_hang_on_it(self) -> None:
        for script in (
            'if config["verbose"]:\n    print("x")\nnet = Net()\n',
            'if config["seed"]:\n    seed = 3\nnet = Net()\n',
            'net = Net()\nif config["gpu"]:\n    net.cuda()\n',
            'net = Net()\nif config["resume"]:\n    start = net.load_state_dict(config["state"])\n',
            'def log():\n    if config["x"]:\n        y = 3\nlog()\nnet = Net()\n',
        ):
            self.certain(STORE, SIZED, script, 'net(torch.randn(4, 8))\n')

    # ---- loops ----

    def test_while(self) -> None:
        for made, done in (
            ('layers = []\n        i = 0\n        while i < config["n"]:\n            layers.append(nn.Linear(8, 8)); i += 1\n'
             f'        self.layers = nn.Sequential(*layers); {PLAIN}', 'x = self.layers(x)'),
            (PLAIN, 'i = 0\n        while i < config["n"]:\n            x = torch.tanh(x); i += 1'),
            (PLAIN, 'while not config["done"]:\n            x = torch.tanh(x)'),
        ):  # fmt: skip
            [model] = self.read(STORE, NET.format(made=made, done=done), CALL)['models']
            self.assertIsNone(model['graph'], made)
            self.assertIn('load(...)', model['unread']['message'])

    def test_a_while_runs_once(self) -> None:
        for loop in (
            'while config["on"]:', 'while config["step"] < 10:', 'while not config["done"]:',
            'while config["a"] and not config["b"]:', 'while config["a"] or config["b"]:',
        ):  # fmt: skip
            result = self.read(STORE, SIZED, f'net = Net()\n{loop}\n    net(torch.randn(4, 8))\n')
            self.assertEqual(self.inputs(self.only(result)), [([2, 8], 'float', 'observed')], loop)

    def test_a_while_that_is_left(self) -> None:
        for leave in ('break', 'raise StopIteration'):
            script = f'try:\n    while config["on"]:\n        {leave}\nexcept StopIteration:\n    pass\nnet = Net()\n'
            self.certain(STORE, SIZED, script, 'net(torch.randn(4, 8))\n')
            inside = f'def f():\n    while config["on"]:\n        {leave}\n    return Net()\n'
            if leave == 'break':
                self.certain(STORE, SIZED, inside, 'net = f()\nnet(torch.randn(4, 8))\n')

    def test_lists_of_unknown_length(self) -> None:
        for items in (
            'list(config["n"])', 'sorted(config["n"])', 'tuple(range(config["n"]))', 'reversed(config["n"])',
            'list(range(config["n"]))[1:]', 'set(config["n"])', 'list(enumerate(config["n"]))',
        ):  # fmt: skip
            made = f'self.layers = nn.ModuleList([nn.Linear(8, 8) for _ in {items}]); {PLAIN}'
            [model] = self.read(STORE, NET.format(made=made, done='pass'), CALL)['models']
            self.assertIsNone(model['graph'], items)
            self.assertIn("load(...)['n']", model['unread']['message'])

    def test_numbers_of_unknown_count(self) -> None:
        made = (
            'dims = [8 for _ in range(config["n"])]\n        self.layers = nn.ModuleList([nn.Linear(8, d) for d in dims])\n'
            f'        {PLAIN}'
        )
        [model] = self.read(STORE, NET.format(made=made, done='for l in self.layers:\n            x = l(x)'), CALL)['models']
        self.assertTrue(model['unread'] or model['guesses'])
