"""The formats that a command offers, each rendered only when it is asked for.

Each format imports what it needs when it is rendered, so that text output starts fast.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from reconciler.render.style import Style

if TYPE_CHECKING:
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
    page: Callable[[], str] | None = None


def renderings(text: Callable[[], str], json: Callable[[], str], parts: Callable[[], ReportParts]) -> Renderings:
    """Offer a result in every format."""
    return {
        "text": text,
        "json": json,
        "markdown": lambda: _markdown(parts()),
        "html": lambda: _html(parts()),
        "github": lambda: _github(parts()),
        "sarif": lambda: _sarif(parts()),
        "junit": lambda: _junit(parts()),
    }


def _markdown(parts: ReportParts) -> str:
    from reconciler.render.comment import comment  # noqa: PLC0415 - only this format needs it

    return comment(parts.command, parts.key, parts.report)


def _html(parts: ReportParts) -> str:
    if parts.page:
        return parts.page()
    from reconciler.render.html import html_page  # noqa: PLC0415 - only this format needs it

    return html_page(parts.command, parts.key, parts.report(_MARKED), parts.created_at)


def _github(parts: ReportParts) -> str:
    from reconciler.render.github import annotations  # noqa: PLC0415 - only this format needs it

    return annotations(parts.remarks(), parts.report(_MARKED).summary, _locator())


def _sarif(parts: ReportParts) -> str:
    from reconciler.render.sarif import sarif  # noqa: PLC0415 - only this format needs it

    return sarif(parts.command, parts.key, parts.remarks(), _locator(), is_complete=parts.is_complete)


def _junit(parts: ReportParts) -> str:
    from reconciler.render.junit import junit  # noqa: PLC0415 - only this format needs it

    return junit(parts.command, parts.suites(), _locator())


def _locator() -> "FileLocator":
    """File names are relative to the repository in a CI job, elsewhere to the current folder."""
    from reconciler.render.remarks import FileLocator  # noqa: PLC0415 - only these formats need it

    current_folder = str(Path.cwd())
    root = next(filter(None, map(os.environ.get, _ROOTS)), current_folder)
    return FileLocator(current_folder, os.path.realpath(root))
