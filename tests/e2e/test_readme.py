"""The README does what it says.

Blocks are told apart by their language: `yaml` is a manifest or a configuration, `console` holds commands behind `$ `
that are run, in order, against one sandbox and in one folder with the samples and the README's own manifest, a clone
whose `origin/main` is as it begins (a comment `# exit N` says how one ends, if not well); `sh` is what sets up an
environment, which CI runs for real; `python` is run as a program, in a folder with the samples, against a sandbox.
"""

import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from e2e.running import ROOT, SAMPLES, InProcess, Ran, execute, with_command_on_path
from e2e.test_samples import shortcomings
from reconciler.cli.main import COMMANDS
from reconciler.errors import ExitCode
from reconciler.journal import run_ids
from reconciler.sandbox.server import serve

README: Final = (ROOT / "README.md").read_text(encoding="utf-8")
SET_UP: Final = re.compile(r"python3 -m venv \.venv && \.venv/bin/pip install --quiet \S+( \S+)? && \.venv/bin/(.+)")

HEADINGS: Final = ("command", "code", "option", "rule")
"""With which the README's tables begin."""

_FENCE: Final = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)\n(?P<body>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)


class Block(NamedTuple):
    """A fenced block, without its indentation."""

    language: str
    body: str


class Line(NamedTuple):
    """A command of a `console` block, and how it ends."""

    command: str
    code: int


class Shown(NamedTuple):
    """A command of a `console` block, and the part of its output that is shown below it."""

    command: str
    output: str


def blocks() -> Iterator[Block]:
    """All of the README's, in order."""
    for one in _FENCE.finditer(README):
        lines = one["body"].splitlines(keepends=True)
        yield Block(one["language"], "".join(line.removeprefix(one["indent"]) for line in lines))


def bodies(language: str) -> list[str]:
    """The contents of the blocks in one language."""
    return [block.body for block in blocks() if block.language == language]


def manifests() -> list[str]:
    """The `yaml` blocks but configurations."""
    return [body for body in bodies("yaml") if "kind: Config" not in body]


def configurations() -> list[str]:
    """The `yaml` blocks that are a `reconciler.yaml`."""
    return [body for body in bodies("yaml") if "kind: Config" in body]


def console_lines() -> list[Line]:
    """Every command to be run."""
    lines = [line.removeprefix("$ ") for body in bodies("console") for line in body.splitlines() if line[:2] == "$ "]
    return [Line(command.strip(), int(code or 0)) for command, _, code in (line.partition("# exit ") for line in lines)]


def shown_outputs() -> list[Shown]:
    """Every command with output below it."""
    parts = [part.partition("\n") for body in bodies("console") for part in re.split(r"^\$ ", body, flags=re.MULTILINE)]
    return [Shown(command.strip(), output) for command, _, output in parts if output]


def table(heading: str) -> dict[str, str]:
    """The first table whose first column has this heading: first column -> second column."""
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")] for line in README.splitlines() if "|" in line
    ]
    begin = next(number for number, row in enumerate(rows) if row[0] == heading)
    end = next((number for number, row in enumerate(rows) if number > begin and row[0] in HEADINGS), len(rows))
    return {row[0]: row[1] for row in rows[begin + 2 : end]}


def test_only_known_languages() -> None:
    """No block escapes these tests by its language."""
    assert {"console", "python", "sh", "yaml"} == {block.language for block in blocks()}


def anchors(text: str) -> set[str]:
    """What GitHub and GitLab make of headings: lower case, hyphens for spaces, no punctuation."""
    headings = re.findall("^#+ (.+)$", text, re.MULTILINE)
    return {re.sub("[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("file", ["README.md", "samples/ci/README.md"])
def test_links_within_lead_somewhere(file: str) -> None:
    """Each names a heading of the same file."""
    text = (ROOT / file).read_text(encoding="utf-8")

    assert set() == set(re.findall(r"\]\(#([^)]+)\)", text)) - anchors(text)


@pytest.mark.parametrize("text", manifests())
def test_manifest_is_valid(reconciler: InProcess, folder: Path, text: str) -> None:
    """Each manifest is one that `validate` takes without a warning, the sample's templates beside it."""
    shutil.copytree(SAMPLES / "petstore" / "templates", folder / "templates")
    (folder / "block.yaml").write_text(text, encoding="utf-8")
    ran = reconciler("validate", "block.yaml", "-q")

    assert (0, "") == (ran.code, ran.text)


@pytest.mark.parametrize("text", manifests())
def test_manifest_fits_the_schema(text: str) -> None:
    """An independent JSON Schema validator agrees."""
    assert [] == shortcomings(text)


@pytest.mark.parametrize("text", configurations())
def test_configuration_is_valid(reconciler: InProcess, folder: Path, text: str) -> None:
    """Each configuration is one that `validate` takes, with the README's manifest of the petstore in its folder."""
    (folder / "sets").mkdir()
    shutil.copytree(SAMPLES / "petstore" / "templates", folder / "manifests" / "templates")
    petstore = next(manifest for manifest in manifests() if "name: petstore" in manifest)
    (folder / "manifests" / "petstore.yaml").write_text(petstore, encoding="utf-8")
    (folder / "reconciler.yaml").write_text(text, encoding="utf-8")
    ran = reconciler("validate", "-q")

    assert (0, "") == (ran.code, ran.text)


@pytest.mark.parametrize("text", configurations())
def test_configuration_fits_the_schema(text: str) -> None:
    """An independent JSON Schema validator agrees."""
    assert [] == shortcomings(text, "config")


def as_origin_main(folder: Path) -> None:
    """Make a folder a repository, and all that is in it the main branch of its origin."""
    git = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    for arguments in (
        ("init", "--quiet"),
        ("add", "."),
        (*git, "commit", "--quiet", "-m", "as it begins"),
        ("update-ref", "refs/remotes/origin/main", "HEAD"),
    ):
        ran = execute(*arguments, program="git", folder=folder)
        assert 0 == ran.code, ran.text


def test_commands_end_as_told(tmp_path: Path) -> None:
    """Each `$ ` line of the `console` blocks is run, in the order in which a reader meets them."""
    shutil.copytree(SAMPLES, tmp_path / "samples")
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests" / "health.yaml").write_text(bodies("yaml")[0], encoding="utf-8")
    as_origin_main(tmp_path)
    expected, codes, said, printed = console_lines(), [], [], {}
    with serve() as sandbox:
        environment = sandbox.environment_over(with_command_on_path())
        for line in expected:
            ran: Ran = execute("-c", line.command, program="sh", environment=environment, folder=tmp_path)
            codes.append(Line(line.command, ran.code))
            said.append(ran.text)
            printed[line.command] = ran.text

    assert expected == codes, said
    assert [] == [shown for shown in shown_outputs() if shown.output.rstrip("\n") not in printed[shown.command]]


def test_there_are_outputs() -> None:
    """The README shows what `render` prints of a template and of an answer, and what `select` prints."""
    commands = [re.findall(r"reconciler (\w+)", shown.command) for shown in shown_outputs()]

    assert [["render"], ["render"], ["select"]] == commands


@pytest.mark.usefixtures("plane")
@pytest.mark.parametrize("code", bodies("python"))
def test_python_runs(folder: Path, code: str) -> None:
    """Each `python` block does what it shows: here it writes to AWS, and finds no drift after that."""
    shutil.copytree(SAMPLES, folder / "samples")
    ran = execute("-c", code, program=sys.executable, folder=folder)
    run = run_ids(folder / "runs")[0]

    assert (0, "", f"0 {run}") == (ran.code, ran.err, ran.last)
    assert "create petstore: " in ran.out


def test_there_are_commands_to_run() -> None:
    """The README shows every command that works on manifests."""
    shown = {shlex.split(line.command)[1] for line in console_lines()}

    assert {"validate", "plan", "apply", "drift", "sandbox"} <= shown


def test_two_lines_set_everything_up() -> None:
    """One line runs the demo, one the tests; each makes its own environment and needs nothing but Python."""
    matches = [SET_UP.fullmatch(body.strip()) for body in bodies("sh")]

    assert ["reconciler demo", "python -m pytest"] == [match[2] if match else "another line" for match in matches]


def test_command_table_is_complete() -> None:
    """The table of commands names what `--help` names, in that order."""
    assert [f"`{name}`" for name in COMMANDS] == list(table("command"))


def test_exit_code_table_is_complete() -> None:
    """The table of exit codes names exactly those that there are."""
    assert [str(int(code)) for code in ExitCode] == list(table("code"))


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", _FENCE.sub("", README)))))
def test_link_leads_somewhere(target: str) -> None:
    """Links into the repository are not broken."""
    assert (ROOT / target).exists()
