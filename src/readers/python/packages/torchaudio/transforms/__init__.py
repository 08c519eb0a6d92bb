"""`torchaudio.transforms`: modules around the functions; what is not here is refused when a model calls it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from gradient_lens.errors import BadArgument
from gradient_lens.inert import Inert
from torch import nn

from .. import functional


class Spectrogram(nn.Module):
    """[..., time] to [..., n_fft // 2 + 1, frames]"""

    def __init__(
        self, n_fft: int = 400, win_length: int | None = None, hop_length: int | None = None, pad: int = 0,
        window_fn: Callable[..., Any] | None = None, power: float | None = 2.0, normalized: bool | str = False,
        wkwargs: dict[str, Any] | None = None, center: bool = True, pad_mode: str = 'reflect', onesided: bool = True,
        return_complex: bool | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.n_fft = n_fft
        self.win_length = win_length if win_length is not None else n_fft
        self.hop_length = hop_length if hop_length is not None else self.win_length // 2
        make = window_fn if window_fn is not None else getattr(torch, 'hann_window')
        self.register_buffer('window', make(self.win_length, **(wkwargs or {})))
        self.pad, self.power, self.normalized = pad, power, normalized
        self.center, self.pad_mode, self.onesided = center, pad_mode, onesided

    def forward(self, waveform: Any) -> Any:
        return functional.spectrogram(
            waveform, self.pad, self.window, self.n_fft, self.hop_length, self.win_length, self.power, self.normalized,
            self.center, self.pad_mode, self.onesided,
        )  # fmt: skip


class MelScale(nn.Module):
    """[..., n_stft, frames] to [..., n_mels, frames]"""

    def __init__(
        self, n_mels: int = 128, sample_rate: int = 16000, f_min: float = 0.0, f_max: float | None = None, n_stft: int = 201,
        norm: str | None = None, mel_scale: str = 'htk',
    ) -> None:  # fmt: skip
        super().__init__()
        self.n_mels, self.sample_rate = n_mels, sample_rate
        self.f_min, self.f_max = f_min, f_max if f_max is not None else float(sample_rate // 2)
        if f_min > self.f_max:
            raise BadArgument(f'Require f_min: {f_min} <= f_max: {self.f_max}')
        bank = functional.melscale_fbanks(n_stft, f_min, self.f_max, n_mels, sample_rate, norm, mel_scale)
        self.register_buffer('fb', bank)

    def forward(self, specgram: Any) -> Any:
        return (specgram.transpose(-1, -2) @ self.fb).transpose(-1, -2)


class MelSpectrogram(nn.Module):
    """[..., time] to [..., n_mels, frames]"""

    def __init__(
        self, sample_rate: int = 16000, n_fft: int = 400, win_length: int | None = None, hop_length: int | None = None,
        f_min: float = 0.0, f_max: float | None = None, pad: int = 0, n_mels: int = 128,
        window_fn: Callable[..., Any] | None = None, power: float = 2.0, normalized: bool | str = False,
        wkwargs: dict[str, Any] | None = None, center: bool = True, pad_mode: str = 'reflect', onesided: bool | None = None,
        norm: str | None = None, mel_scale: str = 'htk',
    ) -> None:  # fmt: skip
        super().__init__()
        self.sample_rate, self.n_fft, self.n_mels = sample_rate, n_fft, n_mels
        self.spectrogram = Spectrogram(
            n_fft, win_length, hop_length, pad, window_fn, power, normalized, wkwargs, center, pad_mode
        )
        self.mel_scale = MelScale(n_mels, sample_rate, f_min, f_max, n_fft // 2 + 1, norm, mel_scale)

    def forward(self, waveform: Any) -> Any:
        return self.mel_scale(self.spectrogram(waveform))


class AmplitudeToDB(nn.Module):
    def __init__(self, stype: str = 'power', top_db: float | None = None) -> None:
        super().__init__()
        self.stype, self.top_db = stype, top_db
        self.multiplier, self.amin, self.ref_value = 10.0 if stype == 'power' else 20.0, 1e-10, 1.0
        self.db_multiplier = math.log10(max(self.amin, self.ref_value))

    def forward(self, x: Any) -> Any:
        return functional.amplitude_to_DB(x, self.multiplier, self.amin, self.db_multiplier, self.top_db)


class MFCC(nn.Module):
    """[..., time] to [..., n_mfcc, frames]"""

    def __init__(
        self, sample_rate: int = 16000, n_mfcc: int = 40, dct_type: int = 2, norm: str | None = 'ortho', log_mels: bool = False,
        melkwargs: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        if dct_type != 2:
            raise BadArgument(f'DCT type not supported: {dct_type}')
        self.sample_rate, self.n_mfcc, self.log_mels = sample_rate, n_mfcc, log_mels
        self.amplitude_to_DB = AmplitudeToDB('power', 80.0)
        self.MelSpectrogram = MelSpectrogram(sample_rate, **(melkwargs or {}))
        if n_mfcc > self.MelSpectrogram.n_mels:
            raise BadArgument('Cannot select more MFCC coefficients than # mel bins')
        self.register_buffer('dct_mat', functional.create_dct(n_mfcc, self.MelSpectrogram.n_mels, norm))

    def forward(self, waveform: Any) -> Any:
        mels = self.MelSpectrogram(waveform)
        mels = (mels + 1e-6).log() if self.log_mels else self.amplitude_to_DB(mels)
        return (mels.transpose(-1, -2) @ self.dct_mat).transpose(-1, -2)


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'torchaudio.transforms.{name}')
