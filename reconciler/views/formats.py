"""The formats that commands offer beside text and JSON, each made when it is asked for."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reconciler.render.style import Style

if TYPE_CHECKING:
    from reconciler.render.junit import Suite
    from reconciler.render.remarks import FileLocator, Remark
    from reconciler.render.sections import Report

_MARKED: Final = Style(marked=True, full=True)
_ROOTS: Final = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILD_SOURCESDIRECTORY")
"""Where GitHub Actions, GitLab CI and Azure Pipelines put the repository."""


@dataclass(frozen=True, slots=True)
class View:
    """What a command has to tell, by what is made of it; `is_whole`: whether nothing kept it from doing its work.

    `key` is the environments that were asked for, `created_at` "" of a command that does not look at the clock.
    """

    command: str
    key: str
    report: "Callable[[Style], Report]"
    remarks: "Callable[[], Sequence[Remark]]"
    suites: "Callable[[], Sequence[Suite]]"
    is_whole: bool
    created_at: str = ""


def renderings(
    text: Callable[[], str], json: Callable[[], str], telling: Callable[[], View]
) -> Mapping[str, Callable[[], str]]:
    """Every format that there is."""
    return {
        "text": text,
        "json": json,
        "markdown": lambda: _markdown(telling()),
        "html": lambda: _html(telling()),
        "github": lambda: _github(telling()),
        "sarif": lambda: _sarif(telling()),
        "junit": lambda: _junit(telling()),
    }


def _markdown(telling: View) -> str:
    from reconciler.render.comment import comment  # noqa: PLC0415 - only what this format needs

    return comment(telling.command, telling.key, telling.report)


def _html(telling: View) -> str:
    from reconciler.render.html import page  # noqa: PLC0415 - only what this format needs

    return page(telling.command, telling.key, telling.report(_MARKED), telling.created_at)


def _github(telling: View) -> str:
    from reconciler.render.github import annotations  # noqa: PLC0415 - only what this format needs

    return annotations(telling.remarks(), telling.report(_MARKED).summary, _places())


def _sarif(telling: View) -> str:
    from reconciler.render.sarif import sarif  # noqa: PLC0415 - only what this format needs

    return sarif(telling.command, telling.key, telling.remarks(), _places(), is_whole=telling.is_whole)


def _junit(telling: View) -> str:
    from reconciler.render.junit import junit  # noqa: PLC0415 - only what this format needs

    return junit(telling.command, telling.suites(), _places())


def _places() -> "FileLocator":
    """Names of files begin at the repository that a CI job works on, elsewhere at the current folder."""
    from reconciler.render.remarks import FileLocator  # noqa: PLC0415 - only what these formats need

    here = str(Path.cwd())
    root = next(filter(None, map(os.environ.get, _ROOTS)), here)
    return FileLocator(here, os.path.realpath(root))
