"""What the recipes install: the list of packages, and the script that installs them and reconciler."""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from e2e.running import ROOT, SAMPLES, Ran, execute
from support import offline

pytestmark = pytest.mark.recipes

FOLDERS: Final = [
    SAMPLES / "ci" / "github" / ".github" / "actions" / "setup-reconciler",
    SAMPLES / "ci" / "gitlab" / ".gitlab" / "reconciler",
]
SETUP: Final = FOLDERS[0]
SENTENCE: Final = "Set RECONCILER_SOURCE in .gitlab-ci.yml to git+https://HOST/YOU/YOUR-COPY@COMMIT"
COMMIT: Final = "0123456789abcdef0123456789abcdef01234567"


def pins() -> dict[str, str]:
    """Version by distribution."""
    lines = (SETUP / "requirements.txt").read_text(encoding="utf-8").splitlines()
    words = [line.removesuffix(" \\").split("==") for line in lines if line[:1].isalnum()]
    return {canonicalize_name(name): version for name, version in words}


def requirements(name: str, *extras: str) -> list[Requirement]:
    """What a distribution needs when it is run on Linux, and what these extras of it do."""
    found = [Requirement(one) for one in metadata.requires(name) or []]
    return [
        one
        for one in found
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ("", *extras))
    ]


def test_list_is_for_all_that_is_needed() -> None:
    """Every package that reconciler needs, or that builds it, is fixed, at a version that all take; no other is."""
    fixed = pins()
    todo, seen, contradictions = [Requirement("apigw-reconciler"), Requirement("hatchling")], {"hatchling"}, list[str]()
    while todo:
        name, extras = todo[-1].name, todo.pop().extras
        for requirement in requirements(name, *extras):
            needed = canonicalize_name(requirement.name)
            if needed not in seen:
                seen.add(needed)
                todo.append(requirement)
            if needed not in fixed or not requirement.specifier.contains(fixed[needed], prereleases=True):
                contradictions.append(f"{name} needs {requirement}")

    assert ([], set(fixed)) == (contradictions, seen)


def test_list_is_made_of_what_the_project_needs() -> None:
    """The file that the list is made of has the dependencies of the project and of its build, and no other."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = (SETUP / "requirements.in").read_text(encoding="utf-8").splitlines()

    assert sorted([*project["project"]["dependencies"], *project["build-system"]["requires"]]) == sorted(
        line for line in lines if not line.startswith("#")
    )


def test_every_package_has_its_hashes() -> None:
    """One at least; and no index, nor any other place, is named."""
    blocks = (SETUP / "requirements.txt").read_text(encoding="utf-8").split("\n    # via")
    entries = [line for block in blocks for line in block.splitlines() if "==" in line]
    options = [line.split()[0] for block in blocks for line in block.splitlines() if line.lstrip().startswith("--")]

    assert (len(pins()), True) == (len(entries), all(line.endswith("\\") for line in entries))
    assert {"--hash"} == {option.partition("=")[0] for option in options}


@pytest.mark.parametrize("name", ["install.sh", "requirements.in", "requirements.txt"])
def test_recipes_install_the_same(name: str) -> None:
    """Byte for byte."""
    first, second = ((folder / name).read_bytes() for folder in FOLDERS)

    assert first == second


def install(folder: Path, source: str, environment: Mapping[str, str] | None = None, *, setup: Path = SETUP) -> Ran:
    """Run the script with `sh`, with no index to ask and the packages of this environment within reach."""
    reach = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder), "PYTHONPATH": sysconfig.get_path("purelib")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    known = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "GITHUB_"))}
    return execute(
        setup / "install.sh",
        folder / "venv",
        program="sh",
        environment={**known, **reach, "PATH": path, "RECONCILER_SOURCE": source, **(environment or {})},
        folder=folder,
    )


@pytest.mark.parametrize(
    ("source", "environment"),
    [
        ("", {}),
        ("apigw-reconciler", {"RECONCILER_INDEX_URL": "https://index.example"}),
        ("apigw-reconciler>=0.1", {"RECONCILER_INDEX_URL": "https://index.example"}),
        ("apigw-reconciler==0.*", {"RECONCILER_INDEX_URL": "https://index.example"}),
        ("apigw-reconciler==0.1.0", {}),
        ("--upgrade", {"RECONCILER_INDEX_URL": "https://index.example"}),
        ("git+https://git.example/you/copy", {}),
        ("git+https://git.example/you/copy@main", {}),
        (f"git+https://git.example/you/copy@{COMMIT[:12]}", {}),
        ("https://files.example/reconciler.whl", {}),
        ("apigw-reconciler @ git+https://git.example/you/copy@main", {}),
        ("apigw-reconciler @ git+https://git.example/you/copy", {"RECONCILER_INDEX_URL": "https://index.example"}),
        ("hg+https://hg.example/you/copy", {}),
        ("vendor/reconciler-that-is-not-there", {}),
        ("--requirement=vendor/more.txt", {"RECONCILER_INDEX_URL": "https://index.example"}),
    ],
)
def test_source_that_can_change_is_refused(tmp_path: Path, source: str, environment: dict[str, str]) -> None:
    """Nothing is installed, and a sentence says what to write, and where."""
    ran = install(tmp_path, source, environment)

    assert (1, "", True, False) == (ran.code, ran.out, SENTENCE in ran.err, (tmp_path / "venv").exists())


def test_refusal_on_github(tmp_path: Path) -> None:
    """The runner shows it as an error, and it names the file of that recipe."""
    ran = install(tmp_path, "", {"GITHUB_ACTIONS": "true"})

    assert ran.err.startswith("::error title=reconciler was not installed::")
    assert "'source' in .github/actions/setup-reconciler/action.yml" in ran.err


@pytest.fixture
def setup(tmp_path: Path) -> Path:
    """The script beside a list of one package, which is a wheel in the folder that pip looks at."""
    wheel = tmp_path / "listed-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("listed.py", "")
        file.writestr("listed-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: listed\nVersion: 1.0\n")
        file.writestr("listed-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr("listed-1.0.dist-info/RECORD", "")
    folder = tmp_path / "setup"
    folder.mkdir()
    shutil.copy(SETUP / "install.sh", folder)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (folder / "requirements.txt").write_text(f"listed==1.0 --hash=sha256:{digest}\n", encoding="utf-8")
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> str:
    """The address of a git repository that has this source tree, at its commit."""
    folder = tmp_path / "copy"
    folder.mkdir()
    for name in ("reconciler", "pyproject.toml", "README.md", "LICENSE"):
        place = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        place(ROOT / name, folder / name)
    somebody = ("-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgSign=false")
    for words in (["init", "-q"], ["add", "-A"], [*somebody, "commit", "-q", "-m", "as it is"]):
        subprocess.run(["git", *words], cwd=folder, check=True)  # noqa: S607
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, check=True, capture_output=True, text=True)  # noqa: S607
    return f"git+{folder.as_uri()}@{commit.stdout.strip()}"


def test_git_repository_is_installed(tmp_path: Path, setup: Path, repository: str) -> None:
    """Built from the commit without any network; the command runs, and its types are there for those who import it."""
    ran = install(tmp_path, repository, setup=setup)
    version = execute("--version", program=tmp_path / "venv" / "bin" / "reconciler", environment=offline.environment())
    (package,) = (tmp_path / "venv").glob("lib/python*/site-packages/reconciler")

    assert (0, "", 0, True) == (ran.code, ran.err, version.code, (package / "py.typed").is_file())


@pytest.mark.parametrize("is_own", [True, False])
def test_version_comes_from_its_index_alone(tmp_path: Path, setup: Path, *, is_own: bool) -> None:
    """A package of the same name that pip is configured to find elsewhere is not taken."""
    folders = {name: tmp_path / name for name in ("own", "elsewhere")}
    for folder in folders.values():
        (folder / "a-copy").mkdir(parents=True)
    place = folders["own" if is_own else "elsewhere"] / "a-copy"
    wheel = place / "a_copy-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("reconciler_of_somebody.py", "")
        about = "a_copy-1.0.dist-info"
        file.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: a-copy\nVersion: 1.0\n")
        file.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr(f"{about}/RECORD", "")
    (place / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>', encoding="utf-8")
    settings = tmp_path / "pip.conf"
    settings.write_text(f"[install]\nfind-links = {place if not is_own else tmp_path}\n", encoding="utf-8")
    ran = install(
        tmp_path,
        "a-copy==1.0",
        {
            "RECONCILER_INDEX_URL": folders["own"].as_uri(),
            "PIP_EXTRA_INDEX_URL": folders["elsewhere"].as_uri(),
            "PIP_FIND_LINKS": f"{tmp_path} {folders['elsewhere'] / 'a-copy'}",
            "PIP_CONFIG_FILE": str(settings),
        },
        setup=setup,
    )
    installed = [*(tmp_path / "venv").glob("lib/python*/site-packages/reconciler_of_somebody.py")]

    assert (is_own, is_own) == (ran.code == 0, bool(installed)), ran.err


def test_package_with_another_hash_is_refused(tmp_path: Path, setup: Path, repository: str) -> None:
    """Nothing is installed after it."""
    (setup / "requirements.txt").write_text(f"listed==1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    ran = install(tmp_path, repository, setup=setup)

    assert (1, True, False) == (
        ran.code, "DO NOT MATCH THE HASHES" in ran.err, (tmp_path / "venv" / "bin" / "reconciler").exists(),
    )  # fmt: skip
