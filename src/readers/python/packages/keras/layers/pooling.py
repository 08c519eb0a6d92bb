"""Pooling over windows and over everything."""

from __future__ import annotations

from typing import Any

from gradient_lens import primitives as p

from .._ops import neural
from .._tensor import value_of, wrap
from .layer import Layer


class _Pooling(Layer):
    count = 2
    kind = 'max'

    @property
    def _data_axes(self) -> int | None:  # type: ignore[override]
        return self.count + 1

    def __init__(self, pool_size: Any = 2, strides: Any = None, padding: str = 'valid', data_format: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pool_size, self.strides = pool_size, strides
        self.padding, self.data_format = padding.lower(), data_format

    def call(self, inputs: Any) -> Any:
        layout = neural.layout_of(self.data_format)
        return wrap(neural.pool(value_of(inputs), self.kind, self.pool_size, self.strides, self.padding, self.count, layout))


class _GlobalPooling(Layer):
    count = 2
    kind = 'max'

    @property
    def _data_axes(self) -> int | None:  # type: ignore[override]
        return self.count + 1

    @property
    def _reads_mask(self) -> bool:  # type: ignore[override]
        return self.kind == 'avg'

    def __init__(self, data_format: Any = None, keepdims: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format, self.keepdims = data_format, keepdims

    def call(self, inputs: Any, mask: Any = None) -> Any:
        value = p.cast(value_of(inputs), 'float')
        first = 1 if neural.layout_of(self.data_format) == neural.LAST else 2
        axes = list(range(first, first + self.count))
        if len(value.shape) != self.count + 2:
            from gradient_lens.errors import ShapeMismatch

            raise ShapeMismatch(f'{type(self).__name__} expects {self.count + 2} axes, found shape {list(value.shape)}')
        return wrap(p.reduce('max' if self.kind == 'max' else 'mean', value, axes, self.keepdims))


def _layer(base: type[Layer], name: str, count: int, kind: str) -> Any:
    return type(name, (base,), {'count': count, 'kind': kind, '__module__': __name__, '__doc__': base.__doc__})


MaxPooling1D, MaxPooling2D, MaxPooling3D = (_layer(_Pooling, f'MaxPooling{n}D', n, 'max') for n in (1, 2, 3))
AveragePooling1D, AveragePooling2D, AveragePooling3D = (_layer(_Pooling, f'AveragePooling{n}D', n, 'avg') for n in (1, 2, 3))
GlobalMaxPooling1D, GlobalMaxPooling2D, GlobalMaxPooling3D = (
    _layer(_GlobalPooling, f'GlobalMaxPooling{n}D', n, 'max') for n in (1, 2, 3)
)
GlobalAveragePooling1D, GlobalAveragePooling2D, GlobalAveragePooling3D = (
    _layer(_GlobalPooling, f'GlobalAveragePooling{n}D', n, 'avg') for n in (1, 2, 3)
)
