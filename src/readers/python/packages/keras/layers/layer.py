"""`keras.layers.Layer`: weights, building at the first call, and calls that are recorded."""

from __future__ import annotations

import functools
import inspect
from types import FunctionType
from typing import Any, Self

from gradient_lens.errors import BadArgument, BadType, ReadError, ShapeMismatch, UnsupportedOp
from gradient_lens.inert import made_of, unknown_argument
from gradient_lens.session import ModuleFrame, session
from gradient_lens.spans import here, is_user_code

from .._assumed import fitted_shape, tell
from .._masks import first_mask, keeps_all, masks_of, settled
from .._context import SYMBOLIC_BATCH, context, snake_case
from .._tensor import Call, Tensor, connect, flatten, in_passes, mapped, read, symbolic_in, value_of, wrap
from .._variable import Variable
from .._types import TensorShape
from .holding import Holder

#: Options of Keras that have no bearing on the graph.
_WITHOUT_EFFECT = frozenset(
    ('activity_regularizer', 'dtype', 'autocast', 'dynamic', 'weights', 'batch_size', 'implementation', 'unroll', 'stateful',
     'time_major', 'ragged', 'sparse', 'lora_rank', 'lora_alpha', 'quantization_config', 'use_cudnn', 'experimental_autocast')
)  # fmt: skip


#: Types of what a layer holds that runs nothing: the span of its place is a dict, and no layer calls what is in one.
_HARMLESS = frozenset((int, float, bool, str, type(None), dict, Call, Variable))


@functools.cache
def signature_of(function: Any) -> inspect.Signature:
    return inspect.signature(function)


class Taken:
    """What a `call` takes, asked of every call of a layer."""

    __slots__ = ('names', 'any_keyword', 'training', 'mask', 'masks')

    def __init__(self, function: Any) -> None:
        parameters = signature_of(function).parameters
        #: In order, without `self`.
        self.names = list(parameters)[1:]
        self.any_keyword = any(item.kind is item.VAR_KEYWORD for item in parameters.values())
        #: Place of `training` among the names.
        self.training = self.names.index('training') if 'training' in self.names else None
        self.mask = 'mask' in self.names
        self.masks = any(name == 'mask' or name.endswith('_mask') for name in self.names)


@functools.cache
def _shapes_taken(build: Any) -> int:
    """How many shapes a `build` must be given."""
    wanted = [item for item in signature_of(build).parameters.values() if item.name != 'self']
    return len([item for item in wanted if item.default is item.empty and item.kind is not item.VAR_KEYWORD])


def _of_ours(held: Any) -> bool:
    """Whether something that a layer holds runs none of the user's code."""
    if isinstance(held, FunctionType):
        return not is_user_code(getattr(held, '__wrapped__', held).__code__.co_filename)
    if isinstance(held, (list, tuple)):
        return _HARMLESS.issuperset(map(type, held))
    return not isinstance(held, Layer) and (not callable(held) or type(held).__module__ == 'keras.initializers')


@functools.cache
def taken_by(function: Any) -> Taken:
    return Taken(function)


class Layer(Holder):
    """Base of all layers and models."""

    _inbound: list[Call]
    #: Asked by the reader of every module; losses are functions here.
    _is_loss = False
    training = True
    name: str
    built: bool
    #: A mask of its input goes on to its output (Keras' own attribute).
    supports_masking = False
    #: A mask of its input changes what it computes.
    _reads_mask = False
    #: Makes something of texts and the like, which are not known here.
    _takes_unknown = False
    #: Axes that its input has without the batch, where it takes one number of them only.
    _data_axes: int | None = None
    #: Arguments of its constructor.
    _given: tuple[tuple[Any, ...], dict[str, Any]]
    #: Sizes given by `input_shape=` and its like, batch first.
    _input_shape: tuple[Any, ...] | None = None

    def __new__(cls, /, *args: Any, **kwargs: Any) -> Self:
        layer = object.__new__(cls)
        state = layer.__dict__
        state.update(_span=here(), _inbound=[], _variables=[], _layers=[], built=False, trainable=True, _losses=[], _added=[], _given=(args, kwargs))
        return layer

    def __init__(self, *, trainable: bool = True, name: str | None = None, **kwargs: Any) -> None:
        for key, value in kwargs.items():
            if key in ('input_shape', 'batch_input_shape', 'input_dim', 'input_length'):
                continue
            if key not in _WITHOUT_EFFECT:
                raise BadArgument(f"Unrecognized keyword arguments passed to {type(self).__name__}: {{'{key}': {value!r}}}")
        state = self.__dict__
        state['trainable'] = trainable
        state['name'] = name or context.unique_name(snake_case(type(self).__name__))
        state['_input_shape'] = _declared_shape(kwargs)

    # ---- running ----

    def build(self, input_shape: Any, /) -> None:
        self.built = True

    def call(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError(f'Layer {type(self).__name__} does not have a `call()` method implemented.')

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        inputs = symbolic_in(args, kwargs)
        if inputs and context.passes:
            args, kwargs, inputs = in_passes(args, kwargs, inputs)
        if inputs:
            unknown = unknown_argument(args, kwargs)
            if unknown is not None:
                return made_of(unknown, f'{self.name}(...)')
            if self._data_axes is not None:
                self._fit(inputs[0])
            return connect(self, args, kwargs, inputs)
        return self.run(args, kwargs)

    def run(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Builds the layer at its first call, and runs it in the training mode that holds."""
        args = mapped(args, as_tensor)
        if kwargs:
            kwargs = mapped(kwargs, as_tensor)
        taken = taken_by(type(self).call)
        given = kwargs.get('training')
        if taken.training is not None:
            if given is None and len(args) > taken.training:
                given = args[taken.training]
            elif given is None:
                kwargs = {**kwargs, 'training': context.training}
        elif 'training' in kwargs and not taken.any_keyword:
            kwargs = {key: item for key, item in kwargs.items() if key != 'training'}
        if 'mask' in kwargs and not taken.mask and kwargs['mask'] is None:
            kwargs = {key: item for key, item in kwargs.items() if key != 'mask'}
        if taken.masks:
            kwargs = self._with_masks(taken.names, args, kwargs)
        if session.recording:
            tell(self)
        outer, scope, mode = session.frame, context.scope, context.training
        session.frame = ModuleFrame(self, outer)
        scope.append(self.name)
        if given is not None:
            context.training = bool(given)
        try:
            if not self.built:
                self._build_for(args, kwargs)
            return self._marked(self.call(*args, **kwargs), args, outer is None)
        except ReadError as error:
            self._explain(error)
            raise
        finally:
            session.frame, context.training = outer, mode
            scope.pop()

    def _fit(self, given: Tensor) -> None:
        """Gives an `Input` of unknown shape one that this layer takes."""
        call = given._call
        start: Any = call.operation if call is not None and not call.inputs else self
        shape = None if start is self else fitted_shape(start, self._data_axes or 1)
        if shape is not None:
            start.become((None, *shape), given._value.dtype, None)

    def of_ours_alone(self) -> bool:
        held = self.__dict__
        known = held.get('_of_ours_alone')
        if known is None:
            rest = [item for item in held.values() if type(item) not in _HARMLESS]
            known = held['_of_ours_alone'] = type(self).__module__.startswith('keras.') and all(map(_of_ours, rest))
        return known

    def _with_masks(self, names: list[str], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """The masks of the arguments for a `call` that asks for them: `mask`, or `value_mask` for `value`."""
        given = dict(zip(names, args)) | kwargs
        tensors = [name for name, item in given.items() if any(isinstance(leaf, Tensor) for leaf in flatten(item))]
        for name, wanted in ((name, f'{name}_mask') for name in tensors):
            wanted = 'mask' if wanted not in names and name == tensors[0] else wanted
            if wanted in names and given.get(wanted) is None and first_mask(given[name]) is not None:
                kwargs = {**kwargs, wanted: masks_of(given[name])}
        return kwargs

    def _marked(self, result: Any, args: tuple[Any, ...], outermost: bool) -> Any:
        """Hands a mask on; refuses one that would change what is computed in a way that is not followed."""
        mask = first_mask(args)
        if self._reads_mask and session.recording and not keeps_all(mask):
            raise UnsupportedOp(
                f'the mask that reaches `{self.name}`', 'leave `mask_zero=True` out of the embedding to have the model measured without it'
            )
        own = type(self).compute_mask is not Layer.compute_mask
        if own:
            mask = settled(self.compute_mask(args[0] if args else None, mask))
        if mask is not None and (own or self.supports_masking):
            for leaf in flatten(result):
                if isinstance(leaf, Tensor) and leaf._mask is None and leaf.shape[: mask.ndim] == mask.shape:
                    leaf._mask = mask
        if outermost and session.recording and not all(keeps_all(leaf._mask) for leaf in flatten(result) if isinstance(leaf, Tensor)):
            raise UnsupportedOp('the mask that reaches the loss', 'leave `mask_zero=True` out of the embedding to have it measured')
        return result

    def _build_for(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        shapes = [mapped(item, _shape) for item in (*args, *kwargs.values()) if any(isinstance(leaf, Tensor) for leaf in flatten(item))]
        wanted = _shapes_taken(type(self).build)
        if 1 < wanted <= len(shapes):
            self.build(*shapes[:wanted])
        elif shapes:
            self.build(shapes[0])
        self.built = True

    def _explain(self, error: ReadError) -> None:
        if error.related or not isinstance(error, ShapeMismatch):
            return
        if error.module is None:
            error.module = self
        if not is_user_code(type(self).call.__code__.co_filename) and not self._layers:
            error.relate(f'{type(self).__name__} `{self.name}` is made here', self._span)

    # ---- what the functional API asks ----

    @property
    def input(self) -> Any:
        inputs = self._inbound[0].inputs if self._inbound else []
        if not inputs:
            raise BadType(f'The layer {self.name} has never been called and thus has no defined input.')
        return inputs if len(inputs) > 1 else inputs[0]

    @property
    def output(self) -> Any:
        if not self._inbound:
            raise BadType(f'The layer {self.name} has never been called and thus has no defined output.')
        return self._inbound[0].structure

    @property
    def input_shape(self) -> Any:
        return mapped(self.input, lambda leaf: tuple(leaf.shape))

    @property
    def output_shape(self) -> Any:
        return mapped(self.output, lambda leaf: tuple(leaf.shape))

    def compute_output_shape(self, input_shape: Any, *_: Any) -> Any:
        from .._ops.creation import zeros

        def example(shape: Any) -> Any:
            return zeros([SYMBOLIC_BATCH if n is None else n for n in shape])

        many = isinstance(input_shape, (list, tuple)) and input_shape and isinstance(input_shape[0], (list, tuple))
        found = self([example(s) for s in input_shape] if many else example(input_shape))
        return mapped(found, _shape)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        return previous_mask

    def get_config(self) -> dict[str, Any]:
        """What the constructor was given, for Keras' own layers; the user's add theirs."""
        config: dict[str, Any] = {'name': self.name, 'trainable': self.trainable}
        if type(self).__module__.partition('.')[0] != 'keras':
            return config
        args, kwargs = self._given
        return {**dict(zip(list(signature_of(type(self).__init__).parameters)[1:], args)), **kwargs, **config}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return cls(**config)

    @property
    def dtype(self) -> str:
        return 'float32'

    compute_dtype = variable_dtype = dtype

    @property
    def path(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f'<{type(self).__name__} name={self.name}, built={self.built}>'


def _declared_shape(options: dict[str, Any]) -> tuple[Any, ...] | None:
    if options.get('batch_input_shape') is not None:
        return tuple(options['batch_input_shape'])
    shape = options.get('input_shape')
    if shape is not None:
        return (options.get('batch_size'), *((shape,) if isinstance(shape, int) else shape))
    if options.get('input_dim') is not None:
        return (options.get('batch_size'), options['input_dim'])
    if options.get('input_length') is not None:
        return (options.get('batch_size'), options['input_length'])
    return None


def as_tensor(leaf: Any) -> Any:
    """Arrays that are fed to a layer are tensors inside."""
    if not isinstance(leaf, Tensor) and hasattr(leaf, '__gradient_lens__'):
        return wrap(value_of(leaf))
    return leaf


def _shape(leaf: Any) -> Any:
    if not isinstance(leaf, Tensor):
        return leaf
    sizes = read(leaf).shape
    return TensorShape((None, *sizes[1:]) if sizes else ())
