"""What an adopt shows and says."""

from typing import NamedTuple

from reconciler.atomic_write import FileReplacement
from reconciler.engine.adopt.adopt import AdoptResult
from reconciler.engine.adopt.proposal import NotAdopted, Proposal, TargetFinding
from reconciler.findings import find_drift
from reconciler.render.style import Style
from reconciler.views.adopt import adopt_text, preview
from support.live import DEFAULT, GET_PETS, live_of
from support.reads import read_of
from support.states import desired_of


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
        "+++ a.yaml (with the live values)",
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


def adopted(*left: tuple[str, bool], number: int = 0) -> AdoptResult:
    """A result with these fields of one finding left, by choice or not, and a number of adopted findings."""
    wanted = desired_of({GET_PETS: {"200": DEFAULT}})
    live = live_of({GET_PETS: {}})
    (finding,) = find_drift(wanted, live).findings
    found = TargetFinding(0, read_of(wanted, live), finding)
    rewrites = (FileReplacement("a.yaml", b"", b"a"),) if number else ()
    kept = tuple(NotAdopted(found, "because", field, by_choice) for field, by_choice in left)
    return AdoptResult(Proposal(rewrites, (found,) * number, kept), written=bool(number))


def test_many_with_one_reason_are_one_line() -> None:
    """Unless each is asked for."""
    result = adopted(("a", True), ("b", True), ("c", True))
    short, full = (adopt_text(result, style).splitlines() for style in (Style(), Style(full=True)))

    assert ("not adopted: petstore: GET /pets 200 and 2 more: because (-v shows each)", 2, 4) == (
        short[0],
        len(short),
        len(full),
    )


def test_what_is_not_adopted_has_its_reason() -> None:
    """Finding, field, reason; several fields of one finding are one finding."""
    result = adopted(("a", False), ("b", False), number=3)

    assert [
        "not adopted: petstore: GET /pets 200 a: because",
        "not adopted: petstore: GET /pets 200 b: because",
        "Adopted: 3 findings in 1 file; 1 finding not adopted.",
    ] == adopt_text(result, Style()).split("\n")


def test_quiet_leaves_out_what_somebody_chose() -> None:
    """Who keeps a response knows it."""
    assert "" == adopt_text(adopted(("", True)), Style(quiet=True))
