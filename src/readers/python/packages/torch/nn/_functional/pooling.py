"""Pooling of one to three spatial dims."""

from __future__ import annotations

from typing import Any, Sequence

from gradient_lens import primitives as p
from gradient_lens.errors import BadArgument, BadType, ShapeMismatch, UnsupportedOp
from gradient_lens.shapes import window_size
from gradient_lens.value import Value, emit

from ..._tensor import Tensor, read, wrap
from .common import batched, tuple_of, unbatched


def _windows(
    sizes: Sequence[int], kernel: Sequence[int], stride: Sequence[int], padding: Sequence[int], dilation: Sequence[int],
    ceil_mode: bool, what: str,
) -> tuple[list[int], list[list[int]], list[int]]:  # fmt: skip
    """Output sizes, pads with the overhang of `ceil_mode` on the far side, and that overhang alone."""
    if any(2 * pad > k for pad, k in zip(padding, kernel)):
        raise BadArgument(f'pad should be at most half of effective kernel size, but got pad={padding} and kernel={kernel}')
    out: list[int] = []
    pads: list[list[int]] = []
    over: list[int] = []
    for n, k, s, pad, d in zip(sizes, kernel, stride, padding, dilation):
        count = window_size(n, k, s, pad, pad, d, ceil_mode)
        if count < 1:
            raise ShapeMismatch(
                f'Given input size: ({"x".join(map(str, sizes))}). Calculated output size: {count} in {what}. Output size '
                'is too small'
            )
        reach = (count - 1) * s + d * (k - 1) + 1 - n - pad
        beyond = max(0, reach - pad) if ceil_mode else 0
        out.append(count)
        pads.append([pad, pad + beyond])
        over.append(beyond)
    return out, pads, over


def _max_pool(
    count: int, input: Tensor, kernel_size: Any, stride: Any, padding: Any, dilation: Any, ceil_mode: bool,
    return_indices: bool,
) -> Any:  # fmt: skip
    what = f'max_pool{count}d'
    if return_indices and count == 3:
        raise UnsupportedOp(f'{what} with return_indices=True')
    value, put_in = batched(read(input), count, what)
    kernel = tuple_of(kernel_size, count)
    steps = kernel if stride is None or stride == [] else tuple_of(stride, count)
    gaps = tuple_of(dilation, count)
    out, pads, _ = _windows(value.shape[2:], kernel, steps, tuple_of(padding, count), gaps, ceil_mode, what)
    attributes = {
        'kernel': list(kernel),
        'stride': list(steps),
        'pads': pads,
        'dilation': list(gaps),
        'layout': 'channelsFirst',
    }
    result = wrap(unbatched(emit('maxPool', attributes, (value,), (*value.shape[:2], *out), 'float'), put_in), input.dtype)
    if not return_indices:
        return result
    from .unpooling import places_of_maxima

    places = places_of_maxima(wrap(value), kernel, steps, pads, gaps)
    return result, wrap(unbatched(read(places), put_in))


def max_pool1d(
    input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:  # fmt: skip
    return _max_pool(1, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool2d(
    input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:  # fmt: skip
    return _max_pool(2, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool3d(
    input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:  # fmt: skip
    return _max_pool(3, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def _avg_pool(
    count: int, input: Tensor, kernel_size: Any, stride: Any, padding: Any, ceil_mode: bool, count_include_pad: bool,
    divisor_override: int | None,
) -> Tensor:  # fmt: skip
    what = f'avg_pool{count}d'
    value, put_in = batched(read(input), count, what)
    kernel = tuple_of(kernel_size, count)
    steps = kernel if stride is None or stride == [] else tuple_of(stride, count)
    out, pads, over = _windows(
        value.shape[2:], kernel, steps, tuple_of(padding, count), (1,) * count, ceil_mode, what
    )
    attributes = {
        'kernel': list(kernel),
        'stride': list(steps),
        'pads': pads,
        'layout': 'channelsFirst',
        'countPads': bool(count_include_pad),
        'divisor': divisor_override,
        'ceilPads': over,
    }
    return wrap(unbatched(emit('avgPool', attributes, (value,), (*value.shape[:2], *out), 'float'), put_in), input.dtype)


def avg_pool1d(
    input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:  # fmt: skip
    return _avg_pool(1, input, kernel_size, stride, padding, ceil_mode, count_include_pad, None)


def avg_pool2d(
    input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False,
    count_include_pad: bool = True, divisor_override: int | None = None,
) -> Tensor:  # fmt: skip
    return _avg_pool(2, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)


def avg_pool3d(
    input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False,
    count_include_pad: bool = True, divisor_override: int | None = None,
) -> Tensor:  # fmt: skip
    return _avg_pool(3, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)


def tuple_of_sizes(output_size: Any, count: int) -> tuple[Any, ...]:
    """One size for all dims, or one each; None keeps a dim's size."""
    wanted = tuple(output_size) if isinstance(output_size, (tuple, list)) else (output_size,) * count
    wanted = wanted * count if len(wanted) == 1 else wanted
    if len(wanted) != count:
        raise BadType(f'output_size must have {count} numbers, but got {list(wanted)}')
    return wanted


def _adaptive(op: str, count: int, input: Tensor, output_size: Any) -> Tensor:
    value, put_in = batched(read(input), count, op)
    wanted = tuple_of_sizes(output_size, count)
    size = [n if k is None else int(k) for n, k in zip(value.shape[2:], wanted)]
    if any(n == 0 for n in value.shape[2:]):
        raise ShapeMismatch(f'adaptive pooling of an empty input of shape {list(value.shape)}')
    result = _adapted(op, value, size)
    return wrap(unbatched(result, put_in), input.dtype)


def _adapted(op: str, value: Value, size: list[int]) -> Value:
    if list(value.shape[2:]) == size:
        return p.same('identity', value)
    return emit(op, {'size': size, 'layout': 'channelsFirst'}, (value,), (*value.shape[:2], *size), 'float')


def adaptive_avg_pool1d(input: Tensor, output_size: Any) -> Tensor:
    return _adaptive('adaptiveAvgPool', 1, input, output_size)


def adaptive_avg_pool2d(input: Tensor, output_size: Any) -> Tensor:
    return _adaptive('adaptiveAvgPool', 2, input, output_size)


def adaptive_avg_pool3d(input: Tensor, output_size: Any) -> Tensor:
    return _adaptive('adaptiveAvgPool', 3, input, output_size)


def _adaptive_max(count: int, input: Tensor, output_size: Any, return_indices: bool) -> Any:
    if return_indices:
        spatial = tuple(input.shape[-count:])
        size = tuple(n if k is None else k for n, k in zip(spatial, tuple_of_sizes(output_size, count)))
        if any(n % k for n, k in zip(spatial, size)):
            raise UnsupportedOp(
                f'adaptive_max_pool{count}d with return_indices=True where {list(spatial)} is no multiple of {list(size)}'
            )
        kernel = tuple(n // k for n, k in zip(spatial, size))
        return _max_pool(count, input, kernel, None, 0, 1, False, True)
    return _adaptive('adaptiveMaxPool', count, input, output_size)


def adaptive_max_pool1d(input: Tensor, output_size: Any, return_indices: bool = False) -> Any:
    return _adaptive_max(1, input, output_size, return_indices)


def adaptive_max_pool2d(input: Tensor, output_size: Any, return_indices: bool = False) -> Any:
    return _adaptive_max(2, input, output_size, return_indices)


def adaptive_max_pool3d(input: Tensor, output_size: Any, return_indices: bool = False) -> Any:
    return _adaptive_max(3, input, output_size, return_indices)


def _lp_pool(count: int, input: Tensor, norm_type: float, kernel_size: Any, stride: Any, ceil_mode: bool) -> Tensor:
    """(sum over the window of x^p)^(1/p), by average pooling times the window's size, as PyTorch does it."""
    size = 1
    for n in tuple_of(kernel_size, count):
        size *= n
    pooled = _avg_pool(count, input.pow(norm_type), kernel_size, stride, 0, ceil_mode, True, None)
    return (pooled.sign() * pooled.abs().relu() * size).pow(1.0 / norm_type)


def lp_pool1d(input: Tensor, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Tensor:
    return _lp_pool(1, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool2d(input: Tensor, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Tensor:
    return _lp_pool(2, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool3d(input: Tensor, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Tensor:
    return _lp_pool(3, input, norm_type, kernel_size, stride, ceil_mode)
