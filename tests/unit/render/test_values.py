"""Values and their differences, as a reviewer reads them."""

import pytest

from reconciler.diff import FieldChange
from reconciler.line_diff import limited_line_diffs
from reconciler.render.style import Style
from reconciler.render.values import MOST_LINES, field_lines, field_title, value_text, whole_lines

JSON = "responseTemplates.application/json"
HEADER = "responseParameters.method.response.header.X-A"
PLAIN, FULL = Style(), Style(full=True)


def lines(path: str, before: str | None, after: str | None, style: Style = PLAIN) -> list[str]:
    """A changed value."""
    return list(field_lines(FieldChange(path, before, after), style))


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("selectionPattern", None, "(default response)"),
        ("selectionPattern", "", "(default response)"),
        ("selectionPattern", "4..", "4.."),
        ("contentHandling", None, "(not set)"),
        (JSON, "", "(passthrough)"),
        (HEADER, "", "(empty)"),
        (HEADER, "'x'", "'x'"),
        (HEADER, " x", '" x"'),
        (HEADER, "x  ", '"x  "'),
        ("selectionPattern", "(default response)", '"(default response)"'),
        (JSON, "(passthrough)", '"(passthrough)"'),
    ],
)
def test_a_value_in_one_line(path: str, value: str | None, expected: str) -> None:
    """What is not set is said in words, and nobody's text passes for these words."""
    assert expected == value_text(path, value)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (HEADER, "header X-A"),
        (JSON, "template application/json"),
        ("methodResponse.method.response.header.X-A", "method response header X-A"),
        ("selectionPattern", "selectionPattern"),
        ("responseTemplates.a\x1b/b", "template a\\x1b/b"),
    ],
)
def test_a_value_goes_by_the_name_that_people_use(path: str, expected: str) -> None:
    """Header and content type, not the maps that hold them."""
    assert expected == field_title(path)


@pytest.mark.parametrize(
    ("path", "before", "after", "expected"),
    [
        ("selectionPattern", None, "4..", "~ selectionPattern: (default response) -> 4.."),
        ("selectionPattern", "4..", None, "~ selectionPattern: 4.. -> (default response)"),
        (HEADER, "'1'", "'2'", "~ header X-A: '1' -> '2'"),
        (JSON, "", "x", "~ template application/json: (passthrough) -> x"),
        (JSON, "x", "x ", '~ template application/json: x -> "x "'),
        (HEADER, None, "'1'", "+ header X-A: '1'"),
        (HEADER, "'1'", None, "- header X-A: '1'"),
        (JSON, None, "", "+ template application/json: (passthrough)"),
        (JSON, "", None, "- template application/json: (passthrough)"),
        ("contentHandling", None, "CONVERT_TO_TEXT", "+ contentHandling: CONVERT_TO_TEXT"),
    ],
)
def test_a_short_value_stays_on_its_line(path: str, before: str | None, after: str | None, expected: str) -> None:
    """Changed, come or gone."""
    assert [expected] == lines(path, before, after)


def test_a_text_of_several_lines_is_a_line_diff() -> None:
    """With two lines around what differs."""
    before = "\n".join("abcdefgh")

    assert [
        "~ template application/json:",
        "    @@ -2,5 +2,5 @@",
        "      b",
        "      c",
        "    - d",
        "    + D",
        "      e",
        "      f",
    ] == lines(JSON, before, before.replace("d", "D"))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a\nb", "a\nb  ", ["- b", "+ b\\x20\\x20"]),
        ("a\r\nb", "a\nb", ["- a\\r", "+ a"]),
        ("a\n\tb", "a\n    b", ["- \\tb", "+     b"]),
        ("a\nb\n", "a\nb", ["- (empty line)"]),
        ("a\nb", "a\n\nb", ["+ (empty line)"]),
    ],
)
def test_differences_that_nobody_sees_are_spelt_out(before: str, after: str, expected: list[str]) -> None:
    """Spaces at the end, carriage returns, tabs, a final newline."""
    found = [line.removeprefix("    ") for line in lines(JSON, before, after)]

    assert expected == [line for line in found if line[0] in "+-"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "a\nb", ["~ template application/json: (passthrough) -> (2 lines)", "    + a", "    + b"]),
        ("a\nb", "", ["~ template application/json: (2 lines) -> (passthrough)", "    - a", "    - b"]),
    ],
)
def test_a_template_from_and_to_passthrough(before: str, after: str, expected: list[str]) -> None:
    """The empty side is named, not shown as an empty line."""
    assert expected == lines(JSON, before, after)


def test_a_long_pattern_in_the_place_of_the_default() -> None:
    """The default is named here too."""
    assert ["~ selectionPattern: (default response) -> (99 characters)", f"    + {'x' * 99}"] == lines(
        "selectionPattern", None, "x" * 99
    )


def test_a_new_text_has_its_size() -> None:
    """And its lines; an empty one is no more than its sign."""
    assert ["+ template application/json: (3 lines)", "    + a\\x20", "    +", "    + c"] == lines(
        JSON, None, "a \n\nc"
    )


def text(count: int) -> str:
    """So many lines."""
    return "\n".join(f"line {number}" for number in range(count))


@pytest.mark.parametrize(
    ("count", "shown_lines", "left_out"), [(13, 13, ""), (14, 12, "2 more lines"), (9999, 12, "9,987 more lines")]
)
def test_a_long_text_is_cut(count: int, shown_lines: int, left_out: str) -> None:
    """After twelve lines, with the count of the others; never to save a single line."""
    found = lines(JSON, None, text(count))[1:]
    last = [f"    ... {left_out} (-v shows all)"] if left_out else []

    assert [*(f"    + line {number}" for number in range(shown_lines)), *last] == found


def test_in_full_nothing_is_cut() -> None:
    """That is what -v is for."""
    assert 1 + 9999 == len(lines(JSON, None, text(9999), FULL))


def test_of_a_long_diff_both_sides_are_shown() -> None:
    """Of every run of lines the first five, with the count of the others."""
    found = [line.removeprefix("    ") for line in lines(JSON, text(50), text(50).replace("line", "LINE"))]

    assert [
        *(f"- line {number}" for number in range(5)),
        "... 45 more lines (-v shows all)",
        *(f"+ LINE {number}" for number in range(5)),
        "... 45 more lines (-v shows all)",
    ] == found[2:]


def test_what_is_cut_twice_is_reported_once() -> None:
    """Where the text ends in the middle of what is left out, one line counts it all."""
    before = "\n".join(f"line {number}" for number in range(9))
    after = "\n".join(f"LINE {number}" for number in range(30))
    found = lines(JSON, f"{before}\nsame\nthe end", f"{after}\nsame")

    assert ["    ... 27 more lines (-v shows all)"] == [line for line in found[-2:] if "more" in line]


def test_a_diff_of_many_places_is_cut() -> None:
    """After twelve lines, with the count of all that is left out."""
    before = [f"line {number}" for number in range(50)]
    after = [line.upper() if number % 10 == 5 else line for number, line in enumerate(before)]
    found = lines(JSON, "\n".join(before), "\n".join(after))

    assert (1 + 12 + 1, "    ... 23 more lines (-v shows all)") == (len(found), found[-1])


def test_in_full_a_diff_is_whole() -> None:
    """Every line of both sides, and where it is."""
    assert 2 + 50 + 50 == len(lines(JSON, text(50), text(50).replace("line", "LINE"), FULL))


def test_a_single_line_is_cut_where_it_is_too_wide() -> None:
    """With the count of what is left out."""
    assert [
        "+ template application/json: (5,000 characters)",
        f"    + {'x' * 140} ... (4,860 more characters)",
    ] == lines(JSON, None, "x" * 5000)


def test_two_long_single_lines_are_shown_where_they_part() -> None:
    """A little before the first difference."""
    before, after = "x" * 5000, "x" * 4000 + "y" + "x" * 999

    assert [
        "~ template application/json:",
        "    @@ -1 +1 @@",
        f"    - (from character 3971) {'x' * 118} ... (912 more characters)",
        f"    + (from character 3971) {'x' * 30}y{'x' * 87} ... (912 more characters)",
    ] == lines(JSON, before, after)


def test_in_full_single_lines_are_whole() -> None:
    """However long."""
    before, after = "x" * 5000, "x" * 4999 + "y"

    assert [f"    - {before}", f"    + {after}"] == lines(JSON, before, after, FULL)[2:]


def test_a_whole_value_comes_or_goes() -> None:
    """By what is not set on the other side."""
    assert ["+ selectionPattern: 4..", "- selectionPattern: 4.."] == [
        *whole_lines(FieldChange("selectionPattern", None, "4.."), PLAIN),
        *whole_lines(FieldChange("selectionPattern", "4..", None), PLAIN),
    ]


def test_colours_are_those_of_the_signs() -> None:
    """Green for what comes, red for what goes, around what is harmless already."""
    found = lines(JSON, "a\nb", "a\n\x1bc", Style(colour=True))

    assert ["    \x1b[31m- b\x1b[0m", "    \x1b[32m+ \\x1bc\x1b[0m"] == found[-2:]


def test_what_is_too_different_says_so() -> None:
    """And is shown as removed and added, cut as ever."""
    before, after = ("\n".join(f"{number * step % 7_919}" for number in range(3_000)) for step in (1, 3_000))
    with limited_line_diffs(0):
        found = lines(JSON, before, after)

    assert "too different for a line diff" in found[1]
    assert "... 2,994 more lines (-v shows all)" in {line.strip() for line in found}


def test_full_has_a_limit_too() -> None:
    """A text of more lines than anybody reads is cut, which is said."""
    before, after = ("\n".join(f"{word}{number}" for number in range(MOST_LINES)) for word in "ab")
    found = lines(JSON, before, after, Style(full=True))

    assert MOST_LINES + 2 == len([line for line in found if "too different" not in line])
    assert found[-1].endswith("(--format json shows them)")
