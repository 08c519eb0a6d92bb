"""`torchaudio.functional`: spectrograms, mel filter banks, decibels."""

from __future__ import annotations

import math
from typing import Any

import torch
from gradient_lens.errors import BadArgument
from gradient_lens.inert import Inert
from torch._complex import ComplexTensor
from torch._tensor import Tensor
from torch.nn import functional as F


def spectrogram(
    waveform: Any, pad: int, window: Any, n_fft: int, hop_length: int, win_length: int, power: float | None,
    normalized: bool | str, center: bool = True, pad_mode: str = 'reflect', onesided: bool = True,
    return_complex: bool | None = None,
) -> Any:  # fmt: skip
    """[..., time] to [..., frequencies, frames]: the size of the spectrum raised to `power`, or the spectrum for None."""
    if pad > 0:
        waveform = F.pad(waveform, (pad, pad), 'constant')
    by_frame = normalized == 'frame_length'
    spectrum: Any = getattr(torch, 'stft')(
        waveform, n_fft, hop_length, win_length, window, center, pad_mode, by_frame, onesided, return_complex=True
    )
    if normalized and not by_frame:
        spectrum = spectrum / window.pow(2.0).sum().sqrt()
    if power is None:
        return spectrum
    return spectrum_power(spectrum, power)


def spectrum_power(spectrum: ComplexTensor, power: float) -> Any:
    real, imag = spectrum._parts
    if power == 2:
        return real * real + imag * imag
    size: Any = spectrum.abs()  # type: ignore[attr-defined]
    return size if power == 1 else size.pow(power)


def _mel(frequency: float, scale: str) -> float:
    """HTK: 2595 log10(1 + f / 700); Slaney: linear below 1 kHz, logarithmic above (Auditory Toolbox, 1998)."""
    if scale == 'htk':
        return 2595.0 * math.log10(1.0 + frequency / 700.0)
    if frequency < 1000.0:
        return frequency / (200.0 / 3)
    return 15.0 + math.log(frequency / 1000.0) / (math.log(6.4) / 27.0)


def _hertz(mel: float, scale: str) -> float:
    if scale == 'htk':
        return 700.0 * (10.0 ** (mel / 2595.0) - 1.0)
    return 200.0 / 3 * mel if mel < 15.0 else 1000.0 * math.exp(math.log(6.4) / 27.0 * (mel - 15.0))


def melscale_fbanks(
    n_freqs: int, f_min: float, f_max: float, n_mels: int, sample_rate: int, norm: str | None = None, mel_scale: str = 'htk'
) -> Tensor:
    """Triangles over the frequencies, [n_freqs, n_mels]."""
    if norm not in (None, 'slaney') or mel_scale not in ('htk', 'slaney'):
        raise BadArgument('melscale_fbanks: norm must be None or "slaney", mel_scale "htk" or "slaney"')
    low, high = _mel(f_min, mel_scale), _mel(f_max, mel_scale)
    points = [_hertz(low + (high - low) * i / (n_mels + 1), mel_scale) for i in range(n_mels + 2)]
    top = sample_rate // 2
    rows: list[list[float]] = []
    for place in range(n_freqs):
        frequency = top * place / max(n_freqs - 1, 1)
        row: list[float] = []
        for left, middle, right in zip(points, points[1:], points[2:]):
            height = max(0.0, min((frequency - left) / (middle - left), (right - frequency) / (right - middle)))
            row.append(height * 2.0 / (right - left) if norm == 'slaney' else height)
        rows.append(row)
    return getattr(torch, 'tensor')(rows)


def create_dct(n_mfcc: int, n_mels: int, norm: str | None) -> Tensor:
    """The cosine transform of type 2, [n_mels, n_mfcc]."""
    rows: list[list[float]] = []
    for n in range(n_mels):
        row = [math.cos(math.pi / n_mels * (n + 0.5) * k) for k in range(n_mfcc)]
        if norm == 'ortho':
            row = [value * math.sqrt(2.0 / n_mels) * (math.sqrt(0.5) if k == 0 else 1.0) for k, value in enumerate(row)]
        else:
            row = [2.0 * value for value in row]
        rows.append(row)
    return getattr(torch, 'tensor')(rows)


def amplitude_to_DB(x: Any, multiplier: float, amin: float, db_multiplier: float, top_db: float | None = None) -> Any:
    """multiplier log10(x), at most `top_db` below the loudest of each example."""
    decibels = multiplier * x.clamp(min=amin).log10() - multiplier * db_multiplier
    if top_db is None:
        return decibels
    shape = decibels.shape
    channels = shape[-3] if len(shape) > 2 else 1
    packed = decibels.reshape(-1, channels, shape[-2], shape[-1])
    floor = packed.amax((-3, -2, -1)) - top_db
    return packed.maximum(floor.reshape(-1, 1, 1, 1)).reshape(*shape)


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'torchaudio.functional.{name}')
