"""torchaudio's spectra against numbers of its formulas run with PyTorch 1.13."""

import unittest
from typing import Any

import torch
from gradient_lens.errors import UnsupportedOp
from torchaudio import functional, transforms

from ..support import ops, output_shapes, traced

HTK = """
    0 0 0 0 0.630352 0.369648 0 0 0 0.71126 0.28874 0 0 0 0.994405 0.005595 0 0 0.502819 0.497181 0 0 0.011233
    0.988767 0 0 0 0.671784 0 0 0 0.335892 0 0 0 0
"""
SLANEY = """
    0 0 0 0 2.13733 0 0 0 0 1.81045 0.072463 0 0 0.172148 1.19419 0 0 0 0.687145 0.389208 0 0 0 0.812848 0 0 0
    0.541899 0 0 0 0.270949 0 0 0 0
"""
POWER = """
    0.63009 0.37787 1.06341 0.979528 0.663754 0.028487 0.069658 0.8621 0.460777 0.96649 0.227273 0.672732 0.62438
    0.5073 0.177785 0.176911 0.701711 1.09676
"""
NORMALISED = """
    0.424264 0.552838 0.4902 0.616727 0.44218 0.477197
"""
COSINES = """
    0.5 0.653281 0.5 0.5 0.270598 -0.5 0.5 -0.270598 -0.5 0.5 -0.653282 0.5
"""
DECIBELS = """
    -2.00597 -4.22658 0.267007 -0.08983 -1.77993 -7.31808 -7.31808 -0.644422 -3.36509 -0.148027 -6.43452 -1.72158
"""

SIGNAL = [((7 * i * i + 3 * i + 5) % 23) / 10 - 1.05 for i in range(48)]


class Torchaudio(unittest.TestCase):
    def close(self, value: Any, wanted: str) -> None:
        expected = [float(n) for n in wanted.split()]
        found = value.reshape(-1).tolist()
        self.assertEqual(len(found), len(expected))
        for got, number in zip(found, expected):
            self.assertAlmostEqual(got, number, delta=1e-4 * max(1, abs(number)))

    def test_filter_banks(self) -> None:
        self.close(functional.melscale_fbanks(9, 0.0, 4000.0, 4, 8000), HTK)
        slaney: Any = functional.melscale_fbanks(9, 50.0, 4000.0, 4, 8000, 'slaney', 'slaney')
        self.close(slaney * 1000, SLANEY)
        self.close(functional.create_dct(3, 4, 'ortho'), COSINES)

    def test_spectra(self) -> None:
        signal = torch.tensor(SIGNAL)
        power: Any = transforms.Spectrogram(16, 12, 6, center=False)(signal)
        self.close(power[:3], POWER)
        normalised: Any = transforms.Spectrogram(16, 12, 6, power=1.0, normalized=True, center=False)(signal)
        self.close(normalised[4], NORMALISED)
        self.close(transforms.AmplitudeToDB('power', 20.0)(power)[:2], DECIBELS)

    def test_shapes_in_a_model(self) -> None:
        for front, shape in (
            ('Spectrogram(n_fft=400)', [2, 201, 81]),
            ('MelSpectrogram(16000, n_fft=1024, hop_length=256, n_mels=64)', [2, 64, 63]),
            ("MFCC(16000, 13, melkwargs={'n_fft': 512, 'n_mels': 40})", [2, 13, 63]),
        ):
            graph = traced(
                f"""
                import torchaudio
                class Net(nn.Module):
                    def __init__(self):
                        super().__init__()
                        self.front = torchaudio.transforms.{front}
                    def forward(self, x):
                        return self.front(x)
                """,
                (2, 16000),
            )
            self.assertEqual(output_shapes(graph), [shape])
            self.assertIn('matmul', ops(graph))
            self.assertEqual(graph['parameters'], [])

    def test_what_is_not_here_is_refused_by_name(self) -> None:
        with self.assertRaisesRegex(UnsupportedOp, r'torchaudio\.transforms\.TimeMasking'):
            traced(
                """
                from torchaudio.transforms import TimeMasking
                class Net(nn.Module):
                    def forward(self, x):
                        return TimeMasking(20)(x)
                """,
                (2, 40, 50),
            )


if __name__ == '__main__':
    unittest.main()
