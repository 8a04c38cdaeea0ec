"""PATHs -> files of manifests, each under the configuration that is nearest to it.

Promise: `find_projects` finds for every file that the PATHs mean the `reconciler.yaml` nearest upwards of it, or the
one that is given, and for no PATH what the configuration of the current folder names. A configuration is read once. All
reading goes through `Files`; nothing of a manifest is looked at.
"""

import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from reconciler.config.configuration import Configuration, configured
from reconciler.config.manifest_files import of_configuration
from reconciler.diagnostics import Diagnostic, Location, any_error, error
from reconciler.manifest.containment import Bounds, ReadRefusal, ReferencedFile, contained, placed
from reconciler.manifest.foreign import foreign
from reconciler.manifest.loader import missing
from reconciler.manifest.paths import (
    RULE,
    Match,
    is_linked,
    matches,
    refused_links,
    top_of_repository,
    unreadable,
)
from reconciler.models.project_file import FILE_NAME, KIND
from reconciler.ports import Files
from reconciler.rules import InputRule
from reconciler.yamlio import parse
from reconciler.yamlio.nodes import SourceMap


@dataclass(frozen=True, slots=True)
class Project:
    """Files of manifests under one configuration, or under none.

    `root` is the folder that their template files have to be in; None: each manifest's own. `all_files` are all that
    the configuration names.
    """

    files: tuple[str, ...]
    configuration: Configuration | None = None
    root: str | None = None
    all_files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundProjects:
    """The projects, in the order of their first files, and what is wrong with PATHs and configurations."""

    projects: tuple[Project, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def is_broken(self) -> bool:
        """Whether it is not all there is."""
        return any_error(self.diagnostics)


def find_projects(paths: Sequence[str], config: str | None, files: Files, rules: Collection[str]) -> FoundProjects:
    """What the PATHs mean; `config` is the one configuration for all of them, `rules` what its `lint` may name."""
    finding = _ProjectSearch(files, rules)
    if paths:
        grouped = finding.grouped(paths, config)
    else:
        here = finding.of_file(config) if config else finding.nearest(".")
        grouped = {here: None} if here else {}
    made = tuple(finding.project(of_config, names) for of_config, names in grouped.items())
    return FoundProjects(tuple(one for one in made if one), tuple(finding.problems))


class _ProjectSearch:
    """What has been found so far. A configuration goes by the name of its file, "" for none."""

    def __init__(self, files: Files, rules: Collection[str]) -> None:
        self.problems: list[Diagnostic] = []
        self._files = files
        self._rules = rules
        self._here = PurePath(files.real("."))
        self._by_folder: dict[str, str] = {}
        self._known: dict[str, Configuration | None] = {}
        self._spoilt: set[str] = set()

    def grouped(self, paths: Sequence[str], config: str | None) -> dict[str, tuple[str, ...] | None]:
        """The files of the PATHs by the configuration that each is under.

        A PATH that is a configuration means all that it names.
        """
        given = self.of_file(config) if config else None
        groups: dict[str, list[str] | None] = {}
        for path in paths:
            if PurePath(path).name == FILE_NAME and given is None:
                groups[self.of_file(path)] = None
        found, problems = matches([path for path in paths if path not in groups], self._files)
        self.problems += problems
        for name in self._readable(found, given):
            of_config = self.nearest(str(PurePath(name).parent)) if given is None else given
            group = groups.setdefault(of_config, [])
            if group is not None:
                group.append(name)
        if given and not groups:
            groups[given] = []
        return {of_config: None if group is None else tuple(group) for of_config, group in groups.items()}

    def _readable(self, found: Sequence[Match], given: str | None) -> list[str]:
        """The files without links that lead out of bounds: those are no word of the user's."""
        linked: list[tuple[Match, Sequence[str]]] = []
        for match in found:
            if is_linked(match, self._files):
                top = top_of_repository(PurePath(self._files.real(match.start)), self._files)
                if top or not match.is_named:
                    around = [str(top)] if top and match.is_named else []
                    linked.append(
                        (match, [*around, *self._roots(self.nearest(match.start) if given is None else given)])
                    )
        refused = refused_links(linked, self._files)
        self.problems += refused.values()
        return [match.name for match in found if match.real not in refused]

    def _roots(self, of_config: str) -> Sequence[str]:
        """The folders (real names) in which a configuration lets files be."""
        configuration = self._known.get(of_config)
        if configuration is None:
            return ()
        root = self._root(configuration)
        folder = str(PurePath(configuration.file).parent)
        return [self._files.real(one) for one in (root, folder) if isinstance(one, str)]

    def of_file(self, config: str) -> str:
        """The configuration in this file, under the name that `nearest` would give it."""
        try:
            content = self._files.read(config, parse.MAX_BYTES + 1)
        except FileNotFoundError:
            self.problems.append(missing(config, self._files))
            self._spoilt.add(config)
        except OSError as failure:
            self.problems.append(unreadable(config, failure))
            self._spoilt.add(config)
        else:
            folder = PurePath(self._files.real(str(PurePath(config).parent)))
            config = self._called(folder / PurePath(config).name)
            if config not in self._known and config not in self._spoilt:
                self._read(config, content, folder, is_named=True)
        return config

    def nearest(self, folder: str) -> str:
        """The configuration in a folder or nearest above it."""
        real = PurePath(self._files.real(folder))
        passed: list[str] = []
        found = ""
        for around in (real, *real.parents):
            if str(around) in self._by_folder:
                found = self._by_folder[str(around)]
                break
            passed.append(str(around))
            found = self._in(around)
            if found:
                break
        self._by_folder.update(dict.fromkeys(passed, found))
        return found

    def _in(self, folder: PurePath) -> str:
        name = self._called(folder / FILE_NAME)
        if name in self._known or name in self._spoilt:
            return name
        try:
            content = self._files.read(name, parse.MAX_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except OSError as failure:
            self.problems.append(unreadable(name, failure))
            self._spoilt.add(name)
            return name
        self._read(name, content, folder)
        return name

    def _called(self, real: PurePath) -> str:
        """A file as a person would call it from here."""
        if real.is_relative_to(self._here) or self._here.is_relative_to(real.parent):
            return os.path.relpath(real, self._here)
        return str(real)

    def _read(self, name: str, content: bytes, folder: PurePath, *, is_named: bool = False) -> None:
        reading = parse.read(content, name, quoted=False)
        found: Configuration | list[Diagnostic]
        if refusal := self._refused(name, folder, is_named=is_named):
            found = [error(RULE, refusal.message, refusal.remedy, Location(name))]
        elif reading.diagnostics:
            found = list(reading.diagnostics)
        else:
            found = _understood(reading.documents, self._rules, is_ours=reading.is_ours)
        if isinstance(found, list):
            self.problems += found
            self._spoilt.add(name)
        else:
            self._known[name] = found

    def _refused(self, name: str, folder: PurePath, *, is_named: bool) -> ReadRefusal | None:
        """Why a configuration that is a link may not be read; `is_named`: a user names it."""
        if self._files.real(name) == str(folder / PurePath(name).name):
            return None
        top = top_of_repository(folder, self._files)
        if top is None and is_named:
            return None
        bounds = Bounds((str(top or folder),), str(folder))
        (verdict,) = contained([ReferencedFile(PurePath(name).name, name, bounds)], self._files)
        return verdict if isinstance(verdict, ReadRefusal) else None

    def project(self, of_config: str, names: tuple[str, ...] | None) -> Project | None:
        """The files of one configuration, `names` None: all that it names. None when it cannot be used."""
        if of_config in self._spoilt:
            return None
        configuration = self._known.get(of_config)
        if configuration is None:
            return Project(names or ())
        root = self._root(configuration)
        if isinstance(root, Diagnostic):
            self.problems.append(root)
            return None
        everything, problems = of_configuration(configuration, root, self._files)
        known = {(problem.rule, problem.location) for problem in self.problems}
        self.problems += (
            problem for problem in problems if (problem.rule, problem.location) not in known
        )  # of a PATH, say
        return Project(everything if names is None else names, configuration, root, everything)

    def _root(self, configuration: Configuration) -> str | Diagnostic:
        folder = PurePath(configuration.file).parent
        if configuration.root is None:
            return str(folder)
        at = configuration.places.of_value(("root",))
        home = PurePath(self._files.real(str(folder)))
        bound, what = self._bound(home)
        verdict = placed(
            ReferencedFile(configuration.root, str(folder / configuration.root), Bounds((str(bound),), str(home))),
            self._files,
        )
        if isinstance(verdict, str):
            return verdict
        if verdict.is_outside:
            message = f"`{configuration.root}` leads out of {what} {bound}"
            return error(InputRule.ROOT, message, "name a folder in it", at)
        return error(InputRule.ROOT, verdict.message, verdict.remedy, at)

    def _bound(self, folder: PurePath) -> tuple[PurePath, str]:
        """How far up a root may reach: the top of the repository, else the current folder, else its own."""
        if top := top_of_repository(folder, self._files):
            return top, "the git repository"
        if folder.is_relative_to(self._here):
            return self._here, "the current folder"
        return folder, "its own folder"


def _understood(
    documents: Iterable[SourceMap], rules: Collection[str], *, is_ours: bool
) -> Configuration | list[Diagnostic]:
    """The one configuration that a file has to hold."""
    problems: list[Diagnostic] = []
    configurations: list[SourceMap] = []
    for places in documents:
        if isinstance(places.root, dict) and places.root.get("kind") == KIND:
            if is_ours:
                configurations.append(places)
            else:
                problems.append(foreign(places))
        else:
            remedy = f"write `kind: {KIND}` in {FILE_NAME}, and manifests into files of their own"
            problems.append(error(InputRule.WRONG_KIND, "this is no configuration", remedy, places.of_value(("kind",))))
    for places in configurations[1:]:
        message = "a second configuration stands in one file"
        problems.append(error(InputRule.DUPLICATE_NAME, message, "keep one of them", places.of_value(())))
    for places in configurations[:1]:
        found = configured(places, rules)
        if isinstance(found, Configuration) and not problems:
            return found
        problems += () if isinstance(found, Configuration) else found
    return problems
