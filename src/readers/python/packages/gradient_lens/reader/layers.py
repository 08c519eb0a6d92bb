"""What a layer wants of the tensor that comes in, as far as its constructor tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from .tensors import TorchModule

#: Lengths and sizes that are tried where the layers leave them open: what data sets of this kind mostly have.
IMAGE_SIZES = (32, 64, 128, 224, 28, 256, 96, 48, 299, 384, 512, 16, 84, 8)
VOLUME_SIZES = (16, 32, 64, 48, 24, 96)
SEQUENCE_SIZES = (32, 128, 16, 256, 1024, 64, 512, 8, 4096, 16_000)
STEPS = 16


@dataclass(frozen=True)
class Demand:
    """The layer's input: `shape` after the batch axis, with None for what it leaves open."""

    layer: str
    #: `fc1`, where the layer has a name in its model.
    path: str
    shape: tuple[int | None, ...]
    kind: Literal['float', 'int'] = 'float'
    high: int | None = None
    #: Where the examples are counted: 1 for recurrent layers that take time first.
    batch_axis: int = 0
    #: The number of axes is read off a failure, the number of channels is assumed.
    assumed: bool = False
    #: Where it is not a layer that says so.
    told: str = ''

    @property
    def wants(self) -> str:
        """What the layer takes, in words."""
        if self.told:
            return self.told
        if self.assumed:
            return f'The forward pass takes {len(self.shape)} axes an example; {self.shape[0]} channels are assumed'
        name = f'`{self.path}`' if self.path else f'the {self.layer} layer'
        if self.high is not None:
            return f'{name} ({self.layer}) looks up integers below {self.high}'
        sizes = [size for size in self.shape if size is not None]
        if not sizes:
            return f'{name} ({self.layer}) takes a sequence of numbers'
        what = 'channels' if 'Conv' in self.layer or self.layer.startswith(('Batch', 'Instance', 'Group')) else 'features'
        return f'{name} ({self.layer}) takes {" x ".join(map(str, sizes))} {what}'

    @property
    def sizes(self) -> tuple[int, ...]:
        """Values worth trying for what is left open."""
        if self.high is not None or self.layer in ('LSTM', 'GRU', 'RNN') or None not in self.shape:
            return (STEPS, 8, 4, 32, 64, 128)
        if 'Conv1d' in self.layer:
            return SEQUENCE_SIZES
        if len(self.shape) <= 2:
            return (STEPS, 8, 4, 32, 64, 128)
        return IMAGE_SIZES if len(self.shape) == 3 else VOLUME_SIZES

    def takes(self, arrived: tuple[int, ...]) -> bool:
        """Whether a tensor of that shape, batch included, suits the layer's channels or features."""
        wanted = [size for size in self.shape if size is not None]
        if self.high is not None or not wanted:
            return True
        if 'Conv' in self.layer or self.layer.startswith(('Batch', 'Instance', 'Group')):
            return len(arrived) == len(self.shape) + 1 and arrived[1] == self.shape[0]
        return list(arrived[-len(wanted) :]) == wanted

    def filled(self, size: int, batch: int) -> tuple[int, ...]:
        shape = [size if item is None else item for item in self.shape]
        shape.insert(min(self.batch_axis, len(shape)), batch)
        return tuple(shape)


def _names(layer: Any) -> list[str]:
    return [cls.__name__ for cls in type(layer).__mro__]


def demand_of(layer: Any, path: str = '') -> Demand | None:
    """What a framework layer takes; None for layers that take anything (activations, dropout, pooling)."""
    if not isinstance(layer, TorchModule):
        # Keras' layers take the shape that they are first called with.
        return None
    names = _names(layer)
    kind = type(layer).__name__

    def has(name: str) -> bool:
        return any(name in item for item in names)

    attribute = layer.__dict__.get
    if 'Embedding' in names or 'EmbeddingBag' in names:
        return Demand('Embedding', path, (None,), 'int', attribute('num_embeddings'))
    if 'Linear' in names:
        return Demand('Linear', path, (attribute('in_features'),))
    if has('Conv') and attribute('in_channels'):
        rank = next((int(name[-2]) for name in names if 'Conv' in name and name.endswith('d') and name[-2].isdigit()), 2)
        base = next(name for name in reversed(names) if 'Conv' in name and name[-2:] in ('1d', '2d', '3d'))
        return Demand(base, path, (attribute('in_channels'), *[None] * rank))
    for base in ('LSTM', 'GRU', 'RNN'):
        if base in names:
            axis = 0 if attribute('batch_first') else 1
            return Demand(base, path, (None, attribute('input_size')), batch_axis=axis)
    if has('Cell') and attribute('input_size'):
        return Demand(kind, path, (attribute('input_size'),))
    for base, rank in (('BatchNorm1d', 0), ('BatchNorm2d', 2), ('BatchNorm3d', 3), ('InstanceNorm2d', 2)):
        if base in names:
            return Demand(base, path, (attribute('num_features'), *[None] * rank))
    if 'LayerNorm' in names or 'RMSNorm' in names:
        return Demand(kind, path, tuple(attribute('normalized_shape') or ()))
    if 'GroupNorm' in names:
        return Demand(kind, path, (attribute('num_channels'), None, None))
    if 'TransformerEncoderLayer' in names or 'TransformerDecoderLayer' in names or 'MultiheadAttention' in names:
        attention = layer if 'MultiheadAttention' in names else attribute('self_attn') or layer._modules['self_attn']
        axis = 0 if attention.__dict__.get('batch_first') else 1
        return Demand(kind, path, (None, attention.__dict__.get('embed_dim')), batch_axis=axis)
    if 'Bilinear' in names:
        return Demand('Bilinear', path, (attribute('in1_features'),))
    return None
