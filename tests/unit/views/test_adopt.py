"""What an adopt shows and says."""

from typing import NamedTuple

from reconciler.render.style import Style
from reconciler.views.adopt import AdoptText, LeftText, adopt_report, preview


class Change(NamedTuple):
    """A file before and after."""

    file: str
    before: bytes
    after: bytes


def test_preview_is_a_diff() -> None:
    """Of each file, with its name, as `diff -u` has it."""
    shown = preview([Change("a.yaml", b"a: 1\nb: 2\n", b"a: 1\nb: 3\n")], Style())

    assert [
        "--- a.yaml",
        "+++ a.yaml (with what is live)",
        "@@ -1,2 +1,2 @@",
        " a: 1",
        "-b: 2",
        "+b: 3",
    ] == shown.split("\n")


def test_preview_says_where_the_last_line_end_is_missing() -> None:
    """A line end that comes is a difference that shows."""
    shown = preview([Change("a.yaml", b"a: 1", b"a: 1\n")], Style())

    assert ["-a: 1 (no line end)", "+a: 1"] == shown.split("\n")[3:]


def test_preview_is_harmless() -> None:
    """What a file holds cannot move the cursor, but line ends of Windows are none of anybody's business."""
    shown = preview([Change("a.yaml", b"a: 1\r\n", b"a: \x1b[2J\r\n")], Style())

    assert ["-a: 1", "+a: \\x1b[2J"] == shown.split("\n")[3:]


def test_what_is_left_has_its_reason() -> None:
    """Finding, field, reason; several fields of one finding are one finding."""
    left = [LeftText("p: GET / 200", field, "because", chosen=False) for field in ("a", "b")]

    assert [
        "left: p: GET / 200 a: because",
        "left: p: GET / 200 b: because",
        "Adopted: 3 findings in 1 file; 1 finding left.",
    ] == adopt_report(AdoptText(3, 1, left, written=True), (), Style()).split("\n")


def test_quiet_leaves_out_what_somebody_chose() -> None:
    """Who keeps a response knows it."""
    left = [LeftText("p: GET / 200", "", "kept", chosen=True)]

    assert "" == adopt_report(AdoptText(0, 0, left, written=False), (), Style(quiet=True))
