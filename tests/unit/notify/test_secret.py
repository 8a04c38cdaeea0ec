"""The URLs of channels: where they come from, and that nothing shows them."""

import os
from pathlib import Path

import pytest

from reconciler.errors import NotificationError
from reconciler.notify.secret import SecretUrl, url_of_file, url_of_variable

URL = "https://hooks.example.com/T0K3N"


def test_a_secret_is_not_shown() -> None:
    """Only the name of its source is."""
    secret = url_of_variable("RECONCILER_NOTIFY_OPS", {"RECONCILER_NOTIFY_OPS": f" {URL}\n"})

    assert (URL, "SecretUrl(source='RECONCILER_NOTIFY_OPS')") == (secret.value, repr(secret))


@pytest.mark.parametrize("process", [{}, {"RECONCILER_NOTIFY_OPS": " "}], ids=["unset", "empty"])
def test_a_variable_that_is_not_set(process: dict[str, str]) -> None:
    """With the way to set it."""
    with pytest.raises(NotificationError, match="the environment variable RECONCILER_NOTIFY_OPS is not set"):
        url_of_variable("RECONCILER_NOTIFY_OPS", process)


@pytest.mark.parametrize("value", ["a\nT0K3N", "a T0K3N", "\N{SNOWMAN}T0K3N", "T0K3N" * 2_000])
def test_what_is_no_url_is_not_quoted(value: str) -> None:
    """It may be half of a secret."""
    with pytest.raises(NotificationError, match="OPS does not contain a URL") as caught:
        url_of_variable("OPS", {"OPS": value})
    assert "T0K3N" not in str(caught.value)


def test_a_file_has_one_line(tmp_path: Path) -> None:
    """With or without an end; a link to it is fine, as Kubernetes makes them."""
    (tmp_path / "url").write_text(f"{URL}\n")
    (tmp_path / "link").symlink_to("url")

    assert SecretUrl(URL, str(tmp_path / "link")) == url_of_file(tmp_path / "link")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"x" * 8_193, "is larger than 8,192 bytes"),
        (b"\xff", "does not contain"),
    ],
)
def test_files_without_a_url(tmp_path: Path, content: bytes, said: str) -> None:
    """Named, with what is wrong."""
    (tmp_path / "url").write_bytes(content)

    with pytest.raises(NotificationError, match=f"url {said}"):
        url_of_file(tmp_path / "url")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """None, a folder, or a pipe to which nobody writes."""
    os.mkfifo(tmp_path / "pipe")

    for name, said in (
        ("none", "cannot be read: No such file"),
        ("", "cannot be read|not a regular"),
        ("pipe", "not a"),
    ):
        with pytest.raises(NotificationError, match=said):
            url_of_file(tmp_path / name)
