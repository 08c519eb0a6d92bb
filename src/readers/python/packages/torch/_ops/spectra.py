"""Spectra of short pieces of a signal: `stft`."""

from __future__ import annotations

import math
from typing import Any

from gradient_lens.errors import BadArgument, UnsupportedOp

from .._tensor import Tensor
from . import creation


def stft(
    input: Any, n_fft: int, hop_length: int | None = None, win_length: int | None = None, window: Tensor | None = None,
    center: bool = True, pad_mode: str = 'reflect', normalized: bool = False, onesided: bool | None = None,
    return_complex: bool | None = None,
) -> Any:  # fmt: skip
    """[..., T] to [..., frequencies, frames], complex, or with a last axis of the two parts."""
    from .. import fft
    from .._complex import ComplexTensor, view_as_real

    if isinstance(input, ComplexTensor):
        raise UnsupportedOp('stft of complex numbers', 'of real signals it is followed')
    hop, size = hop_length or n_fft // 4, win_length or n_fft
    if not 0 < size <= n_fft or hop < 1:
        raise BadArgument(f'stft: expected 0 < win_length <= n_fft and a hop above 0, but got win_length={size}, hop_length={hop}')
    lead = tuple(input.shape[:-1])
    signal = input.reshape(math.prod(lead), input.shape[-1])
    if center:
        from ..nn._functional.images import pad

        signal = pad(signal, (n_fft // 2, n_fft // 2), pad_mode)
    frames: Any = signal.unfold(-1, n_fft, hop)
    shape: Any = creation.ones(size) if window is None else window
    if window is not None or size < n_fft:
        before = (n_fft - size) // 2
        frames = frames * _padded(shape, before, n_fft - size - before)
    norm = 'ortho' if normalized else 'backward'
    spectrum: Any = (fft.fft if onesided is False else fft.rfft)(frames, None, -1, norm)
    found = spectrum.transpose(-1, -2).reshape(*lead, spectrum.shape[-1], spectrum.shape[-2])
    return found if return_complex else view_as_real(found)


def _padded(window: Any, before: int, after: int) -> Any:
    from .joining import cat

    parts = [creation.zeros(before), window, creation.zeros(after)]
    return cat([part for part in parts if part.shape[0]], 0)
