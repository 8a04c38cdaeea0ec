"""Filters of JSONPath have Jayway's syntax, and nothing of the library's beyond it."""

import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.mapping.java.budget import Budget, EvaluationFault
from reconciler.mapping.json_reader import read_json
from reconciler.mapping.jsonpath import evaluate_path

PETS = read_json(
    """{"pets": [{"id": 1, "name": "Rex", "tags": ["big", "old"], "ok": true}, {"id": "2", "name": "Mia", "tags": []},
        {"id": 3.0, "name": null}], "wanted": 3, "names": ["Rex", "Mia"]}"""
)


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        ("@.id > 1", ["2", 3.0]),
        ("@.id>=3", [3.0]),
        ("@.id == 1", [1]),
        ("@.id == 2", ["2"]),
        ("@.id === 2", []),
        ("@.id === '2'", ["2"]),
        ("@.id !== 2", [1, "2", 3.0]),
        ("@.id != 1", ["2", 3.0]),
        ("1 < @.id", ["2", 3.0]),
        ("@.name", [1, "2", 3.0]),
        ("!@.tags", [3.0]),
        ("!(@.id > 1)", [1]),
        ("@.name == null", [3.0]),
        ("@.tags == null", []),
        ("@.tags != null", [1, "2", 3.0]),
        ("@.ok == true", [1]),
        ("@.name == 'Rex'", [1]),
        ('@.name == "Rex"', [1]),
        (r"@.name == 'R\u0065x'", [1]),
        ("@['name'] == 'Rex'", [1]),
        ("@.tags[0] == 'big'", [1]),
        ("@.id == $.wanted", [3.0]),
        ("@.name in $.names", [1, "2"]),
        ("@.name in ['Rex', 'Tom']", [1]),
        ("@.name IN ['Rex', 'Tom']", [1]),
        ("@.name nin ['Rex']", ["2", 3.0]),
        ("@.tags contains 'old'", [1]),
        ("@.name contains 'e'", [1]),
        ("@.tags size 2", [1]),
        ("@.tags empty true", ["2"]),
        ("@.tags == ['big', 'old']", [1]),
        ("@.tags subsetof ['big', 'old', 'x']", [1, "2"]),
        ("@.tags all ['old']", [1]),
        ("@.tags anyof ['old', 'x']", [1]),
        ("@.tags noneof ['old', 'x']", ["2"]),
        ("@.tags.length() == 2", [1]),
        ("@.name =~ /R.*/", [1]),
        ("@.name =~ /R/", []),
        ("@.name =~ /rEX/i", [1]),
        ("@.tags =~ /b.g/", [1]),
        ("@.id > 1 && @.name == 'Mia'", ["2"]),
        ("@.id == 1 || @.id == 3", [1, 3.0]),
        ("@.id == 1 || @.id > 1 && @.name == 'Mia'", [1, "2"]),
        ("(@.id == 1 || @.id > 1) && @.name == 'Mia'", ["2"]),
        ("@.id > 1 && @.name", ["2", 3.0]),
        ("@.missing =~ /.*/", [1, "2", 3.0]),
        ("@.tags == {a: 1}", []),
        ("@.tags == {a: 1} || @.id == 1", [1]),
        ("@.id == '1'", [1]),
        ("@.id == 'NaN'", []),
        ("@.id == '1e99999999999999999999'", []),
        ("@.id == ' 1 '", []),
        ("@.id < 'x'", [1, "2", 3.0]),
        ("@.name > 1", [1, "2"]),
        ("@.ok > 1", []),
        ("@.ok =~ /true/", [1]),
        ("@.id =~ /[13].*/", [1, 3.0]),
        ("@.name =~ @.name", []),
        ("/R.*/ =~ @.name", [1]),
        ("/a/ =~ /a/", []),
    ],
)
def test_condition(condition: str, ids: list[object]) -> None:
    """The condition keeps these pets."""
    assert ids == evaluate_path(f"$.pets[?({condition})].id", PETS, Budget())


@pytest.mark.parametrize(
    "condition",
    [
        "@.id and @.name",
        "@.id <> 1",
        "@.id = 1",
        "length(@.name) > 1",
        "match(@.name, 'R')",
        "isinstance(@.id, 'int')",
        "# == 1",
        "^.id == 1",
        "_.id == 1",
        "@.id == undefined",
        "@.id == 1 &&",
        "@.id & 1",
        "@.id == 1x",
        "@.id == --",
        "@.tags == [1",
        "@.tags == {a}",
        "'a'",
        "true && @.id",
        "@.id == 1 == 1",
        "@.id @.name",
        "(@.id @.name)",
        "(@.id",
        "@.tags == {a",
        "@.name =~ /(/",
        "None == @.id",
    ],
)
def test_what_jayway_lacks_is_refused(condition: str) -> None:
    """Words, functions and operators of the library and malformed conditions are refused."""
    with pytest.raises(EvaluationFault, match="is not valid"):
        evaluate_path(f"$.pets[?({condition})]", PETS, Budget())


def test_a_regular_expression_without_end_is_stopped() -> None:
    """A pattern that backtracks for ever ends at the bound on its time."""
    document = read_json('[{"x": "' + "a" * 40 + '!"}]')

    with pytest.raises(EvaluationFault, match="take longer"):
        evaluate_path(r"$[?(@.x =~ /(a|a|aa)+$/)]", document, Budget())


def test_the_installed_module_is_that_of_python_jsonpath() -> None:
    """Two packages install a module `jsonpath`; ours is the one with environments."""
    jsonpath = pytest.importorskip("jsonpath")

    assert hasattr(jsonpath, "JSONPathEnvironment")


def test_the_other_package_of_that_module_is_named_with_the_fix(tmp_path: Path) -> None:
    """Where the module comes from the other package, the error names the command that repairs it."""
    (tmp_path / "jsonpath.py").write_text("def jsonpath(*_):\n    return False\n", encoding="utf-8")
    program = "import sys; sys.path.insert(0, sys.argv[1]); import reconciler.mapping.jsonpath_filters"

    ended = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=False)

    assert "pip uninstall jsonpath && pip install --force-reinstall python-jsonpath" in ended.stderr


def test_plain_paths_do_without_the_library() -> None:
    """The library, which takes 48 ms to import, is only imported for filters."""
    program = (
        "import sys; from reconciler.mapping.java.budget import Budget;"
        "from reconciler.mapping.jsonpath import evaluate_path;"
        "evaluate_path('$..a[*].b', None, Budget()); print('jsonpath' in sys.modules)"
    )

    assert (
        "False\n" == subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    )
