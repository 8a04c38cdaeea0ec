"""Small inputs that once took minutes. The timeout is a backstop: what is bounded are steps, in the unit tests."""

import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

from e2e.running import execute
from reconciler.errors import ExitCode

MANIFEST: Final = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: a}
spec:
  api: {id: a1b2c3d4e5}
  use: [{set: s, paths: ['GLOB']}]
  resources:
    PATH: {GET: {use: [USE], responses: {200: RESPONSE}}}
---
apiVersion: reconciler/v1
kind: ResponseSet
metadata: {name: s}
spec: {for: RestApi, responses: {500: {selectionPattern: x}}}
"""


def manifest(response: str = "{}", path: str = "/x", glob: str = "/**", use: str = "") -> str:
    """A manifest of one method."""
    parts = {"GLOB": glob, "PATH": path, "USE": use, "RESPONSE": response}
    return re.sub("|".join(parts), lambda found: parts[found[0]], MANIFEST)


def template(text: str) -> str:
    """A manifest with one template, in double quotes."""
    return manifest(f'{{responseTemplates: {{a/b: "{text}"}}}}')


def header(value: str) -> str:
    """A manifest that maps one header."""
    return manifest(f"{{responseParameters: {{method.response.header.X: {value}}}}}")


TABLE: Final = {
    "stars in a path": manifest(path="/" + "a" * 200, glob="/" + "*a" * 25 + "b"),
    "double stars in a path": manifest(path="/a" * 200, glob="/**/a" * 25 + "/b"),
    "a placeholder that is opened again and again": template("${{" * 100_000),
    "placeholders that are not closed": template("${{ vars.a }" * 30_000),
    "undefined variables": template(" ".join(f"${{{{ vars.name{n} }}}}" for n in range(3_800))),
    "unknown sets": manifest(use=", ".join(f"set-of-errors-{n}" for n in range(3_000))),
    "unknown rules": manifest(f"{{allow: [{', '.join(f'remaped-header{n}' for n in range(20_000))}]}}"),
    "unknown keys": manifest(f"{{{', '.join(f'selectionPatern{n}: x' for n in range(20_000))}}}"),
    "a mapping with blanks": header("x" + " " * 300_000 + "y"),
    "a pattern of quotes": manifest("{selectionPattern: '" + "\\Q" * 300_000 + "'}"),
}


@pytest.mark.parametrize("name", TABLE)
def test_validate_ends(tmp_path: Path, name: str) -> None:
    """Whatever is wrong is said, at no length that nobody reads."""
    (tmp_path / "m.yaml").write_text(TABLE[name], encoding="utf-8")

    ran = execute("validate", "m.yaml", folder=tmp_path)
    assert 200_000 > len(ran.text)
    assert ran.code in {ExitCode.OK, ExitCode.FAILED}
    assert "internal error" not in ran.text


def test_review_of_a_text_with_other_lines_ends(tmp_path: Path) -> None:
    """Twelve thousand lines that stand in another order are too different, and the review says so."""
    file = tmp_path / "m.yaml"
    git = ("git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b")
    subprocess.run([*git, "init", "-q"], check=True)
    for step in (1, 7):
        lines = "\\n".join(str(number * step * number % 130) for number in range(12_000))
        file.write_text(template(lines), encoding="utf-8")
        if step == 1:
            subprocess.run([*git, "add", "."], check=True)
            subprocess.run([*git, "commit", "-q", "-m", "base"], check=True)

    ran = execute("review", "--base", "HEAD", "m.yaml", folder=tmp_path)
    assert "too different for a line diff" in ran.out
    assert "Change: 1 to update" in ran.last
