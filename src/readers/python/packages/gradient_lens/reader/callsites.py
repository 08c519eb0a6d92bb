"""Scripts of the workspace that use the file: what they give its models counts as if the file itself gave it."""

from __future__ import annotations

import copy
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from ..spans import USER_ROOT
from .constructions import Constructions
from .definitions import Definitions
from .dispatch import Choice, choices_for
from .environment import Environment
from .execution import Executor
from .importing import WorkspaceFinder, dotted_name, workspace_roots
from .models import modules, unwrapped
from .observation import Observation
from .problems import Guess
from .sources import Parsed, parse
from .stops import CALLER_OPS, CALLER_ROUNDS, IMPORT_ROUNDS, SCRIPT_OPS
from .tolerance import lenient, prepare

#: Runs of one script with different options, each of which builds another model of the file.
_MOST_RUNS = 4


@dataclass
class CallSites:
    """Runs the scripts at `paths`, nearest to the file first, as long as something about its models is not known."""

    paths: list[str]
    active: str
    definitions: Definitions
    executor: Executor
    workspace: WorkspaceFinder
    seen: Observation
    constructions: Constructions
    environment: Environment
    #: What was assumed for the run in which a model was made or called, by the model's id.
    assumed: dict[int, list[Guess]] = field(default_factory=dict)

    def run(self, wanted: Callable[[], set[str]], own: Callable[[type], bool]) -> None:
        """`wanted` are the classes that nothing has called yet; `own` tells those of the file."""
        if not self.paths:
            return
        self._take_own_place()
        watch = self.executor.watch
        watch.most_rounds, watch.most_ops = CALLER_ROUNDS, CALLER_OPS
        self.seen.concerns = lambda model: _holds(model, own)
        try:
            for path in self.paths:
                if self.executor.out_of_time or (not wanted() and self._losses_seen(own)):
                    return
                self._script(path, wanted, own)
        finally:
            self.seen.concerns = None
            watch.most_rounds, watch.most_ops = IMPORT_ROUNDS, SCRIPT_OPS
            self.environment.chosen = {}

    def _script(self, path: str, wanted: Callable[[], set[str]], own: Callable[[type], bool]) -> None:
        left = self._choices(wanted())
        self.environment.overridden = False
        for _ in range(_MOST_RUNS):
            choice = left[0] if left else None
            self.environment.chosen = {} if choice is None else {choice.option: choice.value}
            self._attempt(path, own)
            # Of the options that are left, those count that lead to something that is still wanted.
            left = [item for item in self._choices(wanted()) if item in left and item != choice]
            if self.executor.out_of_time or not wanted():
                return
            # Where what was chosen has a default, that may lead to the rest.
            if not left and (choice is None or not self.environment.overridden):
                return

    def _choices(self, wanted: set[str]) -> list[Choice]:
        defined = {*self.definitions.classes, *self.definitions.functions}
        makers = {name for name in defined if name in wanted or self.definitions.uses(name, wanted)}
        return choices_for(makers, self.active)

    def _attempt(self, path: str, own: Callable[[type], bool]) -> None:
        """One run; a second one that passes over what fails, where the first ended before it called a model."""
        try:
            with open(USER_ROOT + path, encoding='utf-8') as file:
                parsed = parse(file.read(), path, USER_ROOT + path)
        except (OSError, UnicodeDecodeError):
            return
        called = len(self.seen.calls)
        failed = self._execute(path, parsed, own)
        if failed and len(self.seen.calls) == called and not self.executor.out_of_time:
            again = Parsed(lenient(copy.deepcopy(parsed.tree)), [], parsed.lost)
            self._execute(path, again, own, past_failures=True)

    def _execute(self, path: str, parsed: Parsed, own: Callable[[type], bool], *, past_failures: bool = False) -> bool:
        """Runs the script; whether a statement of it failed."""
        calls, made, losses = len(self.seen.calls), len(self.constructions.all()), len(self.seen.losses)
        failures, self.executor.failures = self.executor.failures, []
        guesses, self.environment.guesses = self.environment.guesses, []
        roots, folder = self.workspace.roots, os.getcwd()
        self.workspace.roots = list(dict.fromkeys([*workspace_roots(path), *roots]))
        arguments, sys.argv = sys.argv, [os.path.basename(path)]
        name = dotted_name(path)
        module = ModuleType(name)
        module.__file__ = USER_ROOT + path
        module.__package__ = name.rpartition('.')[0]
        prepare(module.__dict__)
        leave = sys.exit
        if past_failures:
            # A script that gives up for want of hardware or data goes on.
            sys.exit = module.__dict__['exit'] = module.__dict__['quit'] = _stay
        before, sys.modules[name] = sys.modules.get(name), module
        try:
            os.chdir(os.path.dirname(USER_ROOT + path))
            self.executor.run(module, parsed, path, guard=True)
            self._run_tests(module, parsed)
            return bool(self.executor.failures)
        except OSError:
            return False
        finally:
            os.chdir(folder)
            sys.exit = leave
            if before is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = before
            sys.argv, self.workspace.roots = arguments, roots
            self._keep_own(calls, made, losses, own)
            self.executor.failures, self.environment.guesses = failures, guesses

    def _run_tests(self, module: ModuleType, parsed: Parsed) -> None:
        """Test functions are not run by their file, but by what collects them."""
        for name in Definitions.of(parsed.tree).functions:
            function: Any = module.__dict__.get(name)
            code = getattr(function, '__code__', None)
            if name.startswith('test') and code is not None and not code.co_argcount and not self.executor.out_of_time:
                self.executor.call(function)

    def _keep_own(self, calls: int, made: int, losses: int, own: Callable[[type], bool]) -> None:
        """Models of other files that the script makes and calls as well are theirs to report."""
        seen = self.seen
        seen.calls[calls:] = [call for call in seen.calls[calls:] if own(type(unwrapped(call.model)))]
        seen.losses[losses:] = [loss for loss in seen.losses[losses:] if loss.model is not None]
        for model in (*(call.model for call in seen.calls[calls:]), *(item.module for item in self.constructions.all()[made:])):
            self.assumed.setdefault(id(model), self.environment.guesses)

    def _losses_seen(self, own: Callable[[type], bool]) -> bool:
        return any(own(type(unwrapped(loss.model))) for loss in self.seen.losses)

    def _take_own_place(self) -> None:
        """Scripts are to get the file as it was run, not a copy that its package has imported before."""
        module = sys.modules['__main__']
        filename = USER_ROOT + self.active
        self.workspace.given[filename] = module
        copies = [held for held in sys.modules.values() if held is not module and getattr(held, '__file__', None) == filename]
        if copies:
            for name, held in list(sys.modules.items()):
                if held is not module and str(getattr(held, '__file__', None) or '').startswith(USER_ROOT):
                    del sys.modules[name]
        sys.modules[dotted_name(self.active)] = module


def _stay(status: object = None) -> Any:
    return None


def _holds(model: Any, own: Callable[[type], bool]) -> bool:
    return any(own(type(part)) for part in modules(model))

