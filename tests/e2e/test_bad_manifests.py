"""Manifests that are wrong: one message each, with its place, and nothing asked of AWS."""

from pathlib import Path
from typing import NamedTuple

import pytest

from e2e.running import InProcess
from reconciler.sandbox.model.plane import ControlPlane

HEAD = "apiVersion: reconciler/v1\nkind: RestApi\nmetadata: {name: bad}\nspec:\n  api: {name: minimal}\n"


def health(responses: str) -> str:
    """A manifest of GET /health with these responses, which begin in line 10 at column 11."""
    return f"{HEAD}  resources:\n    /health:\n      GET:\n        responses:\n          {responses}\n"


def _bomb() -> str:
    levels = [f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join(["b0: &b0 [x, x, x]", *levels])


class Bad(NamedTuple):
    """The content of bad.yaml, and the place and rule of what is said about it."""

    name: str
    content: str | bytes
    place: str
    rule: str


TABLE = [
    Bad("empty file", "", "bad.yaml", "empty"),
    Bad("only a comment", "# nothing yet\n", "bad.yaml", "empty"),
    Bad("not YAML", "spec: [1\nkind: x\n", "bad.yaml:1:7", "syntax"),
    Bad("no map", "just text\n", "bad.yaml:1:1", "wrong-kind"),
    Bad("tabs", "spec:\n\tapi: x\n", "bad.yaml:2:1", "syntax"),
    Bad("not UTF-8", "kind: caf\u00e9\n".encode("latin-1"), "bad.yaml:1:10", "encoding"),
    Bad("UTF-16", "kind: RestApi\n".encode("utf-16"), "bad.yaml:1:1", "encoding"),
    Bad("binary", b"\x00\x01\x02", "bad.yaml:1:1", "syntax"),
    Bad("wrong kind", HEAD.replace("RestApi", "RestApy"), "bad.yaml:2:7", "wrong-kind"),
    Bad("wrong version", health("200: {}").replace("/v1", "/v9"), "bad.yaml:1:13", "wrong-value"),
    Bad("unknown key", health("200: {selectionPatern: x}"), "bad.yaml:10:17", "unknown-key"),
    Bad("wrong type", health("200: {selectionPattern: [x]}"), "bad.yaml:10:35", "wrong-type"),
    Bad("empty response", health("200:"), "bad.yaml:10:11", "wrong-type"),
    Bad("status that is none", health("999: {}"), "bad.yaml:10:11", "status-code"),
    Bad("duplicate key", health("200: {}\n          200: {}"), "bad.yaml:11:11", "duplicate-key"),
    Bad("alias bomb", _bomb(), "bad.yaml:6:40", "too-large"),
    Bad("deep flow nesting", "[" * 1_000, "bad.yaml:1:65", "too-deep"),
    Bad(
        "deep block nesting",
        "".join(f"{' ' * depth}a:\n" for depth in range(1_000)),
        "bad.yaml:65:65",
        "too-deep",
    ),
    Bad("tag", health("200: !!python/object:os.system {}"), "bad.yaml:10:16", "tag"),
    Bad(
        "template that is not there",
        health("200: {responseTemplates: {a/b: {file: x.vtl}}}"),
        "bad.yaml:10:49",
        "template-file",
    ),
    Bad(
        "template outside",
        health("200: {responseTemplates: {a/b: {file: ../x.vtl}}}"),
        "bad.yaml:10:49",
        "template-file",
    ),
    Bad(
        "template with an absolute path",
        health("200: {responseTemplates: {a/b: {file: /etc/hostname}}}"),
        "bad.yaml:10:49",
        "template-file",
    ),
]


@pytest.mark.parametrize("bad", TABLE, ids=[bad.name.replace(" ", "-") for bad in TABLE])
def test_bad_manifest_is_one_problem(reconciler: InProcess, folder: Path, bad: Bad, plane: ControlPlane) -> None:
    """`apply` says what is wrong, where, and what to do, exits with 1, and asks AWS nothing."""
    content = bad.content.encode() if isinstance(bad.content, str) else bad.content
    (folder / "bad.yaml").write_bytes(content)
    ran = reconciler("apply", "bad.yaml", "--yes")

    assert (1, [(bad.place, bad.rule)], "", []) == (ran.code, ran.problems(), ran.err, plane.calls.names())


def test_every_problem_is_told_at_once(reconciler: InProcess, folder: Path) -> None:
    """Several broken files, each with several problems, are one run's work."""
    (folder / "a.yaml").write_text(health("200: {selectionPatern: x, contentHandlin: y}"))
    (folder / "b.yaml").write_text("spec: [\n")
    ran = reconciler("validate", "b.yaml", "a.yaml")

    assert ["a.yaml:10:17", "a.yaml:10:37", "b.yaml:2:1"] == [place for place, _ in ran.problems()]


def test_misspelt_key_is_suggested(reconciler: InProcess, folder: Path) -> None:
    """An unknown key comes with the known one that is nearest."""
    (folder / "a.yaml").write_text(health("200: {selectionPatern: x}"))

    assert "did you mean `selectionPattern`?" in reconciler("validate", "a.yaml").out


def test_misspelt_file_is_suggested(reconciler: InProcess, folder: Path) -> None:
    """A file that is not there comes with the one beside it that is nearest."""
    (folder / "petstore.yaml").touch()
    ran = reconciler("validate", "petstor.yaml")

    assert (1, [("petstor.yaml", "missing-file")], True) == (
        ran.code,
        ran.problems(),
        "did you mean `petstore.yaml`?" in ran.out,
    )


def test_link_out_of_the_folder_is_refused(reconciler: InProcess, folder: Path) -> None:
    """A template that is a link to somewhere else escapes as well."""
    (folder / "secret").write_text("secret")
    (folder / "manifests").mkdir()
    (folder / "manifests" / "x.vtl").symlink_to("../secret")
    (folder / "manifests" / "a.yaml").write_text(health("200: {responseTemplates: {a/b: {file: x.vtl}}}"))

    assert [("manifests/a.yaml:10:49", "template-file")] == reconciler("validate", "manifests").problems()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("command", "code", "rule"),
    [("validate", 1, "empty-set"), ("plan", 4, "emptySet"), ("apply --yes", 4, "emptySet"), ("drift", 1, "empty-set")],
)
def test_folder_without_manifests(
    reconciler: InProcess, plane: ControlPlane, command: str, code: int, rule: str
) -> None:
    """No manifest at all is more likely a wrong path than a wish: said so, by name, and AWS is not asked."""
    ran = reconciler(*command.split(), ".")

    assert (code, True, []) == (ran.code, f"[{rule}]; check the p" in ran.out, plane.calls.names())


@pytest.mark.usefixtures("folder")
def test_empty_set_can_be_forced(reconciler: InProcess) -> None:
    """Who means it says so."""
    assert 0 == reconciler("plan", ".", "--force", "emptySet").code


def test_broken_manifests_are_not_in_sync(reconciler: InProcess, folder: Path) -> None:
    """Drift that could not be looked for is never told as "in sync"."""
    (folder / "a.yaml").write_text("spec: [\n")
    ran = reconciler("drift", "a.yaml")

    assert (1, False) == (ran.code, "In sync" in ran.out)


def test_pattern_that_does_not_compile_stops_apply(reconciler: InProcess, folder: Path, plane: ControlPlane) -> None:
    """What lint finds in a response that would be written keeps everything from being written."""
    (folder / "a.yaml").write_text(health("200: {}\n          503: {selectionPattern: '['}"))
    ran = reconciler("apply", "a.yaml", "--yes")

    assert (1, [("a.yaml:11:17", "broken-pattern")], []) == (ran.code, ran.problems(), plane.calls.writes())
