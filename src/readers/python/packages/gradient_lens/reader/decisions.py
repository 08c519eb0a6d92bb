"""Decisions that hang on something unknown: which way is read, and which models are told that it is a guess."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from ..repetition import UnknownLoop, repetition
from ..session import session
from ..spans import is_user_code
from .places import Place, Places
from .problems import Guess

_HELD = '__gradient_lens_decisions__'


@dataclass
class _Scope:
    """The decisions of one run of a function, or of a file."""

    taken: dict[Place, Guess] = field(default_factory=dict)
    loops: dict[Any, _While] = field(default_factory=dict)


@dataclass
class _While:
    loop: UnknownLoop
    #: The operands of the condition that have been asked in this round.
    asked: set[Place]
    ending: bool = False


class Decisions:
    """Answers for unknown values that are asked whether they hold."""

    def __init__(self, bases: tuple[type, ...], known: dict[int, Any]) -> None:
        self._bases = bases
        #: The constructions of models, by the models' ids.
        self._known = known
        self._places = Places()
        self._files: dict[int, _Scope] = {}
        self.any = False

    def forget(self) -> None:
        self._files.clear()
        self.any = False

    def answer(self, frame: FrameType, label: str, usual: bool) -> bool:
        """Whether an unknown value counts as true where it is asked for; `usual` is what it says of itself."""
        place = self._places.condition(frame.f_code, frame.f_lasti)
        if place is None:
            return usual
        if place.kind == 'assert':
            return not place.negated
        if place.kind == 'check':
            # What would stop the script here does not happen.
            return place.negated
        if place.kind == 'while':
            return self._while(frame, place, label) != place.negated
        if place.matters:
            way = 'held' if usual else 'did not hold'
            self._note(frame, place, f'`{label}` is not known here; this is read as if it {way}.')
        return usual

    def typed(self, frame: FrameType, label: str) -> None:
        """The type of something unknown is asked for; the answer is no, as for a type that nobody thought of."""
        place = self._places.condition(frame.f_code, frame.f_lasti)
        # What an `assert` or a check refuses is told as an error.
        if place is not None and place.kind in ('branch', 'while') and place.matters:
            self._note(frame, place, f'The type of `{label}` is not known here; this is read as if it were none that is asked for.')

    def gathered(self, frame: FrameType, label: str) -> None:
        """A comprehension goes through something unknown, so that what it gathers has one item here."""
        place = self._places.gathering(frame.f_code, frame.f_lasti)
        if place is not None and place.matters:
            self._note(frame, place, f'How much there is in `{label}` is not known here; one item is taken.')

    def over(self, frame: FrameType) -> list[Guess]:
        """The decisions on which hangs what a frame is doing."""
        scope = self._scope(frame)
        if scope is None or not scope.taken:
            return []
        statement = self._places.statement(frame.f_code, frame.f_lasti)
        if statement is None:
            return []
        return [guess for place, guess in scope.taken.items() if place.covers(statement.path)]

    def _while(self, frame: FrameType, place: Place, label: str) -> bool:
        """Whether a loop goes on: once, as loops over something unknown do."""
        scope = self._made(frame)
        key = place.path[-1]
        state = scope.loops.get(key)
        if state is None or (state.ending and place in state.asked):
            loop = UnknownLoop(label, place.span, frame, place.lines)
            scope.loops[key] = _While(loop, {place})
            repetition.begin(loop)
            return True
        if state.ending or place in state.asked:
            if not state.ending:
                repetition.end(state.loop)
                state.ending, state.asked = True, set()
            state.asked.add(place)
            return False
        state.asked.add(place)
        return True

    def _note(self, frame: FrameType, place: Place, what: str) -> None:
        scope = self._scope(frame)
        if scope is not None and place in scope.taken and session.recorder is None:
            return
        guess: Guess = {
            'message': f'{what} Write the value in the file, or give it to the constructor as an argument and say it above the '
            'class: `# gradient-lens: args=(...)`.',
            'span': place.span,
        }
        if session.recorder is not None:
            session.recorder.guess(guess['message'], guess['span'])
            return
        outer: FrameType | None = frame
        at: Place | None = place
        while outer is not None and at is not None and at.matters:
            if not self._keep(outer, at, guess):
                return
            outer = outer.f_back
            while outer is not None and not is_user_code(outer.f_code.co_filename):
                outer = outer.f_back
            at = None if outer is None else self._places.statement(outer.f_code, outer.f_lasti)

    def _keep(self, frame: FrameType, place: Place, guess: Guess) -> bool:
        """Notes a decision in a frame; whether it goes on to what called the frame's code."""
        code = frame.f_code
        if code.co_name.startswith('<') and code.co_name != '<module>':
            # A generator or a lambda: what it stands in decides.
            return True
        model = frame.f_locals.get('self')
        if code.co_name == '__init__' and isinstance(model, self._bases):
            self._tell(model, guess)
            return False
        self.any = True
        self._made(frame).taken.setdefault(place, guess)
        for name in place.changed:
            self._tell(frame.f_locals.get(name), guess)
        return code.co_name != '<module>' and place.given_back

    def _tell(self, model: Any, guess: Guess) -> None:
        construction = self._known.get(id(model))
        if construction is not None and guess not in construction.guesses:
            construction.guesses.append(guess)

    def _scope(self, frame: FrameType) -> _Scope | None:
        # Each statement of a file is run by itself, in a frame of its own.
        if frame.f_code.co_name == '<module>':
            return self._files.get(id(frame.f_globals))
        return frame.f_locals.get(_HELD)

    def _made(self, frame: FrameType) -> _Scope:
        scope = self._scope(frame)
        if scope is None:
            scope = _Scope()
            if frame.f_code.co_name == '<module>':
                self._files[id(frame.f_globals)] = scope
            else:
                frame.f_locals[_HELD] = scope
        return scope
