"""Bytes to trees with places."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.yamlio import events, parse
from reconciler.yamlio.nodes import Path, YamlMap
from reconciler.yamlio.parse import read


def only(text: str) -> Any:  # noqa: ANN401 - whatever the YAML holds
    """The one document of a text without problems."""
    reading = read(text.encode(), "m.yaml")
    assert () == reading.diagnostics
    return reading.documents[0].root


def problem(text: str | bytes) -> str:
    """The one problem of a text."""
    reading = read(text.encode() if isinstance(text, str) else text, "m.yaml")
    (found,) = reading.diagnostics
    return str(found)


@pytest.mark.parametrize("key", ["200", '"200"', "'200'", "!!str 200"])
def test_keys_are_their_text(key: str) -> None:
    """A key is its source text, quoted or not."""
    assert {"200": "x"} == only(f"{key}: x")


@pytest.mark.parametrize("key", ["on", "null", "0x1F", "1.50", "~"])
def test_keys_are_never_read_as_values(key: str) -> None:
    """A key that looks like a boolean, null or number stays text."""
    assert {key: "x"} == only(f"{key}: x")


def test_number_and_text_keys_are_one() -> None:
    """`200` and `"200"` in one map are the same key, and both places are named."""
    actual = problem('200: a\n"200": b\n')

    assert "m.yaml:2:1: error: `200` appears twice: here and at m.yaml:1:1 [duplicate-key]; keep one of them" == actual


def test_reading_goes_on_after_a_duplicate_key() -> None:
    """A duplicate key keeps its first value, and hides no later problem."""
    reading = read(b"a: {x: 1, x: {y: 2}}\nb: 1\nb: 2\n", "m.yaml")

    assert [{"a": {"x": 1}, "b": 1}] == [document.root for document in reading.documents]
    assert ["duplicate-key", "duplicate-key"] == [found.rule for found in reading.diagnostics]


def test_several_documents() -> None:
    """A file may hold several documents; empty ones do not count."""
    reading = read(b"---\na: 1\n---\n# nothing\n---\nb: 2\n...\n", "m.yaml")

    assert [{"a": 1}, {"b": 2}] == [document.root for document in reading.documents]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n---\n", "\ufeff"])
def test_empty_file(text: str) -> None:
    """A file without a document is an error."""
    assert problem(text).startswith("m.yaml: error: the file contains no document [empty]")


def test_null_is_a_document() -> None:
    """An explicit `null` is a document."""
    assert only("null") is None


def test_byte_order_mark() -> None:
    """A byte order mark is allowed and shifts no place."""
    reading = read(b"\xef\xbb\xbfa: 1\n", "m.yaml")

    assert "m.yaml:1:1" == str(reading.documents[0].of_key(("a",)))


def test_not_utf8() -> None:
    """The first byte that is not UTF-8 is named with line and column, in characters."""
    actual = problem("a: é\nb: é".encode() + b"\xff")

    assert "m.yaml:2:5: error: byte 0xff is not UTF-8 [encoding]; save the file as UTF-8" == actual


def test_utf16() -> None:
    """UTF-16 is recognised and refused."""
    assert "looks like UTF-16 [encoding]" in problem("a: 1".encode("utf-16"))


def test_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beyond the limit is refused unread."""
    monkeypatch.setattr(parse, "MAX_BYTES", 1 << 20)

    assert problem(b"#" * ((1 << 20) + 1)).startswith("m.yaml: error: the file is larger than 1 MiB [too-large]")


@pytest.mark.parametrize("unit", ["[", "{a: ", "- ", "? ", "[{a: ", "&x [", "!!seq ["])
def test_a_megabyte_of_nesting_ends_at_once(unit: str) -> None:
    """Nesting is limited while the tree grows."""
    reading = read((unit * (1_000_000 // len(unit))).encode(), "m.yaml")

    assert () == reading.documents
    assert {"too-deep", "syntax"} >= {found.rule for found in reading.diagnostics} > set()


def test_deepest_that_is_allowed() -> None:
    """Sixty-four levels are fine, one more is not."""
    assert () == read(b"[" * 64 + b"]" * 64, "m.yaml").diagnostics
    assert "m.yaml:1:65: error: maps and lists are nested more than 64 deep [too-deep]; flatten it" == problem(
        "[" * 65 + "]" * 65
    )


def test_deeper_than_the_parser_goes() -> None:
    """The rule and the remedy are the same whether our limit or the parser's applies."""
    assert problem("[" * 100_000).endswith("deep [too-deep]; flatten it")


def test_billion_laughs() -> None:
    """Aliases of aliases of aliases are counted as if they were written out."""
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"{c}: &{c} [{', '.join([f'*{b}'] * 10)}]" for b, c in zip("abcdefghi", "bcdefghij", strict=True)]

    assert "aliases expand to more than 200,000 values [too-large]" in problem("\n".join(lines))


def test_aliases_of_long_texts() -> None:
    """Alias text is limited in characters, too: a megabyte that is repeated 65 times is too much."""
    text = f"a: &a {'x' * (1 << 20)}\nb: [{', '.join(['*a'] * 65)}]\n"

    assert "aliases expand to more than 64 Mi characters [too-large]" in problem(text)


def test_documents_of_a_file_are_counted() -> None:
    """Ten thousand are read, one more is not."""
    assert 10_000 == len(read(b"---\na: 1\n" * 10_000, "m.yaml").documents)
    (found,) = read(b"---\na: 1\n" * 10_001, "m.yaml").diagnostics

    assert "m.yaml:20001:1: error: the file has more than 10,000 documents [too-large]" in str(found)


def test_depth_counts_through_aliases() -> None:
    """A chain of aliases nests as deep as its values."""
    chain = ["- &a0 [x]", *(f"- &a{n} [*a{n - 1}]" for n in range(1, 100))]

    assert "[too-deep]" in problem("\n".join(chain))


def test_aliases() -> None:
    """An alias refers to the last value anchored under its name."""
    assert {"a": [1], "b": [1], "c": 2, "d": 2} == only("a: &x [1]\nb: *x\nc: &x 2\nd: *x\n")


@pytest.mark.parametrize("text", ["&a [*a]", "a: &x {b: {c: *x}}"])
def test_recursive_alias(text: str) -> None:
    """An alias within its own anchor is refused."""
    assert "is inside the value that it refers to [alias]" in problem(text)


def test_alias_of_another_document() -> None:
    """Anchors end with their document."""
    assert "m.yaml:3:4: error: the anchor `&x` is not defined above [alias]" in problem("a: &x 1\n---\nb: *x\n")


def test_merge_key() -> None:
    """Merge keys are refused with a remedy."""
    actual = problem("a: &x {b: 1}\nc: {<<: *x, d: 2}\n")

    assert "m.yaml:2:5: error: merge keys (`<<`) are not supported [merge-key]; write the entries out" == actual


def test_quoted_merge_key_is_text() -> None:
    """In quotes, `<<` is an ordinary key."""
    assert {"<<": 1} == only('"<<": 1')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: !!str 5", {"a": "5"}),
        ("a: ! 5", {"a": "5"}),
        ("a: !!str", {"a": ""}),
        ("a: !!map {b: c}", {"a": {"b": "c"}}),
        ("a: !!seq [b]", {"a": ["b"]}),
    ],
)
def test_tags_that_are_honoured(text: str, expected: object) -> None:
    """Tags that say text, map or list are honoured where they fit."""
    assert expected == only(text)


@pytest.mark.parametrize("text", ['""', "'null'", '"true"', "'404'", "|-\n  null", ">-\n  404"])
def test_quoted_and_block_scalars_are_text(text: str) -> None:
    """Quoted text and blocks are always text."""
    assert isinstance(only(f"a: {text}")["a"], str)


@pytest.mark.parametrize(
    "text",
    ["a: !mine b", "a: !!int '3'", "a: !!map [b]", "a: !!seq {b: c}", "a: !!python/name:os.system x", "!!int 3: b"],
)
def test_tags_that_are_refused(text: str) -> None:
    """Every other tag is refused."""
    assert "[tag]" in problem(text)


@pytest.mark.parametrize("text", ["{[a]: b}", "? {a: b}\n: c", "a: {{ b }}", "a: &x b\n*x : c"])
def test_keys_that_are_not_text(text: str) -> None:
    """A map, list or alias cannot be a key."""
    assert "[syntax]" in problem(text)


def test_documents_before_a_syntax_error_are_kept() -> None:
    """Documents that are complete before the error count, later ones do not."""
    reading = read(b"a: 1\n---\nb: {c: 1\n", "m.yaml")

    assert [{"a": 1}] == [document.root for document in reading.documents]


def test_pure_python_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the C parser the tree and all places are the same."""
    text = "a: [1, {b: 'x'}]\n200: |\n  text\nc: &x {d: ~}\ne: *x\n"
    fast = read(text.encode(), "m.yaml")
    monkeypatch.setattr(events, "CParser", None)

    assert fast == read(text.encode(), "m.yaml")


# JSON writes what is beyond as two escapes, which YAML does not put together again.
_TEXTS = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=8)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e6, 1e6) | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(_TEXTS, _JSON, max_size=4))
def test_json_is_yaml(tree: dict[str, object]) -> None:
    """A JSON document means in YAML what it means in JSON."""
    assert tree == only(json.dumps(tree))


@given(st.binary(max_size=60) | st.text("{}[]:,-?!&*|>'\"%@` \n\tab0~", max_size=40).map(str.encode))
def test_nothing_makes_it_fail(content: bytes) -> None:
    """Any file gives documents or a problem."""
    reading = read(content, "m.yaml")

    assert reading.documents or reading.diagnostics


def _paths(node: object, path: Path = ()) -> list[Path]:
    if not isinstance(node, YamlMap):
        return []
    return [below for key, value in node.items() for below in [(*path, key), *_paths(value, (*path, key))]]


_KEYS = st.text("abcxyz", min_size=1, max_size=6)
_TREES = st.recursive(st.integers(0, 9), lambda inner: st.dictionaries(_KEYS, inner, min_size=1, max_size=3))


def in_block_style(tree: dict[str, object], column: int = 0) -> list[str]:
    """Maps in lines, an entry on each."""
    found: list[str] = []
    for key, value in tree.items():
        is_map = isinstance(value, dict)
        found.append(f"{' ' * column}{key}:{'' if is_map else f' {value}'}")
        found += in_block_style(value, column + 2) if isinstance(value, dict) else []
    return found


@given(st.dictionaries(_KEYS, _TREES, min_size=1, max_size=4), st.booleans())
def test_places_point_at_the_text(tree: dict[str, object], flow: bool) -> None:
    """Every key's place is where its text is, in block style and inside braces."""
    text = json.dumps(tree, indent=1).replace('"', "") if flow else "\n".join(in_block_style(tree))
    places = read(text.encode(), "m.yaml").documents[0]
    lines = text.splitlines()

    for path in _paths(places.root):
        at = places.of_key(path)
        assert lines[at.line - 1][at.column - 1 :].startswith(str(path[-1]))


FOREIGN = (
    *(
        "S3CR3T",
        "[S3CR3T]",
        "S3CR3T: 1\nS3CR3T: 2\n",
        "a: *S3CR3T",
        "a: !S3CR3T x",
        "<<: S3CR3T",
        "a: {S3CR3T",
        "%S3CR3T 1.2",
    ),
    *(
        "a: &S3CR3T {b: *S3CR3T}",
        "a: 'S3CR3T",
        '"S3CR3T\\q"',
        "machine x login S3CR3T: y: z",
        "a: ${{ S3CR3T }",
        "- [S3CR3T: {",
    ),
)


@pytest.mark.parametrize("text", FOREIGN)
def test_file_that_is_not_ours_is_not_quoted(text: str) -> None:
    """No diagnostic quotes a file without our `apiVersion`."""
    reading = read(text.encode(), "m.yaml", quoted=False)

    assert (False, False) == (reading.is_ours, "S3CR3T" in "".join(map(str, reading.diagnostics)))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"S3CR3T \xe9", "m.yaml:1:8: error: the file is not UTF-8 [encoding]"),
        (b"S3CR3T \x01", "m.yaml:1:8: error: a control character is not allowed in YAML [syntax]"),
        (b"%YAML 9.0\n---\nS3CR3T", "m.yaml:1:1: error: this is not YAML [syntax]"),
        (b'a: "\\ud83d"', "m.yaml:1:5: error: this escape is half of a surrogate pair"),
    ],
)
def test_byte_of_a_file_that_is_not_ours_is_not_quoted(content: bytes, expected: str) -> None:
    """No character is quoted, not even as a number."""
    (problem,) = read(content, "m.yaml", quoted=False).diagnostics

    assert str(problem).startswith(expected)


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: reconciler/v1",
        '{"apiVersion": "reconciler/v1"}',
        r'{"apiVersion": "reconciler\/v1"}',
        "apiVersion: &v reconciler/v2",
        "apiVersion: >-\n  reconciler/v1",
        "kind: x\n---\napiVersion: !!str 'reconciler/v1'",
        "apiVersion: reconciler/v1\nspec: {",
    ],
)
def test_file_that_is_ours(text: str) -> None:
    """A file is ours however its version is written, valid or not."""
    assert read(text.encode(), "m.yaml", quoted=False).is_ours


# Of what JSON may hold, YAML takes all but keys of over 1,024 characters, and libyaml all but DEL
TEXTS = st.text(st.characters(exclude_characters="\x7f", exclude_categories=["Cs"]))
KEYS = st.text(st.characters(exclude_characters="\x7f", exclude_categories=["Cs"]), max_size=80)


@given(st.recursive(TEXTS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner)), st.sampled_from([None, 2]))
def test_json_as_python_writes_it(value: object, indent: int | None) -> None:
    """A surrogate pair is the one character that it stands for, in keys and values."""
    kept = {"a": value, "\U0001f600": "x\U0001f600y"}

    assert kept == only(json.dumps(kept, indent=indent))


def test_place_after_a_surrogate_pair() -> None:
    """Columns are those of the file."""
    places = read(b'{"a": "\\ud83d\\ude00", "b": 1}', "m.yaml").documents[0]

    assert "m.yaml:1:28" == str(places.of_value(("b",)))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (r'a: "x\ud83d"', "1:6"),
        (r'a: "\ude00"', "1:5"),
        (r'a: "\ud83d \ude00"', "1:5"),
        (r'a: "\ud83d\ud83d\ude00"', "1:5"),
        (r'a: "\\\ude00"', "1:7"),
        ('b: 1\n"' + r'\ud83d": 1', "2:2"),
    ],
)
def test_half_of_a_surrogate_pair(text: str, place: str) -> None:
    """It is an error at its place that names the escape."""
    actual = problem(text)

    assert actual.startswith(f"m.yaml:{place}: error: `\\ud")
    assert "is half of a surrogate pair, which is not a character by itself [syntax]" in actual


@pytest.mark.parametrize("text", [r"a: '\ud83d\ude00'", r"a: \ud83d\ude00", "a: |-\n  " + r"\ud83d\ude00"])
def test_letters_that_are_no_escape(text: str) -> None:
    """Outside double quotes a backslash is ordinary, even next to a real pair."""
    assert {"a": r"\ud83d\ude00"} == only(text)
    assert {"a": r"\ud83d\ude00", "b": "\U0001f600"} == only(f'{text}\nb: "' + r'\ud83d\ude00"')


def test_escape_of_no_character() -> None:
    """An escape beyond Unicode is reported as such."""
    assert "m.yaml:1:7: error: this escape is not a character [syntax]" in problem(r'a: "\U0000d83d"')


@pytest.mark.parametrize("text", ["[%s]", "{%s}"])
def test_too_many_entries(text: str) -> None:
    """A list or map with more entries than any manifest needs is not read to its end."""
    entries = ", ".join(f"k{number}" for number in range(parse.MAX_ENTRIES + 1))

    assert f"a map or list has more than {parse.MAX_ENTRIES:,} entries [too-large]" in problem(text % entries)


def test_too_many_values() -> None:
    """The limit applies across all maps and lists."""
    line = f"- [{', '.join('1' for _ in range(50_000))}]\n"

    assert f"the file has more than {parse.MAX_VALUES:,} values [too-large]" in problem(line * 21)


def test_too_many_duplicate_keys() -> None:
    """Reading stops after a limit of problems."""
    found = read(b"a: 1\n" * (parse.MAX_SKIPPED + 1_000), "m.yaml").diagnostics

    assert parse.MAX_SKIPPED + 2 == len(found)
    assert "too-large" == found[-1].rule
