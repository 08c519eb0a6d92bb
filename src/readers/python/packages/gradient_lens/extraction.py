"""Cuts the model graph out of what was recorded: `ModelGraph` of src/graph/graph.ts, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .concrete import known
from .errors import BadState, UnsupportedOp
from .frameworks import Parts
from .identity import identity
from .initialisers import initialiser_of
from .lowering import lower
from .scalars import scalar, to_json
from .session import ModuleFrame
from .value import STATIC_LIMIT, Node, Value

if TYPE_CHECKING:
    from .recorder import Recorder

#: Recurring constants up to this size are kept once.
_SHARED_CONSTANT = 64


def extract(recorder: Recorder, model: Any, outputs: Any) -> dict[str, Any]:
    """The graph of what `outputs` hang on; integer and empty outputs are left out."""
    framework = recorder.framework
    wanted = [value for value in framework.tensors(outputs) if value.dtype == 'float' and value.size > 0]
    if not wanted:
        raise BadState(
            'The model gives no tensor of floating-point numbers back, so there is nothing to train. '
            'Return the tensor that the loss reads.'
        )
    parts = framework.parts(model)
    return _Extraction(recorder, parts).run(wanted)


class _Extraction:
    def __init__(self, recorder: Recorder, parts: Parts) -> None:
        self.recorder = recorder
        self.parts = parts
        self.values: list[dict[str, Any]] = []
        self.nodes: list[dict[str, Any]] = []
        self.numbers: dict[Value, int] = {}
        self.constants: dict[tuple[Any, ...], int] = {}
        self.lowered: dict[Value, Value] = {}
        self.modules = {identity(part.module): index for index, part in enumerate(parts.modules)}
        self.parameters = [_parameter(part.name, part.owner, part.module) for part in parts.parameters]
        self.places = {identity(part.owner): index for index, part in enumerate(parts.parameters)}
        self._note_copies()
        self.guesses = list(recorder.guesses)

    def run(self, wanted: list[Value]) -> dict[str, Any]:
        for node in self._needed(wanted):
            self._node(node)
        outputs = [self._number(value) for value in wanted]
        return {
            'schema': 1,
            'framework': self.recorder.framework.name,
            'inputs': [record for _, record in self.recorder.inputs],
            'values': self.values,
            'parameters': self.parameters,
            'modules': [
                {'path': part.path, 'type': part.type, 'parent': part.parent, 'span': part.span}
                for part in self.parts.modules
            ],
            'nodes': self.nodes,
            'outputs': outputs,
            'recipe': {'loss': None, 'optimiser': None},
            'guesses': self.guesses,
        }

    def _note_copies(self) -> None:
        """A deep copy of a layer starts with the same elements, not with new ones of the same law."""
        firsts: dict[int, int] = {}
        for place, part in enumerate(self.parts.parameters):
            first = firsts.setdefault(identity(part.owner.contents), place)
            if first != place and not part.owner.contents.static:
                self.parameters[place]['copyOf'] = first

    def _resolve(self, value: Value) -> Value:
        """What stands for a value once internal ops are written out."""
        found = self.lowered.get(value)
        if found is None:
            found = value if _constant(value) else lower(value)
            if found is not value:
                found = self._resolve(found)
            self.lowered[value] = found
        return found

    def _needed(self, wanted: list[Value]) -> list[Node]:
        """Nodes that the outputs hang on, in order of execution; known values are constants and end the walk."""
        seen: set[Node] = set()
        stack = [self._resolve(value) for value in wanted]
        stack.extend(value for value, _ in self.recorder.inputs)
        while stack:
            value = stack.pop()
            node = value.node
            if node in seen or _constant(value):
                continue
            seen.add(node)
            stack.extend(self._resolve(source) for source in node.inputs)
        return sorted(seen, key=lambda node: node.sequence)

    def _number(self, value: Value) -> int:
        value = self._resolve(value)
        number = self.numbers.get(value)
        if number is None:
            number = self.numbers[value] = self._constant_number(value)
        return number

    def _constant_number(self, value: Value) -> int:
        elements = known(value)
        if elements is None:
            raise BadState('A value of the graph is used before it is made; this is a fault of Gradient Lens.')
        values = [scalar(item) for item in elements]
        if len(values) > 1 and all(item == values[0] for item in values):
            values = values[:1]
        key = (value.dtype, value.shape, tuple(values)) if len(values) <= _SHARED_CONSTANT else None
        number = self.constants.get(key) if key is not None else None
        if number is None:
            node = value.node
            number = self._emit('constant', {'values': values}, [], [value], node)[0]
            if key is not None:
                self.constants[key] = number
        return number

    def _node(self, node: Node) -> None:
        if node.op == 'parameter':
            attributes = {'index': self._parameter_place(node)}
        elif node.op == 'drawn':
            attributes = {'index': self._kept_draw(node)}
        else:
            if node.op == 'input' and node.owner is not self.recorder:
                raise BadState(
                    'The model keeps a value of an earlier forward pass and uses it in this one. '
                    'Reset that state at the start of forward.'
                )
            attributes = to_json(node.attributes)
        inputs = [self._number(source) for source in node.inputs]
        op = 'parameter' if node.op == 'drawn' else node.op
        for value, number in zip(node.outputs, self._emit(op, attributes, inputs, node.outputs, node)):
            self.numbers[value] = number

    def _emit(
        self, op: str, attributes: dict[str, Any], inputs: list[int], outputs: list[Value], node: Node
    ) -> list[int]:
        numbers = list(range(len(self.values), len(self.values) + len(outputs)))
        self.values.extend({'shape': list(value.shape), 'dtype': value.dtype} for value in outputs)
        self.nodes.append(
            {
                'op': op,
                'attributes': attributes,
                'inputs': inputs,
                'outputs': numbers,
                'module': self._module(node.frame),
                'span': node.span,
            }
        )
        return numbers

    def _module(self, frame: ModuleFrame | None) -> int | None:
        """The innermost module being run that belongs to the model."""
        while frame is not None:
            place = self.modules.get(identity(frame.module))
            if place is not None:
                return place
            frame = frame.parent
        return None

    def _parameter_place(self, node: Node) -> int:
        record = node.owner
        place = self.places.get(identity(record))
        if place is None:
            name = f'(unregistered {len(self.parameters)})'
            place = self.places[identity(record)] = len(self.parameters)
            self.parameters.append({**_parameter(name, record, None), 'trainable': False})
            message = (
                'A parameter of this layer is used by the model but not registered in it (a plain list or dict '
                'holds it), so an optimiser given model.parameters() never trains it. Use nn.ModuleList or nn.ParameterList.'
            )
            self.guesses.append({'message': message, 'span': record.span})
        return place

    def _kept_draw(self, node: Node) -> int:
        """A tensor drawn once when the model is made is a parameter that is not trained."""
        value = node.outputs[0]
        if value.dtype != 'float':
            raise UnsupportedOp('random whole numbers drawn when the model is made')
        name = self.parts.buffers.get(node, f'(drawn {len(self.parameters)})')
        self.parameters.append(
            {
                'name': name,
                'shape': list(value.shape),
                'trainable': False,
                'initialiser': to_json(node.attributes['initialiser']),
                'initialiserOrigin': 'file',
                'initialiserSpan': node.span,
                'module': None,
                'span': node.span,
            }
        )
        return len(self.parameters) - 1


def _constant(value: Value) -> bool:
    """Whether a value is written down as a constant: it is known, and small or all alike."""
    if not value.static:
        return False
    elements = known(value)
    return elements is not None and (len(elements) <= STATIC_LIMIT or value.node.op == 'constant')


def _parameter(name: str, record: Any, module: int | None) -> dict[str, Any]:
    return {
        'name': name,
        'shape': list(record.shape),
        'trainable': record.trainable,
        'initialiser': to_json(initialiser_of(record.contents)),
        'initialiserOrigin': record.origin,
        'initialiserSpan': record.initialiser_span,
        'module': module,
        'span': record.span,
    }
