"""Group the files of manifests by the configuration that they belong to.

Every file that the PATHs name belongs to the nearest `reconciler.yaml` in or above its folder, or to the one that is
given. Without PATHs, the files are those that the configuration of the current folder names. A configuration is read
once, all reading goes through `Files`, and no manifest is read.
"""

import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from reconciler.config.configuration import Configuration, parse_configuration
from reconciler.config.manifest_files import files_of_configuration
from reconciler.diagnostics import Diagnostic, Location, any_error, error
from reconciler.manifest.containment import Bounds, ReadRefusal, ReferencedFile, check_files, check_location
from reconciler.manifest.loader import explain_missing
from reconciler.manifest.paths import (
    RULE,
    Match,
    explain_unreadable,
    find_matches,
    is_linked,
    refused_links,
    repository_top,
)
from reconciler.manifest.unrecognized import explain_unrecognized
from reconciler.models.project_file import FILE_NAME, KIND
from reconciler.ports import Files
from reconciler.rules import InputRule
from reconciler.yamlio import parse
from reconciler.yamlio.nodes import SourceMap


@dataclass(frozen=True, slots=True)
class Project:
    """The files of manifests that belong to one configuration, or to none.

    `root` is the folder that their template files have to be in; None: the folder of each manifest. `all_files` are all
    files that the configuration names.
    """

    files: tuple[str, ...]
    configuration: Configuration | None = None
    root: str | None = None
    all_files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundProjects:
    """The projects, in the order of their first files, and the problems of PATHs and configurations."""

    projects: tuple[Project, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def is_broken(self) -> bool:
        """Whether errors keep some files from being found."""
        return any_error(self.diagnostics)


def find_projects(paths: Sequence[str], config: str | None, files: Files, rules: Collection[str]) -> FoundProjects:
    """Find the projects of the PATHs; `config` is the one configuration for all of them, None for the nearest.

    `rules` are the ids that the `lint` of a configuration may name.
    """
    search = _ProjectSearch(files, rules)
    if paths:
        grouped = search.grouped(paths, config)
    else:
        nearest = search.of_file(config) if config else search.nearest(".")
        grouped = {nearest: None} if nearest else {}
    projects = tuple(search.project(config_file, names) for config_file, names in grouped.items())
    return FoundProjects(tuple(project for project in projects if project), tuple(search.problems))


class _ProjectSearch:
    """The configurations found so far, by the name of their file; "" stands for none."""

    def __init__(self, files: Files, rules: Collection[str]) -> None:
        self.problems: list[Diagnostic] = []
        self._files = files
        self._rules = rules
        self._here = PurePath(files.real("."))
        self._by_folder: dict[str, str] = {}
        self._known: dict[str, Configuration | None] = {}
        self._broken: set[str] = set()

    def grouped(self, paths: Sequence[str], config: str | None) -> dict[str, tuple[str, ...] | None]:
        """Return the files of the PATHs by the configuration that they belong to.

        A PATH that is a configuration means all files that it names; None stands for these.
        """
        named_file = self.of_file(config) if config else None
        groups: dict[str, list[str] | None] = {}
        for path in paths:
            if PurePath(path).name == FILE_NAME and named_file is None:
                groups[self.of_file(path)] = None
        manifest_files, problems = find_matches([path for path in paths if path not in groups], self._files)
        self.problems += problems
        for name in self._readable(manifest_files, named_file):
            config_file = self.nearest(str(PurePath(name).parent)) if named_file is None else named_file
            group = groups.setdefault(config_file, [])
            if group is not None:
                group.append(name)
        if named_file and not groups:
            groups[named_file] = []
        return {config_file: None if group is None else tuple(group) for config_file, group in groups.items()}

    def _readable(self, manifest_files: Sequence[Match], named_file: str | None) -> list[str]:
        """Return the files without links that lead out of bounds, which the user did not name."""
        linked: list[tuple[Match, Sequence[str]]] = []
        for match in manifest_files:
            if is_linked(match, self._files):
                top = repository_top(PurePath(self._files.real(match.start)), self._files)
                if top or not match.is_named:
                    around = [str(top)] if top and match.is_named else []
                    linked.append(
                        (
                            match,
                            [*around, *self._roots(self.nearest(match.start) if named_file is None else named_file)],
                        )
                    )
        refused = refused_links(linked, self._files)
        self.problems += refused.values()
        return [match.name for match in manifest_files if match.real not in refused]

    def _roots(self, config_file: str) -> Sequence[str]:
        """Return the folders (real names) in which a configuration allows files."""
        configuration = self._known.get(config_file)
        if configuration is None:
            return ()
        root = self._root(configuration)
        folder = str(PurePath(configuration.file).parent)
        return [self._files.real(place) for place in (root, folder) if isinstance(place, str)]

    def of_file(self, config: str) -> str:
        """Return the name of the configuration in a file, as `nearest` would return it."""
        try:
            content = self._files.read(config, parse.MAX_BYTES + 1)
        except FileNotFoundError:
            self.problems.append(explain_missing(config, self._files))
            self._broken.add(config)
        except OSError as failure:
            self.problems.append(explain_unreadable(config, failure))
            self._broken.add(config)
        else:
            folder = PurePath(self._files.real(str(PurePath(config).parent)))
            config = self._display_name(folder / PurePath(config).name)
            if config not in self._known and config not in self._broken:
                self._read(config, content, folder, is_named=True)
        return config

    def nearest(self, folder: str) -> str:
        """Return the name of the configuration in a folder, else of the nearest above it; "" for none."""
        real = PurePath(self._files.real(folder))
        passed: list[str] = []
        name = ""
        for parent in (real, *real.parents):
            if str(parent) in self._by_folder:
                name = self._by_folder[str(parent)]
                break
            passed.append(str(parent))
            name = self._in(parent)
            if name:
                break
        self._by_folder.update(dict.fromkeys(passed, name))
        return name

    def _in(self, folder: PurePath) -> str:
        name = self._display_name(folder / FILE_NAME)
        if name in self._known or name in self._broken:
            return name
        try:
            content = self._files.read(name, parse.MAX_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except OSError as failure:
            self.problems.append(explain_unreadable(name, failure))
            self._broken.add(name)
            return name
        self._read(name, content, folder)
        return name

    def _display_name(self, real: PurePath) -> str:
        """Return the name that a user in the current folder would use for a file."""
        if real.is_relative_to(self._here) or self._here.is_relative_to(real.parent):
            return os.path.relpath(real, self._here)
        return str(real)

    def _read(self, name: str, content: bytes, folder: PurePath, *, is_named: bool = False) -> None:
        reading = parse.read(content, name, quoted=False)
        configuration: Configuration | list[Diagnostic]
        if refusal := self._refused(name, folder, is_named=is_named):
            configuration = [error(RULE, refusal.message, refusal.remedy, Location(name))]
        elif reading.diagnostics:
            configuration = list(reading.diagnostics)
        else:
            configuration = _parsed(reading.documents, self._rules, is_ours=reading.is_ours)
        if isinstance(configuration, list):
            self.problems += configuration
            self._broken.add(name)
        else:
            self._known[name] = configuration

    def _refused(self, name: str, folder: PurePath, *, is_named: bool) -> ReadRefusal | None:
        """Return why a configuration that is a link may not be read; `is_named`: the user names it."""
        if self._files.real(name) == str(folder / PurePath(name).name):
            return None
        top = repository_top(folder, self._files)
        if top is None and is_named:
            return None
        bounds = Bounds((str(top or folder),), str(folder))
        (verdict,) = check_files([ReferencedFile(PurePath(name).name, name, bounds)], self._files)
        return verdict if isinstance(verdict, ReadRefusal) else None

    def project(self, config_file: str, names: tuple[str, ...] | None) -> Project | None:
        """Return the files of one configuration; `names` None: all that it names. None if it has errors."""
        if config_file in self._broken:
            return None
        configuration = self._known.get(config_file)
        if configuration is None:
            return Project(names or ())
        root = self._root(configuration)
        if isinstance(root, Diagnostic):
            self.problems.append(root)
            return None
        everything, problems = files_of_configuration(configuration, root, self._files)
        known = {(problem.rule, problem.location) for problem in self.problems}
        # A file that is both a PATH and an entry is reported once
        self.problems += (problem for problem in problems if (problem.rule, problem.location) not in known)
        return Project(everything if names is None else names, configuration, root, everything)

    def _root(self, configuration: Configuration) -> str | Diagnostic:
        folder = PurePath(configuration.file).parent
        if configuration.root is None:
            return str(folder)
        at = configuration.places.of_value(("root",))
        home = PurePath(self._files.real(str(folder)))
        bound, name = self._bound(home)
        verdict = check_location(
            ReferencedFile(configuration.root, str(folder / configuration.root), Bounds((str(bound),), str(home))),
            self._files,
        )
        if isinstance(verdict, str):
            return verdict
        if verdict.is_outside:
            message = f"`{configuration.root}` is outside {name} {bound}"
            return error(InputRule.ROOT, message, "name a folder inside it", at)
        return error(InputRule.ROOT, verdict.message, verdict.remedy, at)

    def _bound(self, folder: PurePath) -> tuple[PurePath, str]:
        """Return the topmost folder for a root: that of the repository, else the current folder, else its own."""
        if top := repository_top(folder, self._files):
            return top, "the git repository"
        if folder.is_relative_to(self._here):
            return self._here, "the current folder"
        return folder, "its own folder"


def _parsed(
    documents: Iterable[SourceMap], rules: Collection[str], *, is_ours: bool
) -> Configuration | list[Diagnostic]:
    """Return the one configuration in a file, or the problems of the file."""
    problems: list[Diagnostic] = []
    configurations: list[SourceMap] = []
    for places in documents:
        if isinstance(places.root, dict) and places.root.get("kind") == KIND:
            if is_ours:
                configurations.append(places)
            else:
                problems.append(explain_unrecognized(places))
        else:
            remedy = f"write `kind: {KIND}` in {FILE_NAME}, and move manifests to other files"
            problems.append(
                error(InputRule.WRONG_KIND, "this is not a configuration", remedy, places.of_value(("kind",)))
            )
    for places in configurations[1:]:
        message = "the file contains a second configuration"
        problems.append(error(InputRule.DUPLICATE_NAME, message, "keep one of them", places.of_value(())))
    for places in configurations[:1]:
        parsed = parse_configuration(places, rules)
        if isinstance(parsed, Configuration) and not problems:
            return parsed
        problems += () if isinstance(parsed, Configuration) else parsed
    return problems
