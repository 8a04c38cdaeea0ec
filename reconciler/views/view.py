"""The formats that a command offers, each rendered only when it is asked for.

Each format imports what it needs when it is rendered, so that text output starts fast.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from reconciler.render.style import Style

if TYPE_CHECKING:
    from reconciler.render.footer import Footer
    from reconciler.render.junit import Suite
    from reconciler.render.remarks import FileLocator, Remark
    from reconciler.render.sections import Report

Renderings: TypeAlias = Mapping[str, Callable[[], str]]
"""What a command can print, by the name of the format."""

_MARKED: Final = Style(marked=True, full=True)
_ROOTS: Final = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILD_SOURCESDIRECTORY")
"""Where GitHub Actions, GitLab CI and Azure Pipelines put the repository."""


@dataclass(frozen=True, slots=True)
class ReportParts:
    """What the formats other than text and JSON are made of.

    `key` names the environments that were asked for. `is_complete`: nothing kept the command from doing its work.
    `created_at` is "" for commands that do not read the clock. `page` is for a command with an HTML page of its own.
    """

    command: str
    key: str
    report: "Callable[[Style], Report]"
    remarks: "Callable[[], Sequence[Remark]]"
    suites: "Callable[[], Sequence[Suite]]"
    is_complete: bool
    created_at: str = ""
    page: "Callable[[Footer], str] | None" = None


@dataclass(frozen=True)
class ReportRenderings(Mapping[str, Callable[[], str]]):
    """The formats of a result that is a report: `plain` ones, and those that are made of its parts.

    `footer` returns what is known about the run; only formats with a footer call it.
    """

    plain: Renderings
    parts: Callable[[], ReportParts]
    footer: "Callable[[], Footer] | None" = None

    def adding(self, **formats: Callable[[], str]) -> "ReportRenderings":
        """Return the same with more formats."""
        return replace(self, plain={**self.plain, **formats})

    def __getitem__(self, name: str) -> Callable[[], str]:
        """Return what renders this format."""
        return self.plain[name] if name in self.plain else partial(_OF_PARTS[name], self)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the formats."""
        return iter((*self.plain, *_OF_PARTS))

    def __len__(self) -> int:
        """Return the number of formats."""
        return len(self.plain) + len(_OF_PARTS)


def renderings(text: Callable[[], str], json: Callable[[], str], parts: Callable[[], ReportParts]) -> ReportRenderings:
    """Offer a result in every format."""
    return ReportRenderings({"text": text, "json": json}, parts)


def with_footer(offered: Renderings, footer: "Callable[[], Footer]") -> Renderings:
    """Return the formats of a result with a footer where a format has one."""
    return replace(offered, footer=footer) if isinstance(offered, ReportRenderings) else offered


def _markdown(offered: ReportRenderings) -> str:
    from reconciler.render.comment import comment  # noqa: PLC0415 - only this format needs it

    parts = offered.parts()
    return comment(parts.command, parts.key, parts.report, _footer(offered, parts))


def _html(offered: ReportRenderings) -> str:
    parts = offered.parts()
    footer = _footer(offered, parts)
    if parts.page:
        return parts.page(footer)
    from reconciler.render.html import html_page  # noqa: PLC0415 - only this format needs it

    return html_page(parts.command, parts.key, parts.report(_MARKED), footer)


def _footer(offered: ReportRenderings, parts: ReportParts) -> "Footer":
    """Without a command line, the time is all that is known."""
    from reconciler.render.footer import Footer  # noqa: PLC0415 - only formats with a footer need it

    known = offered.footer() if offered.footer else Footer()
    return replace(known, created_at=parts.created_at or known.created_at)


def _github(offered: ReportRenderings) -> str:
    from reconciler.render.github import annotations  # noqa: PLC0415 - only this format needs it

    parts = offered.parts()
    return annotations(parts.remarks(), parts.report(_MARKED).summary, _locator())


def _sarif(offered: ReportRenderings) -> str:
    from reconciler.render.sarif import sarif  # noqa: PLC0415 - only this format needs it

    parts = offered.parts()
    return sarif(parts.command, parts.key, parts.remarks(), _locator(), is_complete=parts.is_complete)


def _junit(offered: ReportRenderings) -> str:
    from reconciler.render.junit import junit  # noqa: PLC0415 - only this format needs it

    parts = offered.parts()
    return junit(parts.command, parts.suites(), _locator())


_OF_PARTS: Final[Mapping[str, Callable[[ReportRenderings], str]]] = {
    "markdown": _markdown,
    "html": _html,
    "github": _github,
    "sarif": _sarif,
    "junit": _junit,
}


def _locator() -> "FileLocator":
    """File names are relative to the repository in a CI job, elsewhere to the current folder."""
    from reconciler.render.remarks import FileLocator  # noqa: PLC0415 - only these formats need it

    current_folder = str(Path.cwd())
    root = next(filter(None, map(os.environ.get, _ROOTS)), current_folder)
    return FileLocator(current_folder, os.path.realpath(root))
