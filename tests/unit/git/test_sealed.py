"""git is asked without anything that could make it run programs, and still knows what it has to know."""

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from reconciler.errors import ReconcilerError, UsageError
from reconciler.git.discovery import RepositorySearch
from reconciler.git.history import changed_since, commit_of, describe_head, merge_base
from reconciler.git.history import open_repository as around
from reconciler.git.revision import open_revision
from support.repositories import Repository, repository
from support.traps import TRAPS


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with a file."""
    made = repository(tmp_path / "checkout", monkeypatch)
    made.write("m/a.yaml", "a\n")
    made.commit()
    return made


def configured(repository: Repository) -> dict[str, str]:
    """All that git takes for configured when it is asked."""
    listed = os.fsdecode(around().run("config", "--null", "--list").stdout).split("\0")
    assert repository.folder == around().top
    return {key: value for key, _, value in (one.partition("\n") for one in listed if one)}


def test_only_listed_keys_are_configured(checkout: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """No program and no address gets through from any configuration file or from the environment."""
    hostile = '[core]\n\tfsmonitor = x\n\tsshCommand = x\n[diff]\n\texternal = x\n[filter "f"]\n\tclean = x\n'
    user = checkout.folder.parent / "user"
    user.write_text(f"{hostile}[core]\n\tautocrlf = input\n", encoding="utf-8")
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, str(user))
    for name, value in (("COUNT", "1"), ("KEY_0", "core.fsmonitor"), ("VALUE_0", "x")):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    with (checkout.folder / ".git" / "config").open("a", encoding="utf-8") as opened:
        opened.write(f'{hostile}[remote "a\\"b"]\n\turl = x\n\tfetch = +refs/*:refs/*\n\tproxy = x\n')

    assert {
        "core.autocrlf": "input",
        "core.repositoryformatversion": "0",
        "core.filemode": "true",
        'remote.a"b.fetch': "+refs/*:refs/*",
        "core.bare": "false",
        "core.attributesfile": "/dev/null",
        "core.hookspath": "/dev/null",
        "core.fsmonitor": "",
        "core.untrackedcache": "false",
        "protocol.allow": "never",
    } == {key: value for key, value in configured(checkout).items() if key != "core.excludesfile"}


@pytest.mark.parametrize(
    "value", ["a b", 'a"b', "a\\b", "a\nb", "#", ";", " x ", "[core]", "a\n[core]\nfsmonitor=x", ""]
)
def test_values_stay_values(value: str, checkout: Repository) -> None:
    """No value can add a key, whatever it holds."""
    checkout.git("config", "branch.x.merge", value)
    checkout.git("config", f"branch.{value.splitlines()[0] if value else 'y'}.remote", "z")
    found = configured(checkout)

    assert (value, "") == (found["branch.x.merge"], found["core.fsmonitor"])


@pytest.mark.parametrize("trap", TRAPS)
def test_commit_of_a_deployment(trap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recording the commit runs no program either."""
    made = repository(tmp_path / "checkout", monkeypatch)
    made.write("m/petstore.yaml", "a\n")
    made.commit()
    made.git("checkout", "-b", "topic")
    marker = tmp_path / "SPRUNG"
    is_trap = TRAPS[trap](made, marker).sprung(marker, monkeypatch)
    describe_head(RepositorySearch(("m",)))

    assert (True, False) == (is_trap, marker.exists())


def everything(folder: Path) -> list[tuple[str, int, int]]:
    """Every file of a folder, with its times."""
    return sorted((str(one), one.lstat().st_mtime_ns, one.lstat().st_size) for one in folder.rglob("*"))


@pytest.mark.parametrize("split", ["false", "true"])
def test_nothing_changes(split: str, checkout: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git's index stays as it is, even if files look edited, and no temporary folder is left."""
    checkout.git("config", "core.splitIndex", split)
    checkout.git("update-index", "--split-index" if split == "true" else "--no-split-index")
    os.utime(checkout.folder / "m" / "a.yaml", (1, 1))
    for file in (checkout.folder / ".git").glob("sharedindex.*"):
        os.utime(file, (1, 1))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = everything(tmp_path)
    found = (changed_since("main"), describe_head())

    assert (frozenset(), checkout.git("rev-parse", "--short", "HEAD"), before) == (*found, everything(tmp_path))


def test_repository_of_another_user(checkout: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is opened only if the runner declares it safe, in a file of its own or in the environment."""
    if os.getuid():
        pytest.skip("only root can give a folder away")
    os.chown(checkout.folder, 12345, 12345)
    with pytest.raises(UsageError, match="git does not open this one: detected dubious ownership"):
        around()
    for name, value in (("COUNT", "1"), ("KEY_0", "Safe.Directory"), ("VALUE_0", "*")):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    of_environment = around().top
    monkeypatch.delenv("GIT_CONFIG_COUNT")
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", f"'safe.directory={checkout.folder}'")
    of_command = around().top
    monkeypatch.delenv("GIT_CONFIG_PARAMETERS")
    user = checkout.folder.parent / "user"
    user.write_text(f"[safe]\n\tdirectory = {checkout.folder}\n", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(user))

    assert {checkout.folder} == {of_environment, of_command, around().top}


@pytest.mark.parametrize("name", ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "HOME", "XDG_CONFIG_HOME"])
def test_configuration_in_the_checkout(name: str, checkout: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not count, even if the environment points to it, and neither does its ignore file."""
    monkeypatch.delenv("GIT_CONFIG_GLOBAL")
    text = "[core]\n\tautocrlf = true\n"
    for file in (".gitconfig", "git/config", ".config/git/config"):
        checkout.write(file, text)
    checkout.write("git/ignore", "*.yaml\n")
    checkout.write(".config/git/ignore", "*.yaml\n")
    is_file = name.startswith("GIT_")
    monkeypatch.setenv(name, str(checkout.folder / (".gitconfig" if is_file else "")))

    assert not {"core.autocrlf"} & configured(checkout).keys()
    assert str(checkout.folder) not in configured(checkout).get("core.excludesfile", "")


def test_ignored_by_the_user(checkout: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that the user's own list ignores do not count as changed."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "mine").write_text("*.swp\n", encoding="utf-8")
    (tmp_path / "home" / ".gitconfig").write_text("[core]\n\texcludesFile = ~/mine\n", encoding="utf-8")
    monkeypatch.delenv("GIT_CONFIG_GLOBAL")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    checkout.write("m/a.yaml.swp", "")

    assert frozenset() == changed_since("main")


def test_line_ends_as_git_writes_them(checkout: Repository) -> None:
    """A file whose line ends come from attributes is unchanged."""
    checkout.write(".gitattributes", "*.yaml text eol=crlf\n")
    checkout.commit()
    (checkout.folder / "m" / "a.yaml").unlink()
    checkout.git("checkout", "--", "m")
    os.utime(checkout.folder / "m" / "a.yaml", (1, 1))

    assert (b"a\r\n", frozenset()) == ((checkout.folder / "m" / "a.yaml").read_bytes(), changed_since("HEAD"))


def test_replaced_history(checkout: Repository) -> None:
    """Commits are read as they were made, whatever replace references exist."""
    first = checkout.git("rev-parse", "HEAD")
    checkout.write("m/a.yaml", "b\n")
    second = checkout.commit()
    checkout.git("replace", second, first)
    plain = checkout.git("show", f"{second}:m/a.yaml")

    assert ("a", b"b\n") == (plain, open_revision(second).read("m/a.yaml", 10))


def test_objects_of_the_working_tree(checkout: Repository) -> None:
    """They are not read, even if git's data names their folder."""
    (checkout.folder / "m" / "objects").mkdir()
    (checkout.folder / ".git" / "objects" / "info").mkdir(exist_ok=True)
    (checkout.folder / ".git" / "objects" / "info" / "alternates").write_text("../../m/objects\n", encoding="utf-8")

    with pytest.raises(
        UsageError, match=r"it borrows objects from its working tree; remove the entry .*/m/objects from"
    ):
        around()


def test_clone_that_borrows_objects(checkout: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may borrow from a repository elsewhere, by an absolute or a relative name."""
    borrower = tmp_path / "borrower"
    checkout.git("clone", "--shared", ".", str(borrower))
    monkeypatch.chdir(borrower)
    absolute = open_revision("HEAD").read("m/a.yaml", 10)
    (borrower / ".git/objects/info/alternates").write_text("../../../checkout/.git/objects\n", encoding="utf-8")

    assert (b"a\n", b"a\n") == (absolute, open_revision("HEAD").read("m/a.yaml", 10))


@pytest.mark.parametrize("revision", ["FETCH_HEAD", "main@{0}", "@{upstream}", "HEAD^{commit}", "origin/main", "v1"])
def test_ways_to_name_a_revision(revision: str, checkout: Repository) -> None:
    """All of git's ways work: the last fetch, earlier positions, the upstream of a branch."""
    checkout.git("clone", "--bare", ".", "../origin")
    checkout.git("remote", "add", "origin", "../origin")
    checkout.git("fetch", "origin", "main")
    checkout.git("branch", "--set-upstream-to", "origin/main")
    checkout.git("tag", "-a", "v1", "-m", "one")
    checkout.git("pack-refs", "--all")

    assert checkout.git("rev-parse", "HEAD") == commit_of(revision, around())


def test_sha256(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Repositories with SHA-256 ids are read too."""
    monkeypatch.setenv("GIT_DEFAULT_HASH", "sha256")
    made = repository(tmp_path / "checkout", monkeypatch)
    made.write("a.yaml", "a")
    commit = made.commit()
    made.write("a.yaml", "b")

    assert (64, commit, b"a", {str(made.folder / "a.yaml")}) == (
        len(commit),
        merge_base("main", around()).commit,
        open_revision("HEAD").read("a.yaml", 10),
        set(changed_since("main")),
    )


def test_configuration_of_one_worktree(checkout: Repository) -> None:
    """It counts too, by the same list."""
    checkout.git("config", "extensions.worktreeConfig", "true")
    checkout.git("config", "--worktree", "core.fileMode", "false")
    checkout.git("config", "--worktree", "core.fsmonitor", "x")
    found = configured(checkout)

    assert ("false", "") == (found["core.filemode"], found["core.fsmonitor"])


def test_sparse_checkout(checkout: Repository) -> None:
    """Files outside the sparse checkout are not changed."""
    checkout.write("n/b.yaml", "b")
    checkout.commit()
    checkout.git("sparse-checkout", "set", "--cone", "--sparse-index", "m")

    assert (False, frozenset()) == ((checkout.folder / "n").exists(), changed_since("main"))


def test_files_that_git_cannot_compare(checkout: Repository) -> None:
    """They are an error: no file counts as unchanged without a comparison."""
    commit = checkout.git("rev-parse", "HEAD")
    tree = checkout.git("rev-parse", "HEAD:m")
    checkout.write("m/a.yaml", "b")
    checkout.commit()
    (checkout.folder / ".git" / "objects" / tree[:2] / tree[2:]).unlink()

    with pytest.raises(
        ReconcilerError, match=r"git cannot list the changed files of .*: .*; fetch the missing objects"
    ):
        changed_since(commit)


@pytest.mark.parametrize("what", ["blob:none", "tree:0"])
def test_partial_clone(what: str, checkout: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is fetched implicitly; the suggested command fetches the missing objects."""
    checkout.write("m/a.yaml", "b\n")
    checkout.commit()
    checkout.git("config", "uploadpack.allowFilter", "true")
    clone = Repository(tmp_path / "clone")
    checkout.git("clone", f"--filter={what}", f"file://{checkout.folder}", str(clone.folder))
    monkeypatch.chdir(clone.folder)
    before = everything(clone.folder)
    with pytest.raises((ReconcilerError, OSError), match="git fetch --refetch --no-filter"):
        open_revision("HEAD~1").read("m/a.yaml", 10)
    after = everything(clone.folder)
    clone.git("fetch", "--refetch", "--no-filter")

    assert (before, b"a\n") == (after, open_revision("HEAD~1").read("m/a.yaml", 10))


@pytest.mark.parametrize("is_tracked", [True, False])
def test_repository_inside_the_working_tree(checkout: Repository, *, is_tracked: bool) -> None:
    """Its whole folder counts as changed if it is new or at another commit."""
    inner = checkout.folder / "inner"
    checkout.git("clone", ".", str(inner))
    if is_tracked:
        checkout.git("add", "inner")
        checkout.git("commit", "-m", "inner")
        checkout.git("-C", str(inner), "commit", "--allow-empty", "-m", "another")
        checkout.write(".gitmodules", '[submodule "inner"]\n\tpath = inner\n\turl = x\n\tignore = all\n')
        checkout.git("update-index", "--cacheinfo", f"160000,{checkout.git('-C', 'inner', 'rev-parse', 'HEAD')},inner")

    assert str(inner) in changed_since("main")


def test_no_program_of_the_checkout(checkout: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries of PATH inside the checkout are skipped in the search for git."""
    checkout.write("git", "#!/bin/sh\nexit 3\n")
    (checkout.folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join((".", "", str(checkout.folder), os.environ["PATH"])))
    plain = subprocess.run(["git", "--version"], check=False).returncode  # noqa: S607 - that is the point

    assert (3, frozenset()) == (plain, changed_since("main") - {str(checkout.folder / "git")})


def test_broken_configuration(checkout: Repository) -> None:
    """Git's own error is reported."""
    (checkout.folder / ".git" / "config").write_text("[core\n", encoding="utf-8")

    with pytest.raises(UsageError, match=r"git does not open this one: .*bad config line 1 in file"):
        around()


def test_included_file_of_the_checkout_is_not_even_read(checkout: Repository) -> None:
    """A broken file that the configuration includes from the checkout, directly or not, has no effect."""
    (checkout.folder.parent / "user").write_text(f"[include]\n\tpath = {checkout.folder}/.ours\n", encoding="utf-8")
    checkout.git("config", "includeIf.gitdir:**.path", "../../user")
    checkout.write(".ours", "[core\n")
    plain = subprocess.run(["git", "status"], check=False, capture_output=True).returncode  # noqa: S607

    assert (128, {str(checkout.folder / ".ours")}) == (plain, set(changed_since("main")))


def test_repository_of_another_user_that_includes_a_file_of_the_checkout(
    checkout: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is refused: git could not tell whether it is safe without reading that file."""
    if os.getuid():
        pytest.skip("only root can give a folder away")
    checkout.git("config", "include.path", "../.ours")
    os.chown(checkout.folder, 12345, 12345)
    for name, value in (("COUNT", "1"), ("KEY_0", "safe.directory"), ("VALUE_0", "*")):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)

    with pytest.raises(UsageError, match="it belongs to another user or folder, and its configuration includes a f"):
        around()


def test_working_tree_elsewhere_where_the_checkout_is_included(checkout: Repository, tmp_path: Path) -> None:
    """It is refused as it is without the include."""
    checkout.git("config", "include.path", "../.ours")
    checkout.git("config", "core.worktree", str(tmp_path))

    with pytest.raises(UsageError, match="does not use the git repository"):
        around()


def test_submodule_is_not_even_opened(checkout: Repository) -> None:
    """Git compares files without reading anything inside a submodule."""
    inner = checkout.folder / "inner"
    checkout.git("clone", ".", str(inner))
    checkout.git("add", "inner")
    checkout.git("commit", "-m", "inner")
    (inner / ".git" / "config").write_text("[core\n", encoding="utf-8")
    os.utime(inner, (1, 1))
    (checkout.folder / "m" / "a.yaml").write_text("edited", encoding="utf-8")
    plain = subprocess.run(["git", "diff", "--ignore-submodules=all"], check=False, capture_output=True)  # noqa: S607

    assert (128, {str(checkout.folder / "m" / "a.yaml")}, True) == (
        plain.returncode,
        set(changed_since("main")),
        (describe_head() or "").endswith("+"),
    )
