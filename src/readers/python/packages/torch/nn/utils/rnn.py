"""`torch.nn.utils.rnn`: sequences of unequal length, taken at full length."""

from __future__ import annotations

from typing import Any, NamedTuple, Sequence

from gradient_lens.session import session
from gradient_lens.spans import here

from ..._ops.joining import stack
from ..._tensor import Tensor
from ..functional import pad


class PackedSequence(NamedTuple):
    """A padded batch and the lengths its sequences should have."""

    padded: Tensor
    lengths: Any
    batch_first: bool

    @property
    def data(self) -> Tensor:
        return self.padded

    @property
    def batch_sizes(self) -> Any:
        return self.lengths

    def like(self, output: Tensor) -> PackedSequence:
        return PackedSequence(output, self.lengths, self.batch_first)


def pack_padded_sequence(
    input: Tensor, lengths: Any, batch_first: bool = False, enforce_sorted: bool = True
) -> PackedSequence:
    if session.recorder is not None:
        session.recorder.guess('The packed sequences are taken at full length.', here())
    return PackedSequence(input, lengths, batch_first)


def pad_packed_sequence(
    sequence: PackedSequence, batch_first: bool = False, padding_value: float = 0.0, total_length: int | None = None
) -> tuple[Tensor, Any]:
    padded = sequence.padded
    if batch_first != sequence.batch_first:
        padded = padded.transpose(0, 1)  # type: ignore[attr-defined]
    return padded, sequence.lengths


def pad_sequence(
    sequences: Sequence[Tensor], batch_first: bool = False, padding_value: float = 0.0, padding_side: str = 'right'
) -> Tensor:
    longest = max(item.shape[0] for item in sequences)
    rows: list[Tensor] = []
    for item in sequences:
        missing = longest - item.shape[0]
        amounts = [0, 0] * (item.ndim - 1) + ([0, missing] if padding_side == 'right' else [missing, 0])
        rows.append(pad(item, amounts, value=padding_value))
    return stack(rows, 0 if batch_first else 1)


def pack_sequence(sequences: Sequence[Tensor], enforce_sorted: bool = True) -> PackedSequence:
    return pack_padded_sequence(pad_sequence(sequences), [item.shape[0] for item in sequences])


def unpad_sequence(padded_sequences: Tensor, lengths: Any, batch_first: bool = False) -> list[Tensor]:
    rows = padded_sequences if batch_first else padded_sequences.transpose(0, 1)  # type: ignore[attr-defined]
    return list(rows)
