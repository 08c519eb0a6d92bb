"""Models that are given their hidden state with their input."""

from __future__ import annotations

from .reading_case import ReadingCase

LANGUAGE = """
    class Language(nn.Module):
        def __init__(self, words=50, width=12, cell='LSTM'):
            super().__init__()
            self.width, self.cell = width, cell
            self.table = nn.Embedding(words, width)
            self.core = getattr(nn, cell)(width, width, 2{options})
            self.head = nn.Linear(width, words)

        def forward(self, words, hidden):
            out, hidden = self.core(self.table(words), hidden)
            return self.head(out), hidden

        def init_hidden(self, size):
            weight = next(self.parameters())
            zeros = weight.new_zeros(2, size, self.width)
            return (zeros, weight.new_zeros(2, size, self.width)) if self.cell == 'LSTM' else zeros
"""


class States(ReadingCase):
    def test_the_model_makes_its_own_state(self) -> None:
        model = self.only(self.read(LANGUAGE.format(options='')))
        self.assertEqual(
            self.inputs(model),
            [([16, 2], 'int', 'guessed'), ([2, 2, 12], 'float', 'solved'), ([2, 2, 12], 'float', 'solved')],
        )
        self.assertEqual(model['graph']['inputs'][1]['reason'], '`init_hidden(2)` of the model gives it.')
        self.assertEqual(model['graph']['inputs'][0]['high'], 50)

    def test_the_batch_may_come_first(self) -> None:
        text = LANGUAGE.format(options=', batch_first=True').replace("cell='LSTM'", "cell='GRU'")
        model = self.only(self.read(text, batch=3))
        self.assertEqual([shape for shape, _, _ in self.inputs(model)], [[3, 16], [2, 3, 12]])

    def test_cells_take_one_step(self) -> None:
        model = self.only(
            self.read("""
                class Step(nn.Module):
                    def __init__(self):
                        super().__init__()
                        self.cell = nn.GRUCell(5, 8)
                        self.head = nn.Linear(8, 2)

                    def forward(self, x, state):
                        state = self.cell(x, state)
                        return self.head(state), state

                    def initHidden(self, batch):
                        return torch.zeros(batch, 8)
            """)
        )
        self.assertEqual([shape for shape, _, _ in self.inputs(model)], [[2, 5], [2, 8]])

    def test_a_state_that_no_method_makes_is_solved_or_asked_for(self) -> None:
        text = LANGUAGE.format(options='').replace('init_hidden', 'other')
        result = self.read(text)
        self.assertEqual(result['models'][0]['unread']['code'], 'needs-input')
