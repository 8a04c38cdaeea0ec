"""Files put into place, whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from reconciler.atomic_write import AtomicWrite, write_file


def names(folder: Path) -> list[str]:
    """What is in a folder."""
    return sorted(one.name for one in folder.iterdir())


def put(*places: Path) -> list[Path]:
    """Put a content into each place; gives those where it came to be."""
    with AtomicWrite() as placing:
        for one in places:
            placing.add(one, b"new")
        return list(placing.put())


def test_new_file(tmp_path: Path) -> None:
    """It holds the content, and nothing else is left."""
    write_file(tmp_path / "a", b"one")

    assert (["a"], b"one") == (names(tmp_path), (tmp_path / "a").read_bytes())


def test_mode(tmp_path: Path) -> None:
    """Permissions that are asked for are the file's, whatever the umask takes away."""
    write_file(tmp_path / "a", b"one", 0o666)

    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o666


def test_link_stays(tmp_path: Path) -> None:
    """What a link leads to is replaced, not the link."""
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there/a")
    write_file(tmp_path / "link", b"one", lasting=True)

    assert (True, b"one") == ((tmp_path / "link").is_symlink(), (tmp_path / "there" / "a").read_bytes())


def test_pipe_stays(tmp_path: Path) -> None:
    """Who reads from it reads the content, and it is a pipe still."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_file(pipe, b"one", 0o600, lasting=True)
    content = os.read(reader, 10)
    os.close(reader)

    assert (b"one", True) == (content, pipe.is_fifo())


def test_longest_name(tmp_path: Path) -> None:
    """A name as long as names can be is put like others."""
    write_file(tmp_path / ("a" * 255), b"one")

    assert ["a" * 255] == names(tmp_path)


def test_several_files_in_their_order(tmp_path: Path) -> None:
    """They are put in the order in which they came."""
    places = [tmp_path / "b", tmp_path / "a"]

    assert (places, ["a", "b"]) == (put(*places), names(tmp_path))


def test_nothing_is_put_before_all_are_written(tmp_path: Path) -> None:
    """A file that cannot be written keeps those before it back, and is named itself."""
    lost = tmp_path / "no" / "b"
    with pytest.raises(FileNotFoundError) as caught:
        put(tmp_path / "a", lost)

    assert ([], str(lost)) == (names(tmp_path), caught.value.filename)


def test_what_cannot_be_put_leaves_nothing_beside(tmp_path: Path) -> None:
    """A folder that came into the way is told by its name; what was put before stays."""
    (tmp_path / "b").mkdir()
    with pytest.raises(IsADirectoryError) as caught:
        put(tmp_path / "a", tmp_path / "b", tmp_path / "c")

    assert (["a", "b"], str(tmp_path / "b")) == (names(tmp_path), caught.value.filename)
