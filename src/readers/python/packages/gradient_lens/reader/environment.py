"""The world around a user's script: its command line, its clock, and the hooks through which its training is watched."""

from __future__ import annotations

import argparse
import inspect
import csv
import io
import os
import re
import sys
import time
from typing import Any

import torch
from torch.optim import optimizer as optimisers
from torch.utils.data import _loader as loaders

from ..inert import Inert, call_hooks, decision_hooks, iteration_hooks, type_hooks, unknown_argument
from ..public.files import open_file
from ..public.readers import csv_reader, csv_records
from ..repetition import repetition
from ..session import session
from ..spans import USER_ROOT, here
from ..work import work_hooks, worked
from .assumptions import assumed_value
from .constructions import Constructions, is_own, is_reported
from .models import ROOTS, as_tensors, is_symbolic, is_torch, parameters, takes_unknown, unwrapped
from .observation import Observation, OptimiserSeen
from .patches import Patches
from .problems import Guess
from .stops import LoopWatch
from .tensors import Module
from .touches import TouchListeners
from . import draws, unknowns

_PLACE = re.compile(r'\b(?:path|dir(?:ectory)?|folder|file(?:name)?|root|checkpoint)s?\b|_(?:path|dir|file|root)\b', re.IGNORECASE)
_ALTERNATIVES = re.compile(r'([\w.-]+)(?:\s*\|\s*[\w.-]+)+')


class Environment:
    """Puts the hooks in place."""

    def __init__(self, seen: Observation, constructions: Constructions, listeners: TouchListeners) -> None:
        self.seen = seen
        self.constructions = constructions
        self.listeners = listeners
        #: What was assumed for the whole script, its command line for one.
        self.guesses: list[Guess] = []
        #: Options that the reader sets itself, because they lead to the model that is looked for.
        self.chosen: dict[str, str] = {}
        #: Whether one of them has a default of its own.
        self.overridden = False
        #: The words of the command line.
        self.commands: list[str] = []

    def install(self, path: str, patches: Patches, watch: LoopWatch) -> None:
        unknowns.install()
        draws.install(patches)
        patches.add(work_hooks, watch.work)
        self.constructions.install(patches)
        self._watch_calls(patches)
        patches.add(session.loss_observers, self.seen.saw_loss)
        patches.add(optimisers.construction_hooks, self._optimiser)
        patches.add(optimisers.step_hooks, lambda _: self.seen.visit())
        patches.add(loaders.iteration_hooks, self.seen.saw_loader)
        patches.add(call_hooks, self._unknown_call)
        patches.add(decision_hooks, self.constructions.decisions.answer)
        patches.add(type_hooks, self.constructions.decisions.typed)
        patches.add(iteration_hooks, self.constructions.decisions.gathered)
        self._command_line(path, patches)
        folder = os.path.dirname(USER_ROOT + path)
        if os.path.isdir(folder):
            os.chdir(folder)
            patches.add(sys.path, folder, 0)
        session.public_data.clear()
        # `pathlib` opens files by this one.
        patches.set(io, 'open', open_file)
        patches.set(csv, 'reader', csv_reader)
        patches.set(csv, 'DictReader', csv_records)
        # A script that waits would only spend the time limit.
        patches.set(time, 'sleep', _no_wait)
        # Progress bars write here; nobody reads it.
        patches.set(sys, 'stdout', _Nowhere())
        patches.set(sys, 'stderr', _Nowhere())

    # ---- models ----

    def _watch_calls(self, patches: Patches) -> None:
        for root in ROOTS:
            patches.set(root, '__call__', self._watched(root.__call__))

    def _watched(self, plain: Any) -> Any:
        seen, listeners = self.seen, self.listeners

        def __call__(model: Any, *arguments: Any, **keywords: Any) -> Any:
            if repetition.loops and not session.recording and repetition.running():
                if is_symbolic(arguments, keywords):
                    self.constructions.counts.connected(model)
                with repetition.afresh():
                    return called(model, *arguments, **keywords)
            return called(model, *arguments, **keywords)

        def called(model: Any, *arguments: Any, **keywords: Any) -> Any:
            if session.recording:
                unknown = unknown_argument(arguments, keywords)
                if unknown is not None:
                    if session.stepping and model._is_loss and unknowns.loss_of_unknown(model, arguments):
                        return unknowns.lost(type(model).__name__)
                    unknowns.refuse(unknown, type(model).__name__)
                if listeners.current is not None:
                    listeners.current.saw(model, arguments)
            elif session.frame is None and not is_symbolic(arguments, keywords) and not takes_unknown(model):
                inner = unwrapped(model)
                if inner is not model:
                    # A call of what spreads a model over devices is a call of the model.
                    return inner(*arguments, **keywords)
                arguments = as_tensors(model, arguments)
                counts = self._counts(model)
                if not counts and model._is_loss and unknown_argument(arguments, keywords) is not None:
                    unknowns.loss_of_unknown(model)
                if counts or unknown_argument(arguments, keywords) is not None:
                    run = lambda: plain(model, *arguments, **keywords)  # noqa: E731
                    return seen.call(model, arguments, keywords, run, counts=counts)
            return plain(model, *arguments, **keywords)

        return __call__

    def _counts(self, model: Any) -> bool:
        """Whether a called module may be a model: something with weights, and not a loss."""
        if not isinstance(model, Module) or model._is_loss:
            return False
        return bool(parameters(model)) if is_torch(model) else is_reported(type(model)) or is_own(type(model))

    def _unknown_call(self, label: str, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        """`summary(model, (3, 32, 32))` and the like say what goes in, whatever package they come from."""
        if session.recording:
            return
        worked()
        models = [item for item in (*arguments, *keywords.values()) if isinstance(item, Module)]
        if len(models) != 1 or not self._counts(models[0]):
            return
        tensors = [item for item in (*arguments, *keywords.values()) if isinstance(item, torch.Tensor)]
        if not tensors:
            tensors = self._summary_inputs(label, arguments, keywords)
        if tensors:
            models[0](*tensors)

    def _summary_inputs(self, label: str, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> list[Any]:
        if not re.search(r'summary|profile|flops|draw_graph', label, re.IGNORECASE):
            return []
        size = keywords.get('input_size', arguments[1] if len(arguments) > 1 else None)
        held: list[Any] = size if isinstance(size, list) else [size]
        shapes: list[tuple[Any, ...]] = [tuple(item) for item in held if isinstance(item, (tuple, list))]
        if not shapes or not all(isinstance(n, int) for shape in shapes for n in shape):
            return []
        # torchsummary leaves the batch away, torchinfo does not.
        whole = 'torchinfo' in label or 'draw_graph' in label
        return [torch.randn(*(shape if whole else (2, *shape))) for shape in shapes]

    # ---- optimisers ----

    def _optimiser(self, optimiser: Any) -> None:
        rate = optimiser.defaults.get('lr')
        if optimiser.param_groups:
            rate = optimiser.param_groups[0].get('lr', rate)
        momentum = optimiser.defaults.get('momentum')
        held = [parameter for group in optimiser.param_groups for parameter in group['params']]
        self.seen.saw_optimiser(
            OptimiserSeen(
                type(optimiser).__name__, _number(rate), _number(momentum), here(), frozenset(id(item) for item in held)
            )
        )

    # ---- command line ----

    def _command_line(self, path: str, patches: Patches) -> None:
        patches.set(sys, 'argv', [os.path.basename(path)])
        plain: Any = argparse.ArgumentParser.parse_known_args

        def parse_known_args(parser: Any, args: Any = None, namespace: Any = None) -> Any:
            if args is None:
                self.commands = []
                for action in parser._actions:
                    self._fill_in(action)
                args = self.commands
            return plain(parser, args, namespace)

        patches.set(argparse.ArgumentParser, 'parse_known_args', parse_known_args)

    def _fill_in(self, action: Any) -> None:
        """A required argument gets the first of its choices, or what its name suggests."""
        positional = not action.option_strings
        if action.dest in self.chosen and action.type in (None, str) and action.nargs in (None, '?'):
            self.overridden = self.overridden or not (action.required or positional)
            self._set(action, self.chosen[action.dest])
            return
        if not (action.required or positional) or action.nargs in ('?', '*', 0, argparse.PARSER):
            if action.nargs == argparse.PARSER:
                self._choose_command(action)
            return
        value = _plausible(action)
        self._set(action, value)
        if _is_place(action, value):
            return
        name = action.option_strings[0] if action.option_strings else action.dest
        self.guesses.append(
            {'message': f'The command line needs `{name}`; {value!r} is assumed.', 'span': here(3)}
        )

    def _choose_command(self, action: Any) -> None:
        """`script.py train ...`: of several commands the one that trains, and what it needs."""
        action.required = False
        trains = [name for name in action.choices if re.search('train|fit', str(name))]
        if trains:
            for inner in action.choices[trains[0]]._actions:
                self._fill_in(inner)
            self.commands.append(trains[0])

    def _set(self, action: Any, value: Any) -> None:
        action.required = False
        if not action.option_strings:
            action.nargs = '?'
        action.default = value


class _Nowhere(io.TextIOBase):
    """An output that keeps nothing."""

    encoding = 'utf-8'

    def write(self, text: str, /) -> int:
        return len(text)


def _no_wait(seconds: float) -> None:
    return


def _plausible(action: Any) -> Any:
    if action.choices:
        return next(iter(action.choices))
    named = _ALTERNATIVES.search(action.help or '')
    if named is not None and action.type in (None, str):
        return named[1]
    if action.type in (int, float):
        try:
            value = assumed_value(inspect.Parameter(action.dest, inspect.Parameter.KEYWORD_ONLY))
        except KeyError:
            return action.type(1)
        return action.type(value) if isinstance(value, (int, float)) else action.type(1)
    return 'data' if action.type in (None, str) else Inert(f'args.{action.dest}')


def _is_place(action: Any, value: Any) -> bool:
    """Whether an option only says where files lie, which are not here in any case."""
    text = f'{action.dest} {action.metavar or ""} {action.help or ""}'
    return value == 'data' and _PLACE.search(text) is not None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
