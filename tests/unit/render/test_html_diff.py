"""Changed values on pages."""

import re

from reconciler.render.html_diff import MOST_LINES, lone_value, value_diff

PATH = "responseTemplates.application/json"


def sides(page: str) -> list[tuple[str, list[str]]]:
    """The kind of each side, and its lines as text."""
    found = re.findall(
        r'<span class="(old|new|same|twin)"[^>]*>((?:<span class="line">.*?</span>)*)</span>', plain(page)
    )
    return [(kind, re.findall('<span class="line">(.*?)</span>', lines)) for kind, lines in found]


def plain(page: str) -> str:
    """A page without marks within lines."""
    return re.sub('<span class="mark">(.*?)</span>', r"\1", page)


def marks(page: str) -> list[str]:
    """What is marked within lines."""
    return re.findall('<span class="mark">(.*?)</span>', page)


def test_lines_are_next_to_each_other() -> None:
    """Removed lines on one side, added ones on the other, and equal ones on both."""
    page = value_diff(PATH, "a\nb\nc", "a\nB\nB2\nc")

    assert sides(page) == [
        ("same", ["a"]),
        ("twin", ["a"]),
        ("old", ["b"]),
        ("new", ["B", "B2"]),
        ("same", ["c"]),
        ("twin", ["c"]),
    ]


def test_the_twin_of_an_equal_line_is_hidden_from_screen_readers() -> None:
    """They would read it twice."""
    assert '<span class="twin" aria-hidden="true">' in value_diff(PATH, "a\nb", "a\nc")


def test_whole_words_are_marked() -> None:
    """From the first to the last difference in a line."""
    assert marks(value_diff(PATH, "the fieldSeven of it", "the fieldSix of it")) == ["fieldSeven", "fieldSix"]


def test_lines_with_little_in_common_are_not_marked() -> None:
    """Marks all over say nothing."""
    assert marks(value_diff(PATH, "abcdefghij", "qrstuvwxyz")) == []


def test_a_difference_far_away_is_found() -> None:
    """A long line is shown around its difference, and the rest is counted."""
    page = plain(value_diff(PATH, "x " * 5_000 + "old" + "y" * 5_000, "x " * 5_000 + "new" + "y" * 5_000))

    assert (["(from character 9,941) ", "(from character 9,941) "], [("old", True), ("new", True)]) == (
        re.findall(r"\(from character [\d,]+\) ", page),
        [(word, f"{word}yyy" in page) for word in ("old", "new")],
    )
    assert page.count(" more characters)") == 2
    assert len(page) < 5_000


def test_the_place_of_a_later_hunk_is_named() -> None:
    """By the line of the old text."""
    lines = [f"line {number}" for number in range(40)]
    page = value_diff(PATH, "\n".join(lines), "\n".join([*lines[:30], "another", *lines[31:]]))

    assert re.findall('<span class="hunk">(.*?)</span>', page) == ["line 28"]


def test_values_that_are_not_set_are_in_words() -> None:
    """As in the other formats."""
    assert sides(value_diff("contentHandling", None, "CONVERT_TO_TEXT")) == [
        ("old", ["(not set)"]),
        ("new", ["CONVERT_TO_TEXT"]),
    ]


def test_trailing_spaces_of_changed_lines_can_be_seen() -> None:
    """AWS stores them."""
    assert sides(value_diff(PATH, "a", "a  ")) == [("old", ["a"]), ("new", ["a\\x20\\x20"])]


def test_a_lone_value_has_one_side() -> None:
    """A response that is missing has no other side to compare with."""
    assert sides(lone_value(PATH, "a\nb", "new")) == [("new", ["a", "b"])]


def test_nothing_of_a_text_is_markup() -> None:
    """Neither in lines nor in titles."""
    page = value_diff("responseTemplates.<b>", "<i>\n</span>", "<img src=x>\n</div>")

    assert re.findall(r"<(?!/?(?:span|div|h4)\b)[^>]*>", page) == []


def test_many_lines_are_cut_and_counted() -> None:
    """On each side."""
    old = "\n".join(f"a{number}" for number in range(MOST_LINES + 7))
    new = "\n".join(f"b{number}" for number in range(MOST_LINES + 5))
    page = value_diff(PATH, old, new)

    assert ([MOST_LINES, MOST_LINES], True) == (
        [len(lines) for _, lines in sides(page)],
        "7 more lines: --format json shows them" in page,
    )
    assert "7 more lines: --format json shows them" in lone_value(PATH, old, "old")


def test_what_comes_after_too_many_lines_is_mentioned() -> None:
    """The page does not end in the middle without a word."""
    old = "\n".join(
        [*(f"a{number}" for number in range(MOST_LINES)), *(f"same{number}" for number in range(30)), "end"]
    )
    new = "\n".join(
        [*(f"b{number}" for number in range(MOST_LINES)), *(f"same{number}" for number in range(30)), "other end"]
    )

    assert "the rest is not shown here" in value_diff(PATH, old, new)
