"""`self.hparams`: the constructor's arguments, as `save_hyperparameters()` collects them."""

from __future__ import annotations

import inspect
import sys
from typing import Any

from gradient_lens.spans import is_user_code


class AttributeDict(dict[str, Any]):
    """A dictionary whose items are attributes as well."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f'Missing attribute "{name}"') from None

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value


class HyperparametersMixin:
    """Keeps `hparams`."""

    @property
    def hparams(self) -> AttributeDict:
        return self.__dict__.setdefault('_hparams', AttributeDict())

    @property
    def hparams_initial(self) -> AttributeDict:
        return AttributeDict(self.hparams)

    def save_hyperparameters(self, *args: Any, ignore: Any = None, frame: Any = None, logger: bool = True) -> None:
        """Names of arguments choose among the constructor's; anything else is taken as the hyperparameters themselves."""
        left_out = {ignore} if isinstance(ignore, str) else set(ignore or ())
        given = [item for item in args if not isinstance(item, str)]
        found = _arguments_of_constructors(self)
        if given:
            held = given[0]
            found = dict(held) if isinstance(held, dict) else dict(getattr(held, '__dict__', {}))
        elif args:
            found = {name: found[name] for name in args if name in found}
        self.hparams.update({name: value for name, value in found.items() if name not in left_out})


def _arguments_of_constructors(owner: Any) -> dict[str, Any]:
    """What the running constructors of an object were given; the outermost, that of its own class, wins."""
    found: dict[str, Any] = {}
    frame = sys._getframe(2)
    while frame is not None:
        code = frame.f_code
        if is_user_code(code.co_filename):
            names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            if code.co_name != '__init__' or not names or frame.f_locals.get(names[0]) is not owner:
                break
            found.update({name: frame.f_locals[name] for name in names[1:] if name in frame.f_locals})
            if code.co_flags & inspect.CO_VARKEYWORDS:
                place = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & inspect.CO_VARARGS)
                found.update(frame.f_locals.get(code.co_varnames[place], {}))
        frame = frame.f_back
    found.pop('__class__', None)
    return found
