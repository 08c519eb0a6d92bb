"""`keras.Model`: functional, subclassed, and what trains it."""

from __future__ import annotations

import json
from typing import Any

from gradient_lens.errors import BadArgument, BadType, PartNotMade, ReadError, UnsupportedOp
from gradient_lens.inert import Inert, UnknownValue, first_inert, inert_cause, inert_label, inert_origin
from gradient_lens.spans import here

from .. import losses, optimizers
from .._context import SYMBOLIC_BATCH, context
from .._quiet import Settable
from .._tensor import flatten
from ..layers.layer import Layer
from .feeding import first_batch, first_rows
from .wiring import Wiring
from .written import loss_of_step, run_with_terms


class Model(Layer):
    """A model by its inputs and outputs, or by a subclass with `call`."""

    _wiring: Wiring | None = None
    #: What `compile` was given: a `losses.Compiled`.
    _compiled: losses.Compiled | None = None
    #: Why it has not all the layers that the file gives it: it is told, and never run without them.
    _incomplete: BaseException | None = None

    def __init__(self, *args: Any, inputs: Any = None, outputs: Any = None, name: str | None = None, trainable: bool = True, **kwargs: Any) -> None:
        inputs = args[0] if args else inputs if inputs is not None else kwargs.pop('input', None)
        outputs = args[1] if len(args) > 1 else outputs if outputs is not None else kwargs.pop('output', None)
        name = args[2] if len(args) > 2 else name
        if name is None and type(self) is Model:
            name = context.unique_name('functional')
        super().__init__(name=name, trainable=trainable, **kwargs)
        if inputs is not None and outputs is not None:
            unknown = first_inert((inputs, outputs))
            if unknown is not None:
                raise self._refused(made_of_unknown(unknown))
            self._wire(inputs, outputs)

    def _wire(self, inputs: Any, outputs: Any) -> None:
        self.__dict__['_wiring'] = wiring = Wiring(inputs, outputs)
        self._layers.extend(item for item in wiring.operations if isinstance(item, Layer))
        self.__dict__['built'] = True

    def _refused[E: ReadError](self, error: E) -> E:
        self.__dict__['_incomplete'] = error
        return error

    # ---- running ----

    def run(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if self._incomplete is not None:
            raise self._incomplete
        return super().run(args, kwargs)

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        if self._wiring is None:
            return loss_of_step(self, inputs)
        with context.at([]):
            return run_with_terms(self, self._wiring, inputs)

    @property
    def layers(self) -> list[Layer]:
        return list(self._layers)

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        if index is not None:
            return self.layers[index]
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise BadArgument(f'No such layer: {name}. Existing layers are: {[layer.name for layer in self.layers]}.')

    @property
    def inputs(self) -> Any:
        return None if self._wiring is None else self._wiring.starts

    @property
    def outputs(self) -> Any:
        return None if self._wiring is None else self._wiring.ends

    @property
    def input(self) -> Any:
        return super().input if self._wiring is None else self._wiring.inputs

    @property
    def output(self) -> Any:
        return super().output if self._wiring is None else self._wiring.outputs

    @property
    def input_names(self) -> list[str]:
        return [tensor.name for tensor in self.inputs or []]

    @property
    def output_names(self) -> list[str]:
        return [tensor.name for tensor in self.outputs or []]

    def build(self, input_shape: Any = None) -> None:
        if self._wiring is None and input_shape is not None and not self.__dict__['built'] and not context.scope:
            from .._ops.creation import zeros

            def example(shape: Any) -> Any:
                return zeros([SYMBOLIC_BATCH if n is None else n for n in shape])

            if isinstance(input_shape, dict):
                self({key: example(item) for key, item in input_shape.items()})
            elif input_shape and isinstance(input_shape[0], (list, tuple)):
                self([example(item) for item in input_shape])
            else:
                self(example(input_shape))
        if input_shape is not None and not context.scope:
            self.__dict__['_built_for'] = input_shape
        self.built = True

    # ---- training ----

    def compile(
        self, optimizer: Any = 'rmsprop', loss: Any = None, loss_weights: Any = None, metrics: Any = None,
        weighted_metrics: Any = None, run_eagerly: bool = False, steps_per_execution: int = 1, jit_compile: Any = 'auto',
        auto_scale_loss: bool = True, **_: Any,
    ) -> None:  # fmt: skip
        self.__dict__['_compiled'] = losses.Compiled(
            losses.kinds_of(loss), optimizers.seen(optimizer), here(), without_loss=loss is None
        )
        self.optimizer, self.loss = optimizers.get(optimizer), loss
        self.compiled = True

    def fit(
        self, x: Any = None, y: Any = None, batch_size: int | None = None, epochs: int = 1, verbose: Any = 1, callbacks: Any = None,
        *_: Any, **__: Any,
    ) -> Any:  # fmt: skip
        """Runs the model on the first batch, so that its shapes are seen; nothing is trained here."""
        self._feed(x, y, batch_size)
        self.__dict__['_trained'] = True
        for callback in flatten(callbacks):
            if isinstance(callback, ModelCheckpoint):
                context.saved.keep(callback.filepath, self, callback.save_weights_only)
        return History()

    def fit_generator(self, generator: Any, *_: Any, callbacks: Any = None, **__: Any) -> Any:
        return self.fit(generator, callbacks=callbacks)

    def train_on_batch(self, x: Any, y: Any = None, *_: Any, **__: Any) -> Any:
        self._feed(x, y, None)
        return Inert('loss')

    def _feed(self, x: Any, y: Any, batch_size: int | None) -> None:
        batch = first_batch(x, y, batch_size)
        if batch is None:
            return
        inputs, target = batch
        compiled = self._compiled
        if compiled is not None and target is not None and target is inputs:
            compiled.target_is_input = True
        if self._wiring is None and type(self).call is Model.call and type(self).train_step is not Model.train_step:
            data = inputs if target is None else (inputs, first_rows(target, batch_size))
            self(data)
            self._try_step(data)
        else:
            self(inputs, **({'training': True} if _takes_training(self) else {}))

    def train_step(self, data: Any) -> Any:
        return Inert('logs')

    test_step = train_step

    def _try_step(self, data: Any) -> None:
        """One step of a model that only trains others, for what it feeds to them."""
        try:
            self.train_step(data)
        except Exception:
            # What comes after the models are fed, losses and updates, works on numbers that are not here.
            return

    def predict(self, x: Any, *_: Any, **__: Any) -> Any:
        return Inert('predictions')

    predict_on_batch = predict

    def evaluate(self, *_: Any, **__: Any) -> Any:
        return Inert('evaluation')

    test_on_batch = evaluate

    def compute_loss(self, *_: Any, **__: Any) -> Any:
        return Inert('loss')

    # ---- files ----

    def summary(self, *_: Any, **__: Any) -> None:
        return

    export = summary

    def save(self, filepath: Any = None, *_: Any, **__: Any) -> None:
        context.saved.keep(filepath, self, only_weights=False)

    def save_weights(self, filepath: Any = None, *_: Any, **__: Any) -> None:
        context.saved.keep(filepath, self, only_weights=True)

    def get_config(self) -> dict[str, Any]:
        if type(self).__module__.partition('.')[0] != 'keras':
            return super().get_config()
        return {'name': self.name, 'trainable': self.trainable, 'described': context.saved.describe(self)}

    @classmethod
    def from_config(cls, config: dict[str, Any], *_: Any, **__: Any) -> Any:
        from .saving import from_description

        return from_description(config) or super().from_config(config)

    def to_json(self, **_: Any) -> str:
        return json.dumps({'class_name': type(self).__name__, 'config': self.get_config()}, default=str)

    def load_weights(self, filepath: Any = None, *_: Any, **__: Any) -> None:
        """
        The weights come from a file: how they start is not known. Weights that the model had itself, or that replace trained ones,
        leave the start as it is.
        """
        if '_trained' in self.__dict__ or context.saved.holds_weights_of(filepath, self):
            return
        for layer in self._deep():
            for held in layer._variables:
                held._record.origin = 'checkpoint'

    def add(self, layer: Any) -> None:
        raise BadType('Only a Sequential model has `add`')


def made_of_unknown(unknown: Inert) -> ReadError:
    """Why a model cannot be followed that goes through something unknown."""
    from gradient_lens.reader.problems import problem_of

    origin, cause = inert_origin(unknown), inert_cause(unknown)
    if cause is not None and not isinstance(cause, (NameError, UnknownValue)):
        found = problem_of(cause)
        return PartNotMade(inert_label(unknown), found['message'], found['span'])
    if origin.isidentifier():
        way = 'this file gives it no value here. Define or import it in the file, in a cell before this one in a notebook'
    elif 'from_preset' in origin:
        way = (
            'a preset is described by files of its publisher, which never load here. Build its layers in the file, or put a '
            '`keras.Input` of its output\'s shape in its place to have the layers behind it measured'
        )
    else:
        way = 'it is not known here. To have the layers behind it measured, put a `keras.Input` of its shape in its place'
    return UnsupportedOp(f'what goes through `{origin}`', way)


def _takes_training(model: Model) -> bool:
    from ..layers.layer import signature_of

    return 'training' in signature_of(type(model).call).parameters


class ModelCheckpoint(Settable):
    """Saves the model as training goes on."""

    def __init__(self, filepath: Any = None, *args: Any, save_weights_only: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.filepath = filepath
        # (monitor, verbose, save_best_only, save_weights_only) by place.
        self.save_weights_only = bool(args[3]) if len(args) > 3 else bool(save_weights_only)


class History:
    """What `fit` gives back: nothing was trained, so nothing is known."""

    @property
    def history(self) -> Any:
        return Inert('history')

    epoch: list[int] = []
    params: dict[str, Any] = {}
