"""The recipe for a container image, as far as it can be followed without a container."""

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest

from e2e.running import ROOT, SAMPLES, Ran, execute
from support import offline

pytestmark = pytest.mark.recipes

BASES: Final = ("PYTHON", "GIT")
FOLDER = SAMPLES / "ci" / "container"
KNOWN = {"ARG", "FROM", "WORKDIR", "COPY", "RUN", "LABEL", "ENV", "USER", "ENTRYPOINT"}
PREFIX = "/opt/reconciler"


def instructions() -> list[tuple[str, str]]:
    """The instructions with their arguments, in order."""
    lines = (FOLDER / "Containerfile").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if line.strip() and not line.startswith("#"))
    each = (line.split(maxsplit=1) for line in re.sub(r"\\\n\s*", "", text).splitlines())
    return [(one[0], one[1]) for one in each]


def arguments(instruction: str) -> list[str]:
    """What stands after each instruction of this name."""
    return [rest for name, rest in instructions() if name == instruction]


def stages() -> list[list[tuple[str, str]]]:
    """The instructions of each stage."""
    made: list[list[tuple[str, str]]] = []
    for name, rest in instructions():
        if name == "FROM":
            made.append([])
        elif made:
            made[-1].append((name, rest))
    return made


def from_the_tree() -> list[tuple[list[str], str]]:
    """Sources and destination of each COPY out of the source tree."""
    copies = [rest.split() for rest in arguments("COPY") if not rest.startswith("--from=")]
    return [(words[:-1], words[-1]) for words in copies]


def variables() -> dict[str, str]:
    """The environment of the image."""
    return dict(word.split("=", 1) for rest in arguments("ENV") for word in shlex.split(rest))


def test_every_instruction_is_known() -> None:
    """Nothing is misspelt; ADD, which would unpack and download, is not among them."""
    assert KNOWN == {name for name, _ in instructions()}


def test_what_is_copied_is_there() -> None:
    """Each source is in the source tree, or in a stage before."""
    names = [re.search(r" AS (\w+)$", rest) for rest in arguments("FROM")]
    begun = {name[1] for name in names if name}
    froms = [match[1] for rest in arguments("COPY") if (match := re.match(r"--from=(\w+) ", rest))]

    assert [] == [source for sources, _ in from_the_tree() for source in sources if not (ROOT / source).exists()]
    assert begun == {"build", *froms}


def test_every_base_image_can_be_named_by_digest() -> None:
    """Each is an argument with a default that is a full name with a tag."""
    defaults = dict(rest.split("=", 1) for rest in arguments("ARG")[: len(BASES)])
    bases = [rest.split()[0] for rest in arguments("FROM")]

    assert {f"${{{name}}}" for name in defaults} == set(bases)
    assert all(re.fullmatch(r"docker\.io/library/[\w-]+:[\w.-]+", default) for default in defaults.values())
    assert not [default for default in defaults.values() if default.endswith(":latest")]


def test_the_image_says_what_it_is() -> None:
    """Version and revision come from the build; licence and base image are those of the project and of the recipe."""
    (label,) = arguments("LABEL")
    named = dict(word.split("=", 1) for word in shlex.split(label))
    labels = {name.removeprefix("org.opencontainers.image."): value for name, value in named.items()}
    license_ = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["license"]

    assert ["${VERSION}", "${REVISION}", license_, arguments("ARG")[0].partition("=")[2]] == [
        labels[name] for name in ("version", "revision", "licenses", "base.name")
    ]


def test_it_does_not_run_as_root() -> None:
    """The last stage ends as a user by number, as Kubernetes' runAsNonRoot wants it, and nothing is run after that."""
    last = stages()[-1]
    names = [name for name, _ in last]
    (user,) = [rest for name, rest in last if name == "USER"]
    uid, _, gid = user.partition(":")

    assert (True, True, []) == (
        int(uid) > 0,
        int(gid) > 0,
        [name for name in names[names.index("USER") :] if name in {"RUN", "COPY"}],
    )


def test_the_command_is_the_entrypoint() -> None:
    """As a list, so that no shell stands between the arguments and the command, nor between it and signals."""
    assert [["reconciler"]] == [json.loads(rest) for rest in arguments("ENTRYPOINT")]


def test_only_pip_asks_the_network() -> None:
    """Neither system packages nor downloads."""
    words = {word for rest in arguments("RUN") for word in shlex.split(rest)}

    assert set() == words & {"apt-get", "apt", "apk", "curl", "wget"}


def test_every_package_is_checked_against_its_hash() -> None:
    """What pip fetches is in the list with hashes; from the source tree it takes reconciler, and nothing else."""
    (step,) = [rest for name, rest in stages()[0] if name == "RUN"]
    fetches = [shlex.split(one) for one in step.split("&&") if " install " in one]

    assert [["--requirement", "requirements.txt"], ["--no-build-isolation", "."]] == [fetch[-2:] for fetch in fetches]
    assert [True, True] == ["--no-deps" in fetch for fetch in fetches]
    assert {"--require-hashes", "--only-binary"} <= set(fetches[0])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the steps of the build stage make, out of what is copied there and nothing else."""
    source, prefix = tmp_path_factory.mktemp("src"), tmp_path_factory.mktemp("opt") / "reconciler"
    for sources, to in from_the_tree():
        for name in sources:
            is_folder = (ROOT / name).is_dir()
            place = source / to / ("" if is_folder else Path(name).name)
            place.parent.mkdir(parents=True, exist_ok=True)
            offline.copy(ROOT / name, place)
    (source / "requirements.txt").write_text("", encoding="utf-8")  # they are within reach, and nothing is fetched
    (step,) = [rest for name, rest in stages()[0] if name == "RUN"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        ["bash", "-euc", step.replace(PREFIX, str(prefix))],  # noqa: S607
        cwd=source,
        env={**offline.environment(), "PATH": path},
        check=True,
    )
    return prefix


def test_what_is_built_runs(built: Path) -> None:
    """The installed command, away from the source tree, validates a sample as this one does."""
    command = built / "bin" / "reconciler"
    sample = SAMPLES / "minimal.yaml"
    ran = execute("validate", sample, program=command, environment=offline.environment(), folder=built)

    assert Ran(0, "Valid: 1 manifest, 2 responses.\n", "") == ran


def test_what_is_built_has_its_own_code_compiled(built: Path) -> None:
    """No pip in the image, and bytecode that no time stamp makes different from build to build."""
    (package,) = built.glob("lib/python*/site-packages/reconciler")
    (compiled,) = package.glob("__pycache__/__init__.*.pyc")
    unchecked_hash = 0b01  # PEP 552: the second word is 1 for a hash that is not checked

    assert (unchecked_hash, []) == (
        int.from_bytes(compiled.read_bytes()[4:8], "little"),
        list(package.parent.glob("pip*")),
    )


def test_git_reads_the_repository_of_another_user(tmp_path: Path) -> None:
    """The mounted folder belongs to whoever started the container: git is told by the image's environment."""
    settings = {name: value for name, value in variables().items() if name.startswith("GIT_")}
    environment = {**offline.environment(), "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1", "HOME": str(tmp_path)}
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, env=offline.environment(), check=True)  # noqa: S607
    codes = [
        execute("rev-parse", "--git-dir", program="git", environment={**environment, **more}, folder=tmp_path).code
        for more in ({}, settings)
    ]

    assert [128, 0] == codes
