"""One reading, from request to result: run the file, gather its models, read each."""

from __future__ import annotations

import copy
import json
import sys
from types import ModuleType
from typing import Any, NotRequired, TypedDict

from keras._context import context as keras_context

from ..inert import Inert
from ..repetition import repetition
from ..session import session
from ..spans import USER_ROOT
from .bindings import Bindings
from .building import Builder
from .callsites import CallSites
from .candidates import Candidate, Naming
from .constructions import Constructions, is_own
from .definitions import Definitions
from .demonstrations import Demonstrations
from .directives import find_directives
from .discovery import Discovery
from .environment import Environment
from .execution import Executor
from .factories import Factories
from .importing import InertFinder, WorkspaceFinder, dotted_name, workspace_roots
from .modelling import Modelling, ReadModel
from .models import ROOTS
from .observation import Observation
from .omissions import Line, Omissions
from .patches import Patches
from .policy import problems_to_report
from .problems import Problem, problem
from .publicity import tell_public_data
from .sources import Parsed, parse, read_source
from .stops import LoopWatch
from .tolerance import lenient, missing_names, prepare
from .touches import TouchListeners
from . import tracing


#: Numbers in the graphs of one answer beyond which the memory of the interpreter might not suffice.
_MOST_NUMBERS = 2**21


class Request(TypedDict):
    path: str
    files: NotRequired[list[dict[str, str]]]
    entry: NotRequired[str]
    inputs: NotRequired[list[dict[str, Any]]]
    batch: NotRequired[int]
    #: Scripts of the workspace that use the file.
    callers: NotRequired[list[str]]
    #: Lines of statements that are not to be run, and whether definitions alone are: the file has brought the interpreter down.
    leaveOut: NotRequired[list[Line]]
    definitionsOnly: NotRequired[bool]


class Result(TypedDict):
    problems: list[Problem]
    models: list[ReadModel]
    files: list[str]
    #: Entries of models for which the time did not suffice; each can be asked for by itself.
    later: NotRequired[list[str]]


def read_json(request_json: str) -> str:
    return json.dumps(read_request(json.loads(request_json)), ensure_ascii=False, allow_nan=False)


def read_request(request: Request) -> Result:
    """Reads the file that a request names."""
    path = request['path']
    try:
        text = read_source(USER_ROOT + path)
    except OSError as error:
        return {'problems': [problem('not-readable', f'`{path}` cannot be read: {error}.')], 'models': [], 'files': [path]}
    return _Reading(request, path, text).run()


class _Reading:
    def __init__(self, request: Request, path: str, text: str) -> None:
        self.request = request
        self.path = path
        self.parsed = parse(text, path, USER_ROOT + path)
        self.directives, self.comment_problems = find_directives(text, self.parsed.tree, path)
        self.listeners = TouchListeners()
        self.constructions = Constructions(ROOTS)
        self.modelling = Modelling(
            path, request.get('batch', 2), request.get('inputs'), self.directives, self.listeners, self.constructions
        )
        self.seen = Observation(self.modelling.at_first_call)
        self.modelling.seen = self.seen
        self.seen.pending = self._pending
        self.environment = Environment(self.seen, self.constructions, self.listeners)
        self.watch = LoopWatch()
        self.executor = Executor(self.watch, Omissions.of(request))
        self.bindings = Bindings({})
        #: Modules that were there before the file ran.
        self.before = dict[str, ModuleType]()
        self.workspace = WorkspaceFinder(workspace_roots(path), self.executor)
        self.unknown = InertFinder()

    def run(self) -> Result:
        with Patches() as patches:
            return self._run(self._prepare(patches))

    def _run(self, module: ModuleType) -> Result:
        names = module.__dict__
        self.bindings.names = names
        self.executor.after = self.bindings.look
        self.watch.start()
        try:
            self.executor.run(module, self.parsed, self.path, guard=True)
            if self._failed_early():
                self._run_leniently(names)
            # The reader itself goes on importing from them.
            sys.modules.update(self.before)
            definitions = Definitions.of(self.parsed.tree)
            naming = Naming(names, self.constructions, self.bindings)
            factories = Factories(names, definitions, self.constructions, self.executor, self.watch, naming)
            self.call_sites = CallSites(
                self.request.get('callers', []), self.path, definitions, self.executor, self.workspace, self.seen,
                self.constructions, self.environment,
            )  # fmt: skip
            shown = Demonstrations(
                self.path, names, definitions, self.seen, self.constructions, self.executor, factories, self.call_sites
            )
            discovery = Discovery(
                names, definitions, self.seen, self.constructions, self.executor, self.watch, self.directives,
                naming, Builder(names, definitions, self.path), factories, shown,
            )  # fmt: skip
            entry = self.request.get('entry')
            if entry is None:
                candidates, problems = discovery.find(), discovery.problems()
            else:
                candidates, problems = discovery.find_entry(entry)
            models = self._models(candidates, discovery.factories.later)
        finally:
            self.watch.stop()
        problems = [
            *self.parsed.problems,
            *self.comment_problems,
            *self.workspace.problems,
            *problems,
            *problems_to_report(self.executor.failures, self.parsed.lost, models, self.path),
        ]
        files = [self.path, *(file for file in self.workspace.files if file != self.path)]
        result: Result = {'problems': problems, 'models': models, 'files': files}
        if discovery.factories.later:
            result['later'] = discovery.factories.later
        return result

    def _models(self, candidates: list[Candidate], later: list[str]) -> list[ReadModel]:
        """Reads one model after another; those that the time limit comes before, or the memory, are left for `later`."""
        found: list[ReadModel] = []
        numbers = 0
        for candidate in candidates:
            if self.modelling.out_of_time or numbers > _MOST_NUMBERS:
                later.append(candidate.entry)
                continue
            model = self._model(candidate)
            if self.modelling.out_of_time and found:
                later.append(candidate.entry)
            else:
                found.append(model)
                numbers += _numbers(model)
        return found

    def _pending(self) -> bool:
        called = {id(call.model) for call in self.seen.calls}
        made = [item for item in self.constructions.all() if not item.inside and is_own(type(item.module))]
        return any(id(item.module) not in called for item in made)

    def _failed_early(self) -> bool:
        """Whether the script ended before it called a model with something known, for want of data or the like."""
        failed = any(isinstance(item.error, Exception) and not item.definition for item in self.executor.failures)
        called = any(call.feed is not None for call in self.seen.calls)
        return failed and not called and not self.executor.out_of_time

    def _run_leniently(self, names: dict[str, Any]) -> None:
        """Runs the file once more, so that what fails is unknown and the rest goes on."""
        try:
            tree = lenient(copy.deepcopy(self.parsed.tree))
        except RecursionError:
            # An expression of thousands of terms.
            return
        failures = self.executor.failures
        self.executor.failures = []
        self.seen.forget()
        self.constructions.forget()
        self.bindings.forget()
        self.environment.guesses.clear()
        for name in [name for name in names if not name.startswith('__')]:
            del names[name]
        prepare(names)
        missing = missing_names(self.parsed.tree)
        left_open = any(isinstance(item.error, NameError) and item.error.name in missing for item in failures)
        if left_open:
            # Names that the file leaves to its reader: `num_classes` in a text that shows how it is done.
            names.update((name, Inert(name, name)) for name in missing)
        self.modelling.lenient = True
        again = Parsed(tree, [], self.parsed.lost, self.parsed.doubtful)
        self.executor.run(sys.modules['__main__'], again, self.path, guard=True)
        if not left_open:
            self.executor.later_failures, self.executor.failures = self.executor.failures, failures

    def _model(self, candidate: Candidate) -> ReadModel:
        read = self.modelling.read(candidate)
        broken = next((self.parsed.doubtful[name] for name in candidate.known_as if name in self.parsed.doubtful), None)
        if broken is not None:
            # The statement that does not parse may add a layer.
            read['graph'], read['unread'] = None, broken
        elsewhere = self.call_sites.assumed.get(id(candidate.model))
        if elsewhere is not None:
            read['guesses'].extend(elsewhere)
        elif candidate.model is not None and self.seen.calls_of(candidate.model):
            read['guesses'].extend(self.environment.guesses)
        tell_public_data(read['graph'])
        return read

    def _prepare(self, patches: Patches) -> ModuleType:
        """The module that the file becomes; importable by its real name, run under the name `__main__`."""
        patches.keep_modules()
        patches.add(sys.meta_path, self.workspace, 0)
        patches.add(sys.meta_path, self.unknown)
        tracing.install(patches)
        self.environment.install(self.path, patches, self.watch)
        patches.callback(_clear_session)
        self.watch.returns.append(self.constructions.returned)
        name = dotted_name(self.path)
        module = ModuleType('__main__')
        module.__file__ = USER_ROOT + self.path
        package = name if self.path.endswith('__init__.py') else name.rpartition('.')[0]
        module.__package__ = package or None
        if package:
            self._import_package(package)
        sys.modules['__main__'] = module
        if name not in sys.modules:
            sys.modules[name] = module
        self.before = dict(sys.modules)
        self.workspace.files.append(self.path)
        return module

    def _import_package(self, package: str) -> None:
        """The packages around the file are imported first, as `python -m` does."""
        self.watch.start()
        try:
            __import__(package)
        except Exception:
            # What they fail at shows again where the file itself imports it.
            return
        finally:
            self.watch.stop()


def _numbers(model: ReadModel) -> int:
    """Numbers that are written down in a model's graph."""
    nodes = model['graph']['nodes'] if model['graph'] is not None else []
    return sum(len(node['attributes']['values']) for node in nodes if node['op'] == 'constant')


def _clear_session() -> None:
    """What one file's code left behind is no business of the next."""
    session.losses.clear()
    session.grad, session.frame, session.recorder, session.backward_seen = True, None, None, False
    session.stepping = False
    session.derived = None
    session.workers.clear()
    session.worker = 'worker'
    repetition.clear()
    keras_context.clear()
