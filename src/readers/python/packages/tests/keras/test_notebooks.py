"""Files that use one variable for one model after another, as notebooks do."""

from __future__ import annotations

import textwrap
import unittest
from typing import Any

from tests.reader.reading_case import ReadingCase

HEAD = 'import numpy as np\nimport keras\nfrom keras import layers\n'


class Notebooks(ReadingCase):
    def keras(self, text: str, **request: Any) -> Any:
        return self.read_files({'m.py': HEAD + textwrap.dedent(text)}, 'm.py', **request)

    def weights(self, model: Any) -> list[list[int]]:
        return [item['shape'] for item in model['graph']['parameters']]

    def test_each_model_that_a_variable_held_is_found(self) -> None:
        text = '''
            model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
            model.compile(loss="mse")
            model = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
            model.compile(loss="mae")
            model = keras.Sequential([keras.Input((4,)), layers.Dense(5)])
        '''
        result = self.keras(text)
        self.assertEqual(self.entries(result), ['model#1', 'model#2', 'model'])
        self.assertEqual({model['name'] for model in result['models']}, {'model'})
        self.assertEqual([self.weights(model)[0] for model in result['models']], [[4, 2], [4, 3], [4, 5]])
        losses = [(model['graph']['recipe']['loss'] or {}).get('kind') for model in result['models']]
        self.assertEqual(losses, ['mse', 'mae', None])
        again = self.only(self.keras(text, entry='model#2'))
        self.assertEqual(self.weights(again)[0], [4, 3])

    def test_an_assignment_that_fails_does_not_leave_the_model_before(self) -> None:
        result = self.keras('''
            model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
            model.compile(loss="mse")
            model = keras.Sequential([keras.Input((4,)), layers.Dense(units=1 / 0)])
            model.compile(loss="mae")
        ''')
        self.assertEqual(self.only(result)['graph']['recipe']['loss']['kind'], 'mse')

    def test_what_hangs_on_something_unknown_is_told_at_the_model(self) -> None:
        result = self.keras('''
            import somewhere
            base = somewhere.load("base")
            model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
            inputs = keras.Input((4,))
            model = keras.Model(inputs, layers.Dense(3)(base(inputs)))
            model.compile(loss="mae")
        ''')
        self.assertEqual(self.entries(result), ['model', 'model#2'])
        unread = result['models'][1]['unread']
        self.assertEqual((unread['code'], self.line(unread['span'])), ('unknown-layer', 9))
        self.assertIn('`somewhere.load(...)(...)`', unread['message'])
        self.assertEqual(result['problems'], [])

    def test_a_model_that_lacks_a_layer_is_not_taken_for_whole(self) -> None:
        result = self.keras('''
            import somewhere
            model = keras.Sequential([keras.Input((4,))])
            model.add(somewhere.Layer())
            model.add(layers.Dense(2))
        ''')
        unread = result['models'][0]['unread']
        self.assertEqual((unread['code'], self.line(unread['span'])), ('unknown-layer', 7))

    def test_a_chain_of_layers_that_breaks_off_is_not_carried_on(self) -> None:
        result = self.keras('''
            inputs = x = keras.Input((4,))
            for width in (3, 5, "wide", 7):
                x = layers.Dense(width)(x)
            model = keras.Model(inputs, layers.Dense(1)(x))
        ''')
        self.assertEqual([model['graph'] for model in result['models']], [None])

    def test_a_builder_called_again_is_one_definition(self) -> None:
        result = self.keras('''
            def build():
                model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
                model.compile(loss="mse")
                return model
            for fold in range(4):
                model = build()
                model.fit(np.zeros((10, 4)), np.zeros((10, 2)))
            model = build()
        ''')
        self.assertEqual(self.only(result)['name'], 'build')

    def test_a_look_into_a_model_is_no_model_of_its_own(self) -> None:
        result = self.keras('''
            model = keras.Sequential([keras.Input((4,)), layers.Dense(2), layers.Dense(3)])
            probe = keras.Model(model.inputs, [layer.output for layer in model.layers])
            longer = keras.Model(model.inputs, layers.Dense(7)(model.layers[0].output))
        ''')
        self.assertEqual(self.entries(result), ['model', 'longer'])

    def test_sizes_that_hang_on_data_are_assumed_and_said(self) -> None:
        result = self.keras('''
            text = open("novel.txt").read()
            letters = sorted(set(text))
            model = keras.Sequential()
            model.add(layers.LSTM(8, input_shape=(20, len(letters))))
            model.add(layers.Dense(len(letters), activation="softmax"))
        ''')
        model = self.only(result)
        width = self.inputs(model)[0][0][2]
        self.assertEqual(self.weights(model)[-1], [width])
        self.assertEqual([self.line(guess['span']) for guess in model['guesses']], [8, 9])
        self.assertIn('`len(', model['guesses'][0]['message'])

    def test_names_that_a_text_leaves_open_are_assumed(self) -> None:
        result = self.keras('''
            inputs = keras.Input((height, width, channels))
            x = layers.GlobalAveragePooling2D()(layers.Conv2D(8, 3)(inputs))
            model = keras.Model(inputs, layers.Dense(num_classes)(x))
        ''')
        model = self.only(result)
        self.assertEqual(self.inputs(model)[0][0][3], 3)
        self.assertEqual(self.weights(model)[-1], [10])
        self.assertEqual(len(model['guesses']), 4)

    def test_a_class_that_only_trains_leaves_its_models_to_be_read(self) -> None:
        result = self.keras('''
            class Gan(keras.Model):
                def __init__(self, judge, maker):
                    super().__init__()
                    self.judge, self.maker = judge, maker
                def train_step(self, real):
                    self.judge(keras.ops.concatenate([self.maker(keras.random.normal((4, 2))), real], axis=0))
                    return {"loss": keras.losses.mse(real, real)}
            judge = keras.Sequential([layers.Dense(1)], name="judge")
            maker = keras.Sequential([layers.Dense(6)], name="maker")
            gan = Gan(judge, maker)
            gan.compile()
            gan.fit(np.zeros((20, 6), dtype="float32"), batch_size=4)
        ''')
        shapes = {model['name']: self.weights(model)[0] for model in result['models'] if model['graph']}
        self.assertEqual(shapes, {'judge': [6, 1], 'maker': [2, 6]})
        unread = next(model['unread'] for model in result['models'] if model['unread'])
        self.assertIn('`Gan` has no `call`', unread['message'])

    def test_a_subclass_made_of_inputs_and_outputs_stands_where_it_is_made(self) -> None:
        result = self.keras('''
            class Custom(keras.Model):
                def train_step(self, data):
                    return {}
            inputs = keras.Input((4,))
            model = Custom(inputs, layers.Dense(2)(inputs))
            model = Custom(inputs, layers.Dense(3)(inputs))
        ''')
        self.assertEqual([(item['entry'], self.line(item['span'])) for item in result['models']], [('model#1', 9), ('model', 10)])

    def test_a_search_builds_its_model_with_the_first_values(self) -> None:
        model = self.only(self.keras('''
            import keras_tuner as kt
            def build(hp):
                model = keras.Sequential([layers.Dense(hp.Int("units", 16, 64, step=16), hp.Choice("act", ["relu", "tanh"])), layers.Dense(2)])
                model.compile(loss="mse")
                return model
            tuner = kt.RandomSearch(build, objective="val_loss")
            tuner.search(np.zeros((20, 6)), np.zeros((20, 2)), epochs=3)
        '''))
        self.assertEqual((self.weights(model)[0], model['guesses']), ([6, 16], []))

    def test_loops_over_numbers_end(self) -> None:
        result = self.keras('''
            x = np.zeros((200, 100))
            for _ in range(100000):
                for i in range(200):
                    for j in range(100):
                        x[i, j] = x[i, j] + 1
            model = keras.Sequential([keras.Input((100,)), layers.Dense(2)])
        ''')
        self.only(result)

    def test_blanks_of_a_page_are_blanks(self) -> None:
        self.only(self.keras('model = keras.Sequential(\n\u00a0\u00a0[keras.Input((4,)),\u00a0layers.Dense(2)])\n'))

    def test_a_search_space_that_no_tuner_builds(self) -> None:
        text = '''
            import keras_tuner as kt
            class Space(kt.HyperModel):
                def __init__(self, classes):
                    self.classes = classes
                def build(self, hp):
                    units = hp.Int("units", min_value=16, max_value=64, step=16)
                    model = keras.Sequential([keras.Input((4,)), layers.Dense(units), layers.Dense(self.classes)])
                    model.compile(loss="mse")
                    return model
            space = Space(classes=3)
        '''
        model = self.only(self.keras(text))
        self.assertEqual((model['name'], model['entry'], self.line(model['span'])), ('Space', 'space', 6))
        self.assertEqual(self.weights(model), [[4, 16], [16], [16, 3], [3]])
        self.assertEqual(self.weights(self.only(self.keras(text, entry='space'))), self.weights(model))

    def test_a_name_without_a_value_says_how_to_give_it_one(self) -> None:
        result = self.keras('''
            inputs = keras.Input((4,))
            model = keras.Model(inputs, layers.Dense(2)(Encoder(8)(inputs)))
        ''')
        self.assertIn('`Encoder`: this file gives it no value here. Define or import it', result['models'][0]['unread']['message'])

    def test_a_part_whose_statement_failed_is_told_with_its_reason(self) -> None:
        result = self.keras('''
            base = keras.Sequential([keras.Input((4, 4, 3)), layers.Conv2D(8, 7)])
            model = keras.Sequential([base, layers.Flatten(), layers.Dense(2)])
            model.compile(loss="mse")
        ''')
        unread = next(model['unread'] for model in result['models'] if model['entry'] == 'model')
        self.assertIn('`base` goes into this model, and the statement that makes it fails:', unread['message'])
        self.assertEqual([self.line(item['span']) for item in unread['related']], [5])

    def test_lists_of_numbers_are_fed_as_one_array(self) -> None:
        result = self.keras('''
            from keras.optimizers import adam_v2
            model = keras.Sequential([layers.Dense(3), layers.Dense(1, activation="sigmoid")])
            model.compile(loss="binary_crossentropy", optimizer=adam_v2.Adam(learning_rate=0.02))
            model.fit([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
        ''')
        model = self.only(result)
        self.assertEqual((self.inputs(model)[0][0], self.inputs(model)[0][2]), ([2, 2], 'observed'))
        self.assertEqual(model['graph']['recipe']['optimiser']['learningRate'], 0.02)


if __name__ == '__main__':
    unittest.main()
