"""Models whose constructor failed half-way, and builders that take long."""

from gradient_lens_sandbox.time_limit import TimeLimitReached

from .reading_case import ReadingCase

HALF = """
class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first = nn.Linear(6, width)
        self.second = nn.Linear(width, torch.ones(4).histc().numel())

    def forward(self, x):
        return self.second(self.first(x))
"""


class UnfinishedTest(ReadingCase):
    def test_half_a_model_is_not_taken_for_a_whole_one(self) -> None:
        result = self.read(HALF, """
if __name__ == '__main__':
    net = Net(8)
    net(torch.ones(2, 6))
""")
        [model] = result['models']
        self.assertIsNone(model['graph'])
        self.assertIn('Tensor.histc', model['unread']['message'])
        self.assertEqual(self.line(model['unread']['span']), 9)

    def test_a_builder_tells_what_keeps_its_model_from_being_made(self) -> None:
        result = self.read(HALF, '\ndef small():\n    return Net(8)\n')
        [model] = result['models']
        self.assertEqual((model['name'], model['unread']['code']), ('small', 'unknown-layer'))
        self.assertIn('Tensor.histc', model['unread']['message'])

    def test_builders_that_the_time_limit_comes_before_are_left_for_later(self) -> None:
        text = """
class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first = nn.Linear(6, width)

    def forward(self, x):
        return self.first(x)

def first():
    return Net(1)

def slow():
    if slow.limit:
        raise slow.limit
    return Net(2)

def third():
    return Net(3)

def fourth():
    return Net(4)

slow.limit = KeyboardInterrupt()
slow.limit.problem_code = 'timeout'
"""
        result = self.read(text)
        self.assertEqual(self.entries(result), ['first()'])
        self.assertEqual(result['later'], ['slow()', 'third()', 'fourth()'])
        alone = self.only(self.read(text, entry='third()'))
        self.assertEqual(alone['graph']['parameters'][0]['shape'], [3, 6])
        self.assertNotIn('later', self.read(text, entry='third()'))

    def test_the_limit_is_what_the_sandbox_raises(self) -> None:
        self.assertEqual(TimeLimitReached.problem_code, 'timeout')

    def test_long_comprehensions_are_no_endless_loops(self) -> None:
        model = self.only(self.read("""
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        table = [[i / (1 + j) for i in range(1000)] for j in range(300)]
        self.first = nn.Linear(len(table[0]), len(table))

    def forward(self, x):
        return self.first(x)
"""))
        self.assertEqual(model['graph']['parameters'][0]['shape'], [300, 1000])

    def test_endless_loops_still_end(self) -> None:
        result = self.read("""
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        while True:
            [i for i in range(3)]

    def forward(self, x):
        return x
""")
        self.assertEqual(result['models'][0]['unread']['code'], 'timeout')


class BrokenTest(ReadingCase):
    """Statements that do not parse: what hangs on them is never read without them."""

    def test_a_layer_that_does_not_parse_is_not_left_out_of_its_model(self) -> None:
        result = self.read_files(
            {
                'm.py': '''
                    import keras
                    from keras import layers
                    model = keras.Sequential([keras.Input(shape=(12,))])
                    model.add(layers.Dense(24, activation='sigmoid')
                    model.add(layers.Dense(4))


                    def other():
                        net = keras.Sequential([keras.Input(shape=(12,)), layers.Dense(3)])
                        return net
                '''
            },
            'm.py',
        )
        read = {model['name']: model for model in result['models']}
        self.assertIsNotNone(read['other']['graph'])
        self.assertIsNone(read.get('model', {'graph': None})['graph'])
        self.assertEqual([problem['code'] for problem in result['problems']], ['syntax-error'])

    def test_a_torch_module_that_a_broken_statement_names_is_not_read_without_it(self) -> None:
        result = self.read('net = nn.Sequential(nn.Linear(4, 4))\nnet.append(nn.Linear(4, 2)\n')
        [model] = result['models']
        self.assertIsNone(model['graph'])
        self.assertEqual(model['unread']['code'], 'syntax-error')

    def test_a_number_that_does_not_parse_is_not_what_it_was_before(self) -> None:
        result = self.read("""
depth = 3
depth = = 4


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(*[nn.Linear(8, 8) for _ in range(depth)])

    def forward(self, x):
        return self.body(x)


class Plain(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(8, 8)

    def forward(self, x):
        return self.body(x)
""")
        read = {model['name']: model for model in result['models']}
        self.assertIsNone(read['Net']['graph'])
        self.assertIsNotNone(read['Plain']['graph'])
