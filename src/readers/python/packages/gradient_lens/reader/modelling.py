"""Reads one candidate into a model graph, with the inputs that its file, its caller or its layers give."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypedDict

from ..errors import NotAsDeclared
from ..inert import UnknownValue
from ..spans import Span
from .adjacency import TOLD, with_links
from .candidates import Candidate, class_span
from .constructions import Constructions
from .directives import Directive, directive_for
from .inputs import Feed, required_inputs
from .models import as_indices, forward_of, framework_of, has_forward, limit_integers, modules, parameters, size_of, unbuilt_on_failure
from .observation import CallSeen, Observation
from .own_feeds import are_guessed, is_misfit, more_telling, own_feeds, settled
from .problems import Guess, Problem, problem, problem_of
from .recipe import recipe_of
from .siblings import fed_sibling
from .solving import Unsolvable
from .ways import asked_for, feed_of, solve_any
from .stated import stated_sizes
from .states import stateful_feeds
from .stops import LoopLimit
from .touches import Touches, TouchListeners
from .tracing import Traced, contradicted, declared, trace, trace_at_batch


class ReadModel(TypedDict):
    """`ReadModel` of src/graph/reading.ts."""

    name: str
    entry: str
    framework: str
    span: Span | None
    graph: dict[str, Any] | None
    unread: Problem | None
    guesses: list[Guess]


class Modelling:
    """Knows the request's inputs and batch, and the comments of the file."""

    seen: Observation

    def __init__(
        self,
        path: str,
        batch: int,
        inputs: Sequence[dict[str, Any]] | None,
        directives: list[Directive],
        listeners: TouchListeners,
        constructions: Constructions,
    ) -> None:
        self.path = path
        self.constructions = constructions
        self.batch = batch
        self.inputs = inputs
        self.directives = directives
        self.listeners = listeners
        #: The script was run although its data failed: shapes that do not fit may be the data's fault.
        self.lenient = False
        #: The time limit ended the reading of a model.
        self.out_of_time = False

    def at_first_call(self, call: CallSeen) -> Traced | BaseException:
        """Reads a model as it is when the file first calls it, before training changes it."""
        if self.inputs is not None:
            feed = declared(self.inputs, 'Given with the request.')
        elif call.feed is not None:
            feed = self._as_seen(call.feed, call.span)
        else:
            return UnknownValue('the input', 'shape')
        try:
            if self.inputs is not None:
                return self._declared(call.model, feed)
            return self._observed(call.model, feed)
        except (Exception, LoopLimit) as error:
            return error

    def _declared(self, model: Any, feed: Feed) -> Traced:
        """Reads a model with exactly these inputs."""
        touches = Touches(model)
        with self.listeners.listening(touches):
            return _limited(trace(model, feed), touches)

    def _observed(self, model: Any, feed: Feed) -> Traced:
        """Reads a model with what the file feeds it, at the batch size wanted."""
        touches = Touches(model)
        feed, links = with_links(feed, feed.names(forward_of(model)))
        with self.listeners.listening(touches):
            traced = trace_at_batch(model, feed, self.batch)
        if links:
            told = TOLD.format(listed=', '.join(f'`{name}`' for name in links))
            traced.graph['guesses'].append({'message': told, 'span': class_span(type(model))})
        fed = [(spec.shape, spec.batch_axis, before.shape) for spec, before in zip(traced.feed.specs, feed.specs)]
        early = {shape[:2] for shape in touches.time_first}
        if not any(axis == 0 and len(shape) > 1 and shape[:2] in early for shape, axis, _ in fed):
            return _limited(traced, touches)
        if any(before[:1] == (batch,) for _, _, before in fed for batch in self.seen.batches):
            return _limited(traced, touches)
        # Time comes first: the examples are counted along the second axis.
        specs = tuple(replace(spec, batch_axis=1 if len(spec.shape) > 1 else None) for spec in feed.specs)
        return _limited(trace_at_batch(model, replace(feed, specs=specs), self.batch), touches)

    def read(self, candidate: Candidate) -> ReadModel:
        """The candidate's graph, or why there is none."""
        if candidate.unread is not None or candidate.model is None:
            return _unread(candidate, candidate.unread or problem('runtime-error', 'There is no instance of this model.'))
        beyond = self.constructions.counts.problem_of(candidate.model) or _too_large(candidate.model)
        if beyond is not None:
            return _unread(candidate, beyond)
        try:
            traced = self._traced(candidate)
        except Unsolvable as error:
            if error.inherent and error.nearest is not None:
                return _unread(candidate, self._failed(candidate, error.nearest))
            return _unread(candidate, self._needs_input(candidate, error))
        except BaseException as error:
            # The sandbox's time limit is no `Exception`; the models read before it are kept.
            if not isinstance(error, (Exception, LoopLimit)) and not hasattr(error, 'problem_code'):
                raise
            self.out_of_time = getattr(error, 'problem_code', None) == 'timeout'
            return _unread(candidate, self._failed(candidate, error))
        graph = traced.graph
        graph['recipe'] = recipe_of(candidate.model, graph, self.seen, traced)
        made = [guess for guess in self.constructions.guesses_of(candidate.model) if guess not in candidate.guesses]
        graph['guesses'] = guesses = [*candidate.guesses, *made, *graph['guesses'], *_input_guesses(graph, candidate.span)]
        return {
            'name': candidate.name,
            'entry': candidate.entry,
            'framework': candidate.framework,
            'span': candidate.span,
            'graph': graph,
            'unread': None,
            'guesses': list(guesses),
        }

    def _traced(self, candidate: Candidate) -> Traced:
        model = candidate.model
        calls = self.seen.calls_of(model)
        if self.inputs is not None:
            if calls and isinstance(calls[0].reading, Traced):
                return calls[0].reading
            return self._declared(model, declared(self.inputs, 'Given with the request.'))
        directive = directive_for(self.directives, candidate.known_as)
        specs = None if directive is None else directive.specs(self.batch)
        if specs is not None:
            return self._declared(model, feed_of(model, specs))
        readings = [call for call in calls if call.reading is not None and call.feed is not None]
        # The call that trains says more than a trial call before it.
        readings.sort(key=lambda call: not call.training)
        for call in readings:
            if isinstance(call.reading, Traced):
                return call.reading
        failed = next((call.reading for call in readings if isinstance(call.reading, BaseException)), None)
        if isinstance(failed, NotAsDeclared):
            return contradicted(self._by_own_word(model), failed)
        if failed is not None and not self.lenient:
            raise failed
        sibling = fed_sibling(model, self.seen, self.constructions)
        if sibling is not None and sibling.feed is not None:
            reason = f'{self._file(sibling.span)} feeds another `{type(model).__name__}` so{_at(sibling.span)}.'
            specs = tuple(replace(spec, origin='observed', reason=reason) for spec in sibling.feed.specs)
            try:
                return self._observed(model, replace(sibling.feed, specs=specs))
            except Exception:
                # The sibling's inputs do not fit this one; its own layers say what does.
                pass
        if framework_of(model) == 'keras':
            return self._by_own_word(model)
        if not has_forward(type(model)):
            raise _NoForward(type(model).__name__)
        if not required_inputs(forward_of(model)) and not _takes_any(model):
            return trace(model, Feed.of(()))
        for feed in stateful_feeds(model, self.batch):
            try:
                return self._declared(model, feed)
            except Exception:
                continue
        try:
            return solve_any(model, self.listeners, self.batch, [*stated_sizes(model, self.constructions)])
        except Unsolvable:
            if failed is not None:
                raise failed from None
            raise

    def _by_own_word(self, model: Any) -> Traced:
        """A Keras model with the inputs that it declares itself, else with the first of the usual shapes that it takes."""
        first: Exception | None = None
        tried = own_feeds(model, self.batch)
        for fed in tried:
            try:
                feed = settled(model, fed, lambda one: trace(model, one))
                with unbuilt_on_failure(model):
                    traced = self._declared(model, feed)
                    whole = as_indices(traced.graph, feed)
                    return traced if whole.specs == feed.specs else self._declared(model, whole)
            except Exception as error:
                first = more_telling(first, error)
        if first is not None and is_misfit(first) and are_guessed(tried):
            raise Unsolvable(first, '', False)
        raise first or UnknownValue('the input', 'shape')

    def _as_seen(self, feed: Feed, span: Span | None) -> Feed:
        reason = f'{self._file(span)} feeds it so{_at(span)}.'
        return replace(feed, specs=tuple(replace(spec, reason=reason) for spec in feed.specs))

    def _file(self, span: Span | None) -> str:
        return 'The file' if span is None or span['path'] == self.path else f'`{span["path"]}`'

    def _needs_input(self, candidate: Candidate, error: Unsolvable) -> Problem:
        names = asked_for(candidate.model)
        example = ' '.join('input=(3, 32, 32)' for _ in names)
        nearest = problem_of(error.nearest) if error.nearest is not None else None
        why = f' The nearest try failed with: {nearest["message"]}' if nearest else ''
        return problem(
            'needs-input',
            f'No input was found that `{candidate.name}` takes ({", ".join(names)}). Say its shape: add '
            f'`# gradient-lens: {example}` above the class; `[2708, 1433]` is a whole shape, without a batch in front.{why}',
            candidate.span,
            [{'message': 'The nearest try failed here.', 'span': nearest['span']}] if nearest and nearest['span'] else [],
        )

    def _failed(self, candidate: Candidate, error: BaseException) -> Problem:
        found = problem_of(error)
        if found['span'] is None:
            found['span'] = candidate.span
        return found


#: Elements beyond which a model is not measured: its weights alone would fill the trainer's address space.
_MOST_ELEMENTS = 2**31


def _too_large(model: Any) -> Problem | None:
    """A problem at the largest layer of a model that cannot be measured."""
    sizes = {id(module): sum(size_of(p) for p in parameters(module, recurse=False)) for module in modules(model)}
    total = sum(sizes.values())
    if total <= _MOST_ELEMENTS:
        return None
    largest = max(modules(model), key=lambda module: sizes[id(module)])
    return problem(
        'too-large',
        f'This {type(largest).__name__} holds {sizes[id(largest)]:,} of the model\'s {total:,} parameters. Models up to '
        f'{_MOST_ELEMENTS:,} parameters can be measured; name a smaller configuration, for instance in a comment '
        '`# gradient-lens: args=(...)`.',
        largest._span,
    )


def _limited(traced: Traced, touches: Touches) -> Traced:
    """Integers that an embedding looks up stay below its size where nothing else limits them."""
    if traced.graph['framework'] == 'keras':
        limit_integers(traced.graph)
    for number, item in enumerate(traced.graph['inputs']):
        touch = touches.first.get(number)
        if item['kind'] == 'int' and 'high' not in item and touch is not None and touch.demand.high is not None:
            item['high'] = touch.demand.high
    return traced


class _NoForward(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(f'`{name}` has no `forward`, so there is no way through it to follow. Name the parts that are called.')


def _takes_any(model: Any) -> bool:
    found = inspect.signature(model.forward).parameters.values()
    return any(p.kind is p.VAR_POSITIONAL or p.default is not p.empty for p in found)


def _at(span: Span | None) -> str:
    return '' if span is None else f' in line {span["range"]["start"]["line"] + 1}'


def _input_guesses(graph: dict[str, Any], span: Span | None) -> list[Guess]:
    return [
        {'message': f'Input `{item["name"]}` is a guess: {item["reason"]}', 'span': span}
        for item in graph['inputs']
        if item['origin'] == 'guessed'
    ]


def _unread(candidate: Candidate, found: Problem) -> ReadModel:
    return {
        'name': candidate.name,
        'entry': candidate.entry,
        'framework': candidate.framework,
        'span': candidate.span,
        'graph': None,
        'unread': found,
        'guesses': list(candidate.guesses),
    }
