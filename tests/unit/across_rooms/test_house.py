"""How the house is built: one word per thing, and tests where their modules are."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import reconciler

SOURCES: Final = Path(reconciler.__file__).parent

ALLOWED: Final[dict[str, str]] = {}
"""Names that several modules may give to a class of their own, each with the reason."""


def _classes(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            yield node.name.lstrip("_")


def _modules_by_class() -> dict[str, list[str]]:
    modules = defaultdict(list)
    for file in sorted(SOURCES.rglob("*.py")):
        for name in _classes(file):
            modules[name].append(file.relative_to(SOURCES).as_posix())
    return modules


def test_a_class_name_stands_for_one_thing() -> None:
    """No two classes have the same name, wherever they are and whether or not they are private."""
    shared = {name: modules for name, modules in _modules_by_class().items() if len(modules) > 1}

    assert {} == {name: modules for name, modules in shared.items() if name not in ALLOWED}


def test_every_allowed_name_is_shared() -> None:
    """A name that stands for one thing again leaves the list."""
    modules = _modules_by_class()

    assert [] == [name for name in ALLOWED if len(modules[name]) < 2]


TESTS: Final = Path(__file__).parents[1]


def _mirrors(test: Path, modules: set[str]) -> bool:
    """Whether a test file is named after a module of its folder, or after the folder, perhaps with an aspect behind."""
    folder, name = test.relative_to(TESTS).parent.as_posix(), test.stem.removeprefix("test_")
    words = name.split("_")
    names = {"_".join(words[:count]) for count in range(1, len(words) + 1)}
    return folder.rpartition("/")[2] in names or any(f"{folder}/{each}".removeprefix("./") in modules for each in names)


def test_unit_tests_mirror_the_source() -> None:
    """Each test is where its module is, but for those of this folder, which are about several."""
    modules = {file.relative_to(SOURCES).with_suffix("").as_posix() for file in SOURCES.rglob("*.py")}
    tests = [file for file in sorted(TESTS.rglob("test_*.py")) if file.parent != Path(__file__).parent]

    assert [] == [file.relative_to(TESTS).as_posix() for file in tests if not _mirrors(file, modules)]


def test_only_live_tests_can_call_methods() -> None:
    """Whatever promises to be read-only opens no invoker: nothing but `test --live` does."""
    users = {
        file.relative_to(SOURCES).as_posix()
        for file in SOURCES.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "open_invoker"
    }

    assert {"engine/response_tests/live.py"} == users
