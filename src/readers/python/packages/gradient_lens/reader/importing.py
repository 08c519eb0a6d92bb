"""Where the user's imports come from: the workspace's own files for real, unknown packages as inert stand-ins."""

from __future__ import annotations

import importlib.machinery
import os
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from types import ModuleType
from typing import Any

from ..inert import Inert
from ..spans import USER_ROOT
from .execution import Executor
from .problems import Problem
from .sources import parse, read_source


class InertModule(ModuleType):
    """A package that is not here: every name in it is unknown."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__dict__['__path__'] = []
        self.__all__: list[str] = []
        self.__file__ = None
        self.__version__ = '0'

    def __getattr__(self, name: str) -> Any:
        if name.startswith('__') and name.endswith('__'):
            raise AttributeError(name)
        return Inert(f'{self.__name__}.{name}')

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        # `import unknown` and `unknown(x)`: packages that are functions exist.
        return Inert(self.__name__)(*arguments, **keywords)


class _InertLoader(Loader):
    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return InertModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        return


class InertFinder(MetaPathFinder):
    """The last resort for packages that are neither in the standard library nor in the workspace."""

    def __init__(self) -> None:
        #: Top-level names of the packages that were made up.
        self.names: set[str] = set()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        top = fullname.partition('.')[0]
        parent = sys.modules.get(fullname.rpartition('.')[0])
        if parent is not None and not isinstance(parent, InertModule):
            # A missing part of a package that is here. Ours give what they lack as unknown; the user's own are a mistake.
            home = getattr(parent, '__file__', None) or next(iter(getattr(parent, '__path__', [])), '')
            if str(home).startswith(USER_ROOT) or top in sys.stdlib_module_names:
                return None
        self.names.add(top)
        return importlib.machinery.ModuleSpec(fullname, _InertLoader(), is_package=True)


class WorkspaceLoader(Loader):
    """Executes a workspace file statement by statement."""

    def __init__(self, finder: WorkspaceFinder, filename: str) -> None:
        self.finder = finder
        self.filename = filename

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self.finder.given.get(self.filename)

    def exec_module(self, module: ModuleType) -> None:
        if module is self.finder.given.get(self.filename):
            return
        module.__file__ = self.filename
        self.finder.execute(module, self.filename)

    def get_source(self, fullname: str) -> str:
        return read_source(self.filename)


class WorkspaceFinder(MetaPathFinder):
    """Finds modules in the mounted workspace: beside the file, in the folders above it, and where `sys.path` says."""

    def __init__(self, roots: list[str], executor: Executor) -> None:
        self.roots = roots
        self.executor = executor
        #: Workspace files that took part, in the order of their import.
        self.files: list[str] = []
        self.problems: list[Problem] = []
        #: Modules that stand for a file, by its name, in place of a fresh run of it.
        self.given: dict[str, ModuleType] = {}

    def execute(self, module: ModuleType, filename: str) -> None:
        """Runs a workspace file as `module`."""
        path = filename.removeprefix(USER_ROOT)
        if path not in self.files:
            self.files.append(path)
        parsed = parse(read_source(filename), path, filename)
        self.problems.extend(parsed.problems)
        self.executor.run(module, parsed, path, guard=False)

    def _places(self, path: Sequence[str] | None) -> list[str]:
        if path is not None:
            return [place for place in path if place.startswith(USER_ROOT.rstrip('/'))]
        extra = [os.path.abspath(entry) for entry in sys.path]
        return [*self.roots, *(place for place in extra if (place + '/').startswith(USER_ROOT))]

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        name = fullname.rpartition('.')[2]
        folders: list[str] = []
        for place in dict.fromkeys(self._places(path)):
            stem = os.path.join(place, name)
            package = os.path.join(stem, '__init__.py')
            if os.path.isfile(package):
                return self._spec(fullname, package, [stem])
            if os.path.isfile(stem + '.py'):
                return self._spec(fullname, stem + '.py', None)
            if os.path.isdir(stem) and stem not in folders:
                folders.append(stem)
        if not folders:
            return None
        # A folder without `__init__.py`: a namespace package.
        spec = importlib.machinery.ModuleSpec(fullname, None, is_package=True)
        spec.submodule_search_locations = folders
        return spec

    def _spec(self, fullname: str, filename: str, inside: list[str] | None) -> importlib.machinery.ModuleSpec:
        spec = importlib.machinery.ModuleSpec(
            fullname, WorkspaceLoader(self, filename), origin=filename, is_package=inside is not None
        )
        spec.has_location = True
        if inside is not None:
            spec.submodule_search_locations = inside
        return spec


def dotted_name(path: str) -> str:
    """The name by which other workspace files import a file: its folders as long as they hold `__init__.py`."""
    folder, file = os.path.split(USER_ROOT + path)
    parts = [] if file == '__init__.py' else [file.removesuffix('.py')]
    while folder + '/' != USER_ROOT and os.path.isfile(os.path.join(folder, '__init__.py')):
        folder, name = os.path.split(folder)
        parts.insert(0, name)
    return '.'.join(parts) or '__init__'


def workspace_roots(path: str) -> list[str]:
    """The file's own folder and those above it, nearest first: any of them may be the one that Python is run from."""
    folder = os.path.dirname(USER_ROOT + path)
    roots = [folder]
    while folder + '/' != USER_ROOT and len(folder) > len(USER_ROOT):
        folder = os.path.dirname(folder)
        roots.append(folder)
    return roots
