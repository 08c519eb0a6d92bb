"""Embeddings."""

from __future__ import annotations

from typing import Any, Self

from gradient_lens import primitives as p
from gradient_lens.errors import BadArgument
from gradient_lens.value import Value, drawn

from ..._convert import size
from ..._tensor import Tensor, read
from .. import functional as F
from .layer import Layer, parameter


def _table(shape: tuple[int, ...], padding_idx: int | None) -> Value:
    """N(0, 1), the padding row nought."""
    contents = drawn({'kind': 'normal', 'mean': 0, 'std': 1}, shape)
    if padding_idx is None:
        return contents
    row = p.fill(0, (1, shape[1]), 'float')
    return p.put(contents, [padding_idx, 0], [padding_idx + 1, shape[1]], [1, 1], row)


def _padding(padding_idx: int | None, rows: int) -> int | None:
    if padding_idx is None:
        return None
    if not -rows <= padding_idx < rows:
        raise BadArgument('Padding_idx must be within num_embeddings')
    return padding_idx % rows


class Embedding(Layer):
    """Rows of a table by index."""

    def __init__(
        self, num_embeddings: int, embedding_dim: int, padding_idx: int | None = None, max_norm: float | None = None,
        norm_type: float = 2.0, scale_grad_by_freq: bool = False, sparse: bool = False, _weight: Tensor | None = None,
        _freeze: bool = False, device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.num_embeddings, self.embedding_dim = size(num_embeddings), size(embedding_dim)
        self.padding_idx = _padding(padding_idx, self.num_embeddings)
        self.max_norm, self.norm_type = max_norm, norm_type
        self.scale_grad_by_freq, self.sparse = scale_grad_by_freq, sparse
        self.weight = parameter((self.num_embeddings, self.embedding_dim))
        self.weight.requires_grad = not _freeze
        if _weight is None:
            self.reset_parameters()
        else:
            self.weight._record.write(p.cast(read(_weight), 'float'))

    def reset_parameters(self) -> None:
        self.start('weight', _table((self.num_embeddings, self.embedding_dim), self.padding_idx))

    def forward(self, input: Tensor) -> Tensor:
        return F.embedding(
            input, self.weight, self.padding_idx, self.max_norm, self.norm_type, self.scale_grad_by_freq, self.sparse
        )

    @classmethod
    def from_pretrained(
        cls, embeddings: Tensor, freeze: bool = True, padding_idx: int | None = None, max_norm: float | None = None,
        norm_type: float = 2.0, scale_grad_by_freq: bool = False, sparse: bool = False,
    ) -> Self:  # fmt: skip
        rows, width = embeddings.shape
        layer = cls(rows, width, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse, embeddings, freeze)
        layer.weight._record.origin = 'checkpoint'
        return layer

    def extra_repr(self) -> str:
        padding = '' if self.padding_idx is None else f', padding_idx={self.padding_idx}'
        return f'{self.num_embeddings}, {self.embedding_dim}{padding}'


class EmbeddingBag(Layer):
    """Sums, means or maxima of rows."""

    def __init__(
        self, num_embeddings: int, embedding_dim: int, max_norm: float | None = None, norm_type: float = 2.0,
        scale_grad_by_freq: bool = False, mode: str = 'mean', sparse: bool = False, _weight: Tensor | None = None,
        include_last_offset: bool = False, padding_idx: int | None = None, device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.num_embeddings, self.embedding_dim, self.mode = size(num_embeddings), size(embedding_dim), mode
        self.max_norm, self.norm_type, self.scale_grad_by_freq = max_norm, norm_type, scale_grad_by_freq
        self.include_last_offset = include_last_offset
        self.padding_idx = _padding(padding_idx, self.num_embeddings)
        self.weight = parameter((self.num_embeddings, self.embedding_dim))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        self.start('weight', _table((self.num_embeddings, self.embedding_dim), self.padding_idx))

    def forward(self, input: Tensor, offsets: Any = None, per_sample_weights: Any = None) -> Tensor:
        return F.embedding_bag(
            input, self.weight, offsets, self.max_norm, self.norm_type, self.scale_grad_by_freq, self.mode,
            per_sample_weights=per_sample_weights, include_last_offset=self.include_last_offset, padding_idx=self.padding_idx,
        )  # fmt: skip
