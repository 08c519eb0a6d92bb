"""`torch.nn.modules.utils`."""

from typing import Any, Callable

from .._functional.common import tuple_of


def _ntuple(n: int, name: str = '') -> Callable[[Any], tuple[int, ...]]:
    return lambda value: tuple_of(value, n)


_single, _pair, _triple, _quadruple = (_ntuple(n) for n in (1, 2, 3, 4))


def consume_prefix_in_state_dict_if_present(state_dict: dict[str, Any], prefix: str) -> None:
    for key in [key for key in state_dict if key.startswith(prefix)]:
        state_dict[key.removeprefix(prefix)] = state_dict.pop(key)
