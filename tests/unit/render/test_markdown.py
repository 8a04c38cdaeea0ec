"""The pieces that Markdown reports are made of."""

from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reconciler.render import markdown
from reconciler.render.style import printable

HOSTILE = (
    "``` ````",
    "<script>alert(1)</script>",
    "::error::x",
    "@someone",
    "#123",
    "GH-12 a1b2c3d4 owner/repo#1",
    "</details></summary>",
    "-->",
    "]]>",
    "\x1b[31mred",
    "\u202egnihsif",
    "\0",
    "a | b",
    "1. x",
    "- x",
    "/close",
    "https://example.com www.example.com",
    "[a](b) ![c](d) *e* _f_ ~~g~~ &lt; \\",
)
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from((*HOSTILE, "word", "`", " ", "|", "\\"))).map("".join))

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


class Page(HTMLParser):
    """The tags of a page, and the text inside and outside of code."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.comments: list[str] = []
        self.text = ""
        self.prose = ""
        self._in_code = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember it with its attributes."""
        self.tags.append(" ".join([tag, *(f"{name}={value}" for name, value in attrs)]))
        self._in_code = self._in_code or tag == "code"

    def handle_endtag(self, tag: str) -> None:
        """Code ends."""
        self._in_code = self._in_code and tag != "code"

    def handle_data(self, data: str) -> None:
        """Text, in code or not."""
        self.text += data
        self.prose += "" if self._in_code else data

    def handle_comment(self, data: str) -> None:
        """What nobody sees."""
        self.comments.append(data)


def read(text: str) -> Page:
    """What a reader of Markdown makes of it."""
    return Page(READER.render(text))


def squeezed(text: str) -> str:
    """Without what separates words."""
    return printable(text).replace(" ", "")


@given(st.lists(TEXTS, min_size=1))
@example(["a", "```", "````diff", "~~~"])
def test_a_fence_holds_all_of_its_lines(lines: list[str]) -> None:
    """Whatever stands in them, and nothing comes after it."""
    tokens = READER.parse(markdown.fenced(lines))

    assert [("fence", "diff", "".join(f"{printable(line)}\n" for line in lines))] == [
        (token.type, token.info, token.content) for token in tokens
    ]


@given(TEXTS)
@example("`")
@example(" a ")
@example("``a`")
def test_code_is_one_piece(text: str) -> None:
    """With all of the text, and nothing around it."""
    inner = READER.parseInline(f"x {markdown.code(text)} y")[0].children or []

    assert [("text", "x "), ("code_inline", printable(text) or " "), ("text", " y")] == [
        (one.type, one.content) for one in inner
    ]


def unticked(text: str) -> str:
    """Without back-ticks: those that enclose code are not shown."""
    return text.replace("`", "")


@given(TEXTS)
def test_a_sentence_is_words_and_code(text: str) -> None:
    """No other tag, and no letter lost."""
    page = read(f"x {markdown.inline(text)}")

    shown = unticked(page.text.replace(" ", "").rstrip("\n"))
    assert (set(), unticked("x" + squeezed(text))) == (set(page.tags) - {"p", "code"}, shown)


@given(TEXTS)
def test_a_sentence_in_a_tag_is_words_and_code(text: str) -> None:
    """In a summary, where HTML is read and Markdown is not."""
    page = Page(f"<summary>{markdown.in_tag(text)}</summary>")

    assert (set(), unticked(squeezed(text))) == (set(page.tags) - {"summary", "code"}, unticked(squeezed(page.text)))


@given(TEXTS)
def test_a_cell_stays_a_cell(text: str) -> None:
    """A pipe in it begins no other, and a back-tick nothing at all."""
    page = read(markdown.table(["a", "b"], [[markdown.in_tag(text), markdown.code_tag(text)], ["1", "2"]]))

    assert (4, 2) == (page.tags.count("td"), page.tags.count("th"))


@pytest.mark.parametrize("sign", ["@", "#", "/", "_", "*", "~", "&", "!", "%", "$", "^", "://", "[", "<"])
def test_what_means_something_is_code(sign: str) -> None:
    """Mentions, references, links and emphasis are not read in code."""
    page = read(f"x {markdown.inline(f'see {sign}someone and a{sign}1 there')}")

    assert (False, f"x see {sign}someone and a{sign}1 there\n") == (sign in page.prose, page.text)


@pytest.mark.parametrize("word", ["a1b2c3d", "www.example.com", "GH-12", "JIRA-1", "1234567"])
def test_what_looks_like_a_word_and_is_made_a_link_is_code(word: str) -> None:
    """Hashes of commits, keys of issues."""
    assert f"`{word}` it" == markdown.inline(f"{word} it")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see a/b, c/d: e/f.", "see `a/b`, `c/d`: `e/f`."),
        ("(in a/b)", "(in `a/b`)"),
        ("1) x", "`1`) x"),
        ("(a|b)", "`(a|b)`"),
        ("GET /pets 404", "GET `/pets` 404"),
        ("a/b c/d", "`a/b c/d`"),
        (",", ","),
    ],
)
def test_punctuation_stays_outside_of_code(text: str, expected: str) -> None:
    """As far as it belongs to the sentence."""
    assert expected == markdown.inline(text)


def test_plain_words_stay_plain() -> None:
    """A message reads as it did; what it quotes stands out."""
    assert "it's 1,000 of 2,000 (50%): does not declare header X-Error `[undeclared-header]`; not-run" == (
        markdown.inline("it's 1,000 of 2,000 (50%): does not declare header X-Error [undeclared-header]; not-run")
    )


def test_details_fold() -> None:
    """The summary shows, the body is Markdown."""
    page = read(markdown.details(markdown.in_tag("petstore </details>"), markdown.fenced(["</details>", "<b>"])))

    assert (["details", "summary", "code", "pre", "code class=language-diff"], True) == (
        page.tags,
        "</details>\n<b>" in page.text,
    )


@pytest.mark.parametrize("key", ["", "prod", "prod,dev", "--><script>", "a--b-", "->", "ü"])
def test_a_marker_is_one_comment(key: str) -> None:
    """And it says whose it is."""
    page = read(markdown.marker("plan", key))

    assert ([], 1, True) == (
        page.tags,
        len(page.comments),
        page.comments[0].startswith(" reconciler:plan "),
    )


def test_markers_differ_by_command_and_key() -> None:
    """So that one comment is not written over another."""
    made = [markdown.marker(*one) for one in (("plan",), ("plan", "prod"), ("plan", "p-rod"), ("plan", "p--rod"))]

    assert (4, "<!-- reconciler:plan prod -->") == (len({*made}), made[1])


@pytest.mark.parametrize(("limit", "expected"), [(100, "aaaa"), (3, "bb"), (2, "bb"), (1, "c"), (0, "c")])
def test_the_first_that_fits(limit: int, expected: str) -> None:
    """And the last if none does."""
    assert expected == markdown.fit([lambda: "aaaa", lambda: "bb", lambda: "c"], limit)


def test_less_detail_is_not_made_where_more_fits() -> None:
    """Renderings are made when they are needed."""
    assert "a" == markdown.fit([lambda: "a", lambda: pytest.fail("made")])


def test_signs_outside_of_the_basic_plane_count_double() -> None:
    """As they do for who counts in UTF-16."""
    assert (2, 4) == (markdown.size("aü"), markdown.size("\U0001f600\U0001f600"))


def test_blocks_stand_apart() -> None:
    """Empty ones leave no trace."""
    assert "a\n\nb\n" == markdown.joined(["a", "", "b"])
