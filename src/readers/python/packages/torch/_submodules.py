"""Submodules of `torch` that training scripts touch and that no model goes through."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, Self

from gradient_lens import inert
from gradient_lens.errors import UnsupportedOp
from gradient_lens.inert import Inert
from gradient_lens.session import session
from gradient_lens.value import Node

from . import _grad
from ._custom import Function, FunctionCtx, InplaceFunction
from ._ops import sparse
from ._complex import ComplexTensor
from ._tensor import Tensor, read


class PassThrough:
    """A context manager and decorator that does nothing (`autocast`, `profile`, ...)."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __call__(self, function: Any) -> Any:
        return function


def _same(function: Any = None, *args: Any, **kwargs: Any) -> Any:
    """A decorator that changes nothing, with or without arguments."""
    return function if callable(function) else (lambda inner: inner)


def _false(*args: Any, **kwargs: Any) -> bool:
    return False


def _none(*args: Any, **kwargs: Any) -> None:
    return None


def _zero(*args: Any, **kwargs: Any) -> int:
    return 0


class GradScaler:
    """Scales losses of half precision; nothing hangs on it here."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def scale(self, outputs: Any) -> Any:
        return outputs

    def step(self, optimizer: Any, *args: Any, **kwargs: Any) -> Any:
        return optimizer.step(*args, **kwargs)

    def unscale_(self, optimizer: Any) -> None:
        return None

    def update(self, new_scale: Any = None) -> None:
        return None

    def state_dict(self) -> dict[str, Any]:
        return {}

    def load_state_dict(self, state_dict: Any) -> None:
        return None

    def is_enabled(self) -> bool:
        return False


def variable(data: Any, requires_grad: bool = False, volatile: bool = False) -> Any:
    return data


def gradient(*args: Any, **kwargs: Any) -> Any:
    raise UnsupportedOp('torch.autograd.grad')


def _needs_gradient(tensor: Tensor) -> bool:
    """Whether PyTorch makes a gradient for a tensor: it comes from a weight, or from an input that is to have one.

    What is recorded has gradients for every input.
    """
    recorder = session.recorder
    if recorder is None or not tensor.requires_grad:
        return tensor.requires_grad
    parts = tensor._parts if isinstance(tensor, ComplexTensor) else (tensor,)
    seen: set[Node] = set()
    stack = [read(part) for part in parts]
    while stack:
        value = stack.pop()
        node = value.node
        if node in seen or not value.live:
            continue
        if (node.op == 'parameter' and node.owner.trainable) or node in recorder.asked:
            return True
        seen.add(node)
        stack.extend(node.inputs)
    return False


def run_checkpointed(function: Any, *args: Any, use_reentrant: Any = None, preserve_rng_state: bool = True, **kwargs: Any) -> Any:
    """Saves memory in PyTorch; here the function simply runs.

    The re-entrant kind, which is the default, is a function of autograd: where none of the tensors handed to it needs a
    gradient, PyTorch makes none for the weights inside either.
    """
    for option in ('context_fn', 'determinism_check', 'debug', 'early_stop'):
        kwargs.pop(option, None)
    if use_reentrant is not False and not any(isinstance(item, Tensor) and _needs_gradient(item) for item in args):
        with _grad.no_grad():
            return function(*args, **kwargs)
    return function(*args, **kwargs)


def run_sequential(functions: Any, segments: int, input: Any, use_reentrant: Any = None, **_: Any) -> Any:
    """Checkpoints all segments but the last, which runs as it is."""
    steps = list(functions.children()) if isinstance(functions, sys.modules['torch.nn'].Module) else list(functions)
    size = len(steps) // segments

    def run(start: int, end: int) -> Any:
        def segment(value: Any) -> Any:
            for step in steps[start:end]:
                value = step(value)
            return value

        return segment

    for start in range(0, size * (segments - 1), size):
        input = run_checkpointed(run(start, start + size), input, use_reentrant=use_reentrant)
    return run(size * (segments - 1), len(steps))(input)


_CONTENTS: dict[str, dict[str, Any]] = {
    'jit': {
        'script': _same, 'trace': lambda function, *_, **__: function, 'ignore': _same, 'unused': _same, 'export': _same,
        'is_scripting': _false, 'is_tracing': _false, 'script_method': _same, 'annotate': lambda kind, value: value,
        'script_if_tracing': _same, 'interface': _same, '_overload_method': _same, 'save': _none, 'Final': None,
    },
    'fx': {'wrap': _same},
    'cuda': {
        'is_available': _false, 'device_count': _zero, 'manual_seed': _none, 'manual_seed_all': _none, 'empty_cache': _none,
        'current_device': _zero, 'synchronize': _none, 'set_device': _none, 'is_bf16_supported': _false,
        'max_memory_allocated': _zero, 'memory_allocated': _zero, 'reset_peak_memory_stats': _none,
        'get_device_name': lambda *_: 'cpu', 'seed_all': _none,
    },
    'cuda.amp': {'autocast': PassThrough, 'GradScaler': GradScaler},
    'amp': {'autocast': PassThrough, 'GradScaler': GradScaler},
    'backends': {},
    'backends.cudnn': {'enabled': False, 'deterministic': False, 'benchmark': False, 'allow_tf32': False, 'is_available': _false},
    'backends.cuda': {'sdp_kernel': PassThrough, 'is_built': _false},
    'backends.mps': {'is_available': _false, 'is_built': _false},
    'mps': {'is_available': _false, 'empty_cache': _none, 'manual_seed': _none},
    'xpu': {'is_available': _false},
    'accelerator': {'is_available': _false, 'current_accelerator': _none, 'device_count': _zero},
    'autograd': {
        'Variable': variable, 'Function': Function, 'grad': gradient, 'set_detect_anomaly': PassThrough,
        'detect_anomaly': PassThrough, 'no_grad': _grad.no_grad, 'enable_grad': _grad.enable_grad, 'backward': _none,
    },
    'autograd.function': {
        'Function': Function, 'FunctionCtx': FunctionCtx, 'InplaceFunction': InplaceFunction, 'once_differentiable': _same,
    },
    'autograd.profiler': {'profile': PassThrough, 'record_function': PassThrough},
    'profiler': {'profile': PassThrough, 'record_function': PassThrough},
    'random': {'manual_seed': _none, 'get_rng_state': _none, 'set_rng_state': _none},
    'version': {'cuda': None, '__version__': '2.13.0'},
    'compiler': {'is_compiling': _false, 'disable': _same, 'allow_in_graph': _same},
    'utils.checkpoint': {'checkpoint': run_checkpointed, 'checkpoint_sequential': run_sequential},
    'utils.tensorboard': {},
    'utils.model_zoo': {},
    'utils.hooks': {},
    'hub': {},
    'onnx': {'export': _none},
    'quantization': {},
    'ao': {},
    'ao.quantization': {},
    'overrides': {'has_torch_function': _false, 'has_torch_function_unary': _false, 'has_torch_function_variadic': _false},
    '_C': {'_log_api_usage_once': _none},
    '_dynamo': {'disable': _same},
    'export': {},
    'library': {},
    'testing': {},
    'types': {},
    'storage': {},
    'serialization': {},
    'sparse': {'mm': sparse.mm},
    'masked': {},
    'nested': {},
}  # fmt: skip


class _Quiet(ModuleType):
    """A module whose unknown names are inert."""

    __path__ = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith('__'):
            raise AttributeError(name)
        return Inert(f'{self.__name__}.{name}')


def install(torch: ModuleType) -> None:
    """Makes the modules, and has the unknown refuse what is being recorded."""
    import typing

    for path, contents in _CONTENTS.items():
        name = f'torch.{path}'
        module = sys.modules.get(name)
        if module is None:
            module = _Quiet(name)
            sys.modules[name] = module
        for key, value in contents.items():
            setattr(module, key, value)
        parent, _, leaf = name.rpartition('.')
        home = sys.modules.get(parent)
        if home is None:
            import importlib

            home = importlib.import_module(parent)
        setattr(home, leaf, module)
    sys.modules['torch.jit'].Final = typing.Final  # type: ignore[attr-defined]
    from .nn import Module

    # Scripting compiles the same forward pass.
    sys.modules['torch.jit'].ScriptModule = Module  # type: ignore[attr-defined]
    if refuse_traced not in inert.call_hooks:
        inert.call_hooks.append(refuse_traced)


def _first_tensor(value: Any, depth: int = 3) -> Tensor | None:
    if isinstance(value, Tensor):
        return value
    if depth and isinstance(value, dict):
        value = list(value.values())
    if depth and isinstance(value, (list, tuple)):
        for item in value:
            found = _first_tensor(item, depth - 1)
            if found is not None:
                return found
    return None


def refuse_traced(label: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """No unknown function may take part in a forward pass."""
    if session.recording and _first_tensor((args, kwargs)) is not None:
        raise UnsupportedOp(f'`{label}`', 'what it does to a tensor is not known')


