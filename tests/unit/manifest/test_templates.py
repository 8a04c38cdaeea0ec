"""Template files: what is read, and what stays closed."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from reconciler.manifest import Disk, load

Write: TypeAlias = Callable[[str, str | bytes], str]

MANIFEST = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: shop}
spec:
  api: {name: shop}
  resources:
    /carts:
      GET:
        responses:
          200: {responseTemplates: {application/json: {file: "%s"}}}
"""


def text(name: str, root: str | None = None) -> str:
    """The text of the template file that a manifest here names."""
    found = load(["api/m.yaml"], Disk(), root)
    assert () == found.diagnostics
    return found.documents[0].templates[name]


def problem(root: str | None = None) -> str:
    """What is wrong with the template file that a manifest here names."""
    found = load(["api/m.yaml"], Disk(), root)
    (one,) = found.diagnostics
    return str(one).partition(": error: ")[2]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"x\n", "x"),
        (b"x", "x"),
        (b"x\n\n", "x\n"),
        (b"\n", ""),
        (b"", ""),
        (b"a\r\nb\r\n", "a\r\nb\r"),
        (b"\xef\xbb\xbfx", "\ufeffx"),
        ("é ${{ vars.x }}\n".encode(), "é ${{ vars.x }}"),
    ],
)
def test_one_final_newline_is_not_part(write: Write, content: bytes, expected: str) -> None:
    """Exactly one newline at the end is left out; every other byte is the template's."""
    write("api/m.yaml", MANIFEST % "t.vtl")
    write("api/t.vtl", content)

    assert expected == text("t.vtl")


def test_relative_to_the_manifest(write: Write) -> None:
    """A template is found from the manifest's folder, wherever the command runs."""
    write("api/m.yaml", MANIFEST % "templates/../t.vtl")
    write("api/t.vtl", "x")
    write("api/templates/other.vtl", "x")

    assert "x" == text("templates/../t.vtl")


def test_above_the_manifest_but_within_the_root(write: Write, tmp_path: Path) -> None:
    """With a root further up, `..` may be used below it."""
    write("api/m.yaml", MANIFEST % "../shared/t.vtl")
    write("shared/t.vtl", "x")

    assert "x" == text("../shared/t.vtl", root=str(tmp_path))


def test_out_of_the_root(write: Write) -> None:
    """`..` does not lead out of the manifest's folder, even to what is there."""
    write("api/m.yaml", MANIFEST % "../t.vtl")
    write("t.vtl", "secret")

    sentence = (
        "`../t.vtl` is, or links to, a file outside api [template-file]; move the file into that folder, or set `root:`"
    )
    assert problem().startswith(sentence)


def test_neighbour_with_the_root_as_its_beginning(write: Write) -> None:
    """A folder is no prefix: `api-secret` is not within `api`."""
    write("api/m.yaml", MANIFEST % "../api-secret/t.vtl")
    write("api-secret/t.vtl", "secret")

    assert "is, or links to, a file outside api [template-file]" in problem()


def test_out_of_the_current_folder(write: Write) -> None:
    """Which is not called a point."""
    write("api/m.yaml", MANIFEST % "../../t.vtl")

    assert "outside the current folder [template-file]" in problem(".")


def test_link_out_of_the_root(write: Write, tmp_path: Path) -> None:
    """A link that leads out is as good as `..`."""
    write("api/m.yaml", MANIFEST % "t.vtl")
    write("t.vtl", "secret")
    (tmp_path / "api" / "t.vtl").symlink_to("../t.vtl")

    assert "is, or links to, a file outside api [template-file]" in problem()


def test_linked_folder_out_of_the_root(write: Write, tmp_path: Path) -> None:
    """A link on the way is followed before it is judged."""
    write("api/m.yaml", MANIFEST % "in/t.vtl")
    write("out/t.vtl", "secret")
    (tmp_path / "api" / "in").symlink_to("../out")

    assert "is, or links to, a file outside api [template-file]" in problem()


@pytest.mark.parametrize("name", ["/etc/passwd", "C:/secret", "//host/share", "/"])
def test_absolute(write: Write, name: str) -> None:
    """An absolute path is refused, whichever system it is of."""
    write("api/m.yaml", MANIFEST % name)

    assert f"`{name}` is an absolute path [template-file]; write the path relative to the manifest" == problem()


def test_not_there(write: Write) -> None:
    """A file that is not there is missed with the nearest name, at the place that names it."""
    write("api/m.yaml", MANIFEST % "templates/eror.vtl")
    write("api/templates/error.vtl", "x")
    found = load(["api/m.yaml"], Disk()).diagnostics

    sentence = "the file `templates/eror.vtl` does not exist [template-file]; did you mean `templates/error.vtl`?"
    assert [f"api/m.yaml:10:62: error: {sentence}"] == list(map(str, found))


@pytest.mark.parametrize("name", [".", "sub", "pipe", "sub/../.."])
def test_no_regular_file(write: Write, tmp_path: Path, name: str) -> None:
    """A folder or a pipe is no template, and nobody waits for it."""
    write("api/m.yaml", MANIFEST % name)
    (tmp_path / "api" / "sub").mkdir()
    os.mkfifo(tmp_path / "api" / "pipe")

    assert "[template-file]" in problem()


def test_links_in_a_circle(write: Write, tmp_path: Path) -> None:
    """A link to itself leads nowhere."""
    write("api/m.yaml", MANIFEST % "t.vtl")
    (tmp_path / "api" / "t.vtl").symlink_to("t.vtl")

    assert "[template-file]" in problem()


def test_not_utf8(write: Write) -> None:
    """A template that is not UTF-8 is refused with the line."""
    write("api/m.yaml", MANIFEST % "t.vtl")
    write("api/t.vtl", b"a\nb\xff\n")

    assert "`t.vtl` is not UTF-8 in line 2 [template-file]; save the file as UTF-8" == problem()


def test_too_large(write: Write) -> None:
    """A template far beyond AWS's limit is not read to its end."""
    write("api/m.yaml", MANIFEST % "t.vtl")
    write("api/t.vtl", b"x" * (1024 * 1024 + 1))

    assert problem().startswith("`t.vtl` is larger than 1 MiB [template-file]")


@pytest.mark.parametrize("name", [r"a\0b", r"a\nb", "x" * 5000])
def test_names_that_no_file_has(write: Write, name: str) -> None:
    """A name that the system refuses is a problem of the manifest."""
    write("api/m.yaml", MANIFEST % name)

    assert "[template-file]" in problem()


def test_named_twice_read_once(write: Write) -> None:
    """A file that several responses use is one text and one problem."""
    twice = MANIFEST % "t.vtl" + '          404: {responseTemplates: {text/plain: {file: "t.vtl"}}}\n'
    write("api/m.yaml", twice)

    assert problem().startswith("the file `t.vtl` does not exist")


def test_files_read(write: Write) -> None:
    """Templates count as files that were read."""
    write("api/m.yaml", MANIFEST % "t.vtl")
    write("api/t.vtl", "x")

    assert ("api/m.yaml", "api/t.vtl") == load(["api"], Disk()).files_read


SET = """\
apiVersion: reconciler/v1
kind: ResponseSet
metadata: {name: errors}
spec: {for: RestApi, responses: {500: {responseTemplates: {application/json: {file: t.vtl}}}}}
"""


def test_relative_to_the_set(write: Write) -> None:
    """A set's template is found from the set's own folder, whoever uses it."""
    write("api/m.yaml", MANIFEST % "t.vtl")
    write("api/t.vtl", "manifest's")
    write("sets/errors.yaml", SET)
    write("sets/t.vtl", "set's")
    found = load(["."], Disk())

    assert {"t.vtl": "set's"} == found.sets["errors"].templates
    assert {"t.vtl": "manifest's"} == found.documents[0].templates


def test_set_without_its_template(write: Write) -> None:
    """A template that a set lacks is missed where the set names it."""
    write("errors.yaml", SET)

    assert [
        (
            "errors.yaml:4:85: error: the file `t.vtl` does not exist [template-file]; "
            "check the name; it is relative to the document"
        )
    ] == [str(diagnostic) for diagnostic in load(["errors.yaml"], Disk()).diagnostics]


OVERLAY = """\
  overlays:
    dev: {resources: {/carts: {GET: {responses: {200: {responseTemplates: {a/b: {file: dev.vtl}}}}}}}}
"""


def test_template_of_an_overlay(write: Write) -> None:
    """An overlay's template files are read whatever the environment."""
    write("api/m.yaml", MANIFEST % "t.vtl" + OVERLAY)
    write("api/t.vtl", "x")
    write("api/dev.vtl", "y")

    assert "y" == text("dev.vtl")


def test_set_named_twice(write: Write) -> None:
    """A name stands for one set; both places are named."""
    write("a.yaml", SET.replace("{file: t.vtl}", "x"))
    write("b.yaml", SET.replace("{file: t.vtl}", "y"))

    sentence = "`errors` is already the name of another response set, at a.yaml:3:18 [duplicate-name]"
    assert [f"b.yaml:3:18: error: {sentence}; give each response set a unique name"] == [
        str(diagnostic) for diagnostic in load(["."], Disk()).diagnostics
    ]


def test_set_and_manifest_of_one_name(write: Write, manifest: str) -> None:
    """Sets and manifests are named apart."""
    write("m.yaml", manifest)
    write("s.yaml", SET.replace("{file: t.vtl}", "x").replace("errors", "shop"))

    assert () == load(["."], Disk()).diagnostics
