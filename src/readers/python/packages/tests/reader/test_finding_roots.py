"""What counts as a model of its own, and what is said of one that cannot be measured."""

from __future__ import annotations

from .reading_case import ReadingCase

POLICY = """
    class Policy(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(4, 2)

        def forward(self, x):
            return self.layer(x)
"""


class Roots(ReadingCase):
    def test_a_model_inside_an_agent_is_a_root(self) -> None:
        agent = """
            class Agent:
                def __init__(self, world):
                    self.policy = Policy().cuda()
        """
        self.assertEqual(self.entries(self.read(POLICY, agent)), ['Policy()'])

    def test_a_model_inside_a_model_is_a_part(self) -> None:
        around = """
            class Around(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.policy = Policy()

                def forward(self, x):
                    return self.policy(x)
        """
        self.assertEqual(self.entries(self.read(POLICY, around)), ['Around()'])

    def test_a_class_that_a_model_only_asks_for_is_no_part_of_it(self) -> None:
        around = """
            class Around(nn.Module):
                def __init__(self, inner=None):
                    super().__init__()
                    assert inner is None or isinstance(inner, Policy)
                    self.layer = nn.Linear(4, 4)

                def forward(self, x):
                    return self.layer(x)
        """
        self.assertEqual(self.entries(self.read(POLICY, around)), ['Policy()', 'Around()'])

    def test_a_model_of_frozen_weights_is_read_as_frozen(self) -> None:
        text = """
            class Features(nn.Module):
                def __init__(self, train=False):
                    super().__init__()
                    self.layer = nn.Linear(4, 2)
                    for parameter in self.parameters():
                        parameter.requires_grad = train

                def forward(self, x):
                    return self.layer(x)
        """
        graph = self.only(self.read(text))['graph']
        self.assertEqual([item['trainable'] for item in graph['parameters']], [False, False])
        helped = text.replace('            class', '            # gradient-lens: args=(train=True)\n            class')
        self.assertEqual(self.only(self.read(helped))['entry'], 'Features(train=True)')

    def test_a_model_that_its_script_freezes_is_read(self) -> None:
        script = """
            model = Policy()
            for parameter in model.parameters():
                parameter.requires_grad = False
            model(torch.zeros(2, 4))
        """
        graph = self.only(self.read(POLICY, script))['graph']
        self.assertEqual({item['trainable'] for item in graph['parameters']}, {False})

    def test_a_builder_that_divides_sizes_is_told_how_to(self) -> None:
        text = """
            class Net(nn.Module):
                def __init__(self, width):
                    super().__init__()
                    self.body = nn.Conv2d(3, width / 4, 1)

                def forward(self, x):
                    return self.body(x)

            def net():
                return Net(200)
        """
        [model] = self.read(text)['models']
        self.assertEqual(self.line(model['unread']['span']), 8)
        self.assertIn('write `//`', model['unread']['message'])
        self.assertEqual(self.only(self.read(text.replace('width / 4', 'width // 4')))['entry'], 'net()')

    def test_a_model_on_an_unknown_base_says_so(self) -> None:
        text = """
            from nowhere import Mixin, Pretrained

            class Data(Pretrained):
                def __len__(self):
                    return 3

            class Net(Pretrained, Mixin):
                def __init__(self, config):
                    super().__init__(config)
                    self.layer = nn.Linear(4, 2)

                def forward(self, x):
                    return self.layer(x)
        """
        result = self.read(text)
        self.assertEqual(result['problems'], [])
        [model] = result['models']
        self.assertEqual((model['unread']['code'], self.line(model['unread']['span'])), ('unknown-base', 11))
        self.assertIn('`Net` stands on `nowhere.Pretrained`', model['unread']['message'])
