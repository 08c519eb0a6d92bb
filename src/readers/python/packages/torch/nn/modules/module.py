"""`nn.Module`: registration of what a model holds, and calls that are recorded."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Self

from gradient_lens.errors import BadType, ReadError, ShapeMismatch
from gradient_lens.session import ModuleFrame, session
from gradient_lens.spans import Span, here, is_user_code

from ..._rref import RRef
from ..._tensor import Tensor
from ..parameter import Parameter
from .hooks import RemovableHandle, register
from .naming import Naming


class Module(Naming):
    """Base of all layers and models."""

    training: bool
    dump_patches = False
    _version = 1
    #: The constructor call: the innermost one in the user's code.
    _span: Span | None
    #: Losses are no models: they are not shown to observers.
    _is_loss = False

    def __new__(cls, /, *args: Any, **kwargs: Any) -> Self:
        module = object.__new__(cls)
        module.__dict__['_span'] = here()
        return module

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if kwargs:
            raise BadType(f'{type(self).__name__}.__init__() got an unexpected keyword argument {next(iter(kwargs))!r}')
        if args:
            raise BadType(
                f'{type(self).__name__}.__init__() takes 1 positional argument but {len(args) + 1} were given'
            )
        state = self.__dict__
        state['training'] = True
        state['_parameters'] = {}
        state['_buffers'] = {}
        state['_non_persistent_buffers_set'] = set()
        state['_modules'] = {}
        state['_forward_hooks'] = {}
        state['_forward_pre_hooks'] = {}

    # ---- running ----

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function')

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        outer = session.frame
        if outer is None and session.recorder is None and session.observers and not self._is_loss:
            for observer in session.observers:
                observer(self, args, kwargs)
        session.frame = ModuleFrame(self, outer)
        try:
            for hook in tuple(self._forward_pre_hooks.values()):
                changed = hook(self, args)
                if changed is not None:
                    args = changed if isinstance(changed, tuple) else (changed,)
            result = self.forward(*args, **kwargs)
            for hook in tuple(self._forward_hooks.values()):
                changed = hook(self, args, result)
                if changed is not None:
                    result = changed
            return result
        except ReadError as error:
            self._explain(error)
            raise
        finally:
            session.frame = outer

    def _explain(self, error: ReadError) -> None:
        """Adds where the layer that refused its input was made."""
        if error.related or not isinstance(error, ShapeMismatch):
            return
        if error.module is None:
            error.module = self
        code = getattr(type(self).forward, '__code__', None)
        if not self._modules and code is not None and not is_user_code(code.co_filename):
            error.relate(f'{type(self).__name__} is made here: {self!r}', self._span)

    # ---- registration ----

    def __setattr__(self, name: str, value: Any) -> None:
        state = self.__dict__
        parameters = state.get('_parameters')
        if isinstance(value, Parameter):
            if parameters is None:
                raise AttributeError('cannot assign parameters before Module.__init__() call')
            self._forget(name, '_parameters')
            self.register_parameter(name, value)
        elif parameters is not None and name in parameters:
            if value is not None:
                raise BadType(f"cannot assign '{type(value).__name__}' as parameter '{name}' (torch.nn.Parameter or None expected)")
            self.register_parameter(name, value)
        elif isinstance(value, Module):
            if '_modules' not in state:
                raise AttributeError('cannot assign module before Module.__init__() call')
            self._forget(name, '_modules')
            state['_modules'][name] = value
        elif type(value) is RRef and isinstance(value.local_value(), Module) and '_modules' in state:
            # What another worker holds for the model is a part of it: it is trained with it.
            self._forget(name, '_modules')
            state['_modules'][name] = value.local_value()
            state[name] = value
        elif '_modules' in state and name in state['_modules']:
            if value is not None:
                raise BadType(f"cannot assign '{type(value).__name__}' as child module '{name}' (torch.nn.Module or None expected)")
            state['_modules'][name] = value
        elif isinstance(value, Tensor) and '_buffers' in state and (name in state['_buffers'] or hasattr(value, '_is_buffer')):
            if name not in state['_buffers']:
                self.register_buffer(name, value, getattr(value, 'persistent', True))
            state['_buffers'][name] = value
        elif '_buffers' in state and name in state['_buffers'] and value is None:
            state['_buffers'][name] = None
        else:
            object.__setattr__(self, name, value)

    def _forget(self, name: str, home: str) -> None:
        """Takes a name out of every store but its new home, where it keeps its place."""
        state = self.__dict__
        state.pop(name, None)
        for store in ('_parameters', '_buffers', '_modules'):
            if store != home:
                state[store].pop(name, None)
        state['_non_persistent_buffers_set'].discard(name)

    def __getattr__(self, name: str) -> Any:
        state = self.__dict__
        for store in ('_parameters', '_buffers', '_modules'):
            held = state.get(store)
            if held is not None and name in held:
                return held[name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __delattr__(self, name: str) -> None:
        for store in (self._parameters, self._buffers, self._modules):
            if name in store:
                del store[name]
                return
        object.__delattr__(self, name)

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *self._parameters, *self._buffers, *self._modules})

    def register_parameter(self, name: str, param: Any) -> None:
        if '_parameters' not in self.__dict__:
            raise AttributeError('cannot assign parameter before Module.__init__() call')
        _check_name(self, name)
        if param is not None and not isinstance(param, Parameter):
            raise BadType(f"cannot assign '{type(param).__name__}' object to parameter '{name}' (torch.nn.Parameter or None required)")
        self._parameters[name] = param
        if param is not None and param._record.span is None:
            # The framework made it: it belongs to the constructor of its layer.
            param._record.span = self._span

    def register_buffer(self, name: str, tensor: Any, persistent: bool = True) -> None:
        if '_buffers' not in self.__dict__:
            raise AttributeError('cannot assign buffer before Module.__init__() call')
        _check_name(self, name)
        if tensor is not None and not isinstance(tensor, Tensor):
            raise BadType(f"cannot assign '{type(tensor).__name__}' object to buffer '{name}' (torch Tensor or None required)")
        if name not in self._buffers and hasattr(self, name):
            raise KeyError(f"attribute '{name}' already exists")
        self._buffers[name] = tensor
        (self._non_persistent_buffers_set.discard if persistent else self._non_persistent_buffers_set.add)(name)

    def add_module(self, name: str, module: Any) -> None:
        if module is not None and not isinstance(module, Module):
            raise BadType(f'{type(module).__name__} is not a Module subclass')
        _check_name(self, name)
        if name not in self._modules and hasattr(self, name):
            raise KeyError(f"attribute '{name}' already exists")
        self._modules[name] = module

    register_module = add_module

    # ---- hooks: forward ones run, backward ones are accepted and change nothing ----

    def register_forward_hook(self, hook: Callable[..., Any], **_: Any) -> RemovableHandle:
        return register(self._forward_hooks, hook)

    def register_forward_pre_hook(self, hook: Callable[..., Any], **_: Any) -> RemovableHandle:
        return register(self._forward_pre_hooks, hook)

    def register_full_backward_hook(self, hook: Callable[..., Any], prepend: bool = False) -> RemovableHandle:
        return RemovableHandle({})

    register_backward_hook = register_full_backward_pre_hook = register_full_backward_hook

    def register_state_dict_pre_hook(self, hook: Any) -> RemovableHandle:
        return RemovableHandle({})

    register_load_state_dict_post_hook = register_load_state_dict_pre_hook = register_state_dict_pre_hook
    _register_load_state_dict_pre_hook = _register_state_dict_hook = register_state_dict_pre_hook

    # ---- modes and moves ----

    def train(self, mode: bool = True) -> Self:
        self.training = bool(mode)
        for child in self.children():
            child.train(mode)
        return self

    def eval(self) -> Self:
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def apply(self, fn: Callable[[Module], Any]) -> Self:
        for child in self.children():
            child.apply(fn)
        fn(self)
        return self

    def to(self, *args: Any, **kwargs: Any) -> Self:
        return self

    cuda = cpu = float = double = half = bfloat16 = type = to_empty = share_memory = xpu = ipu = to  # noqa: A003

    def zero_grad(self, set_to_none: bool = True) -> None:
        return None

    def compile(self, *args: Any, **kwargs: Any) -> None:
        return None

    def state_dict(self, *args: Any, destination: Any = None, prefix: str = '', keep_vars: bool = False) -> Any:
        from .state import state_of

        found = state_of(self, prefix)
        if destination is not None:
            destination.update(found)
            return destination
        return found

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False) -> Any:
        from .state import load_state

        return load_state(self, state_dict, strict)

    def extra_repr(self) -> str:
        return ''

    def get_extra_state(self) -> Any:
        return None

    def set_extra_state(self, state: Any) -> None:
        return None

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


def _check_name(module: Module, name: Any) -> None:
    if not isinstance(name, str):
        raise BadType(f'module name should be a string. Got {type(name).__name__}')
    if '.' in name:
        raise KeyError(f'module name can\'t contain ".", got: {name}')
    if name == '':
        raise KeyError('module name can\'t be empty string ""')
