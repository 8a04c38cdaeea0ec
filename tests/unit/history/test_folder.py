"""A history in a folder: what is in it, and what others may have put there."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.errors import HistoryError
from reconciler.history import FolderHistory


@pytest.fixture
def store(tmp_path: Path) -> FolderHistory:
    """A history that nobody has written to."""
    return FolderHistory(tmp_path / "deep" / "history")


@pytest.fixture
def folder(store: FolderHistory) -> Path:
    """Its folder, which exists."""
    folder = Path(store.place)
    folder.mkdir(parents=True)
    return folder


def test_files_with_other_names_are_not_listed(store: FolderHistory, folder: Path) -> None:
    """Hidden ones, those that are being written, folders and links."""
    for name in ("state-1.json", ".reconciler-1234", "a b"):
        (folder / name).write_text("")
    (folder / "folder").mkdir()
    (folder / "link").symlink_to("state-1.json")

    assert ["state-1.json"] == store.names()


@pytest.mark.parametrize("name", ["../up", "a/b", "", ".hidden", "a\n", "x" * 300])
def test_a_name_stays_in_the_folder(store: FolderHistory, name: str) -> None:
    """Whatever it is."""
    calls: tuple[Callable[[], object], ...] = (
        lambda: store.read(name, 9),
        lambda: store.write(name, b""),
        lambda: store.delete(name),
    )
    for call in calls:
        with pytest.raises(HistoryError, match="not a name"):
            call()


def test_a_link_is_not_followed(store: FolderHistory, folder: Path, tmp_path: Path) -> None:
    """Neither to read a secret nor to overwrite a file."""
    secret = tmp_path / "secret"
    secret.write_text("secret")
    (folder / "state-1.json").symlink_to(secret)

    with pytest.raises(HistoryError, match=r"state-1.json cannot be read"):
        store.read("state-1.json", 99)
    with pytest.raises(HistoryError, match=r"state-1.json is not a regular file"):
        store.write("state-1.json", b"{}")
    assert "secret" == secret.read_text()


def test_a_pipe_does_not_block(store: FolderHistory, folder: Path) -> None:
    """Nobody may ever write to it."""
    os.mkfifo(folder / "state-1.json")

    with pytest.raises(HistoryError, match="not a regular file"):
        store.read("state-1.json", 99)


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    """Says what is wrong, and with what."""
    (tmp_path / "file").write_text("")
    store = FolderHistory(tmp_path / "file")

    for call in (store.names, lambda: store.read("a", 9), lambda: store.write("a", b"")):
        with pytest.raises(HistoryError, match=r"file.* cannot be (read|written): ") as caught:
            call()
        assert "check the folder and its permissions, or choose another one with --history" == caught.value.remedy


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder(store: FolderHistory, folder: Path) -> None:
    """Leaves nothing behind."""
    folder.chmod(0o500)
    try:
        with pytest.raises(HistoryError, match="Permission denied"):
            store.write("a", b"")
    finally:
        folder.chmod(0o700)
    assert [] == list(folder.iterdir())


def test_runs_at_the_same_time_leave_whole_files(store: FolderHistory) -> None:
    """One of the contents, and nothing of the other."""
    contents = [bytes([number]) * 50_000 for number in range(8)]
    threads = [threading.Thread(target=store.write, args=("state-1.json", content)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert store.read("state-1.json", 99_999) in contents
    assert ["state-1.json"] == sorted(path.name for path in Path(store.place).iterdir())
