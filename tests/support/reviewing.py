"""Manifests in a git repository, and a review of what changes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reconciler.engine.load.request import Request
from reconciler.engine.review.review import ReviewResult, review
from reconciler.engine.review.revisions import open_sides
from reconciler.render.style import Style
from reconciler.views.review import review_text
from support.repositories import Repository, repository

CONFIGURATION = """\
apiVersion: reconciler/v1
kind: Config
manifests: [manifests/, sets/]
environments:
  dev: {region: eu-west-1, vars: {stage: dev}}
  prod: {region: eu-west-1, vars: {stage: prod}}
"""


@dataclass(frozen=True, slots=True)
class Workshop:
    """A repository whose `main` is what there was; what is written after `commit` is what is reviewed."""

    repository: Repository

    @property
    def folder(self) -> Path:
        """Its top."""
        return self.repository.folder

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        self.repository.write(name, text)

    def remove(self, name: str) -> None:
        """Remove a file."""
        (self.folder / name).unlink()

    def commit(self) -> str:
        """Commit everything."""
        return self.repository.commit()

    def branch(self, name: str = "topic") -> None:
        """Go on on a branch."""
        self.repository.git("checkout", "-b", name)

    def review(self, *paths: str, base: str | None = None, head: str | None = None, **asked: Any) -> ReviewResult:  # noqa: ANN401 - whatever a request has
        """Run `review`."""
        before, after, said = open_sides(base, head)
        return review(Request(paths, **asked), before, after, said)

    def told(self, *paths: str, style: Style | None = None, **asked: Any) -> list[str]:  # noqa: ANN401
        """The lines of its text, without the first, which names commits."""
        found = self.review(*paths, **asked)
        text = review_text(found, style or Style())
        return text.splitlines()[1:]


def workshop(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """One in this folder, which becomes the current one."""
    return Workshop(repository(folder, monkeypatch))


def rest(methods: str, *, name: str = "petstore", api: str = "petstore", spec: str = "") -> str:
    """A manifest; `methods` are lines of `GET /path: {200: {}}`, `spec` lines of its spec."""
    lines = [
        f"    {path}: {{{verb}: {{responses: {responses}}}}}" for verb, path, responses in map(_method, _lines(methods))
    ]
    return "\n".join(
        [
            "apiVersion: reconciler/v1",
            "kind: RestApi",
            f"metadata: {{name: {name}}}",
            "spec:",
            f"  api: {{name: '{api}'}}",
            *(f"  {line}" for line in _lines(spec)),
            "  resources:",
            *lines,
            "",
        ]
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _method(line: str) -> tuple[str, str, str]:
    name, _, responses = line.partition(": ")
    verb, _, path = name.partition(" ")
    return verb, path, responses


def response_set(responses: str, *, name: str = "errors") -> str:
    """A response set; `responses` is a map."""
    return (
        "apiVersion: reconciler/v1\nkind: ResponseSet\n"
        f"metadata: {{name: {name}}}\nspec: {{for: RestApi, responses: {responses}}}\n"
    )
