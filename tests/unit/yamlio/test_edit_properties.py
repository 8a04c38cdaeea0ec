"""Random manifests and random edits: what is meant comes out, and nothing else moves."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.yamlio import parse
from reconciler.yamlio.edit import Edit, apply_edits
from reconciler.yamlio.flow import Content
from support.exports import texts

Way: TypeAlias = tuple[str, ...]
Tree: TypeAlias = dict[str, Any]

KEYS = ("200", "404", "GET", "a/b", "x-y", "selectionPattern", "responseTemplates", "$default")
LEAVES = (
    "plain",
    "'single'",
    '"double"',
    "'it''s'",
    "4\\d\\d",
    "|\n{0}one\n{0}two\n",
    ">-\n{0}one\n{0}two\n",
    "|+\n{0}a\n\n",
)


@dataclass(frozen=True)
class Line:
    """A line of a manifest, and what it belongs to: a change of this, around it or below it may change the line."""

    text: str
    owner: Way
    below: bool = True

    def may_change(self, edit: Way) -> bool:
        """Whether an edit at this path is about the line."""
        around = self.owner[: len(edit)] == edit
        return around or (self.below and edit[: len(self.owner)] == self.owner)


@dataclass(frozen=True)
class Written:
    """A manifest as text, line by line."""

    lines: tuple[Line, ...]
    eol: str
    ended: bool

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        text = self.eol.join(line.text for line in self.lines)
        return (text + (self.eol if self.ended else "")).encode()


def trees() -> st.SearchStrategy[Tree]:
    """Maps of maps, with numbers of leaf styles as leaves."""
    leaves = st.integers(0, len(LEAVES) - 1)
    maps: Callable[[Any], Any] = lambda inner: st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)  # noqa: E731
    return st.dictionaries(st.sampled_from(KEYS), st.recursive(leaves, maps, max_leaves=8), min_size=1, max_size=4)


@st.composite
def manifests(draw: st.DrawFn) -> Written:
    """One document, in whatever style."""
    step = draw(st.sampled_from((1, 2, 4)))
    lines = [Line("kind: Test", ()), *_block(draw, {"spec": draw(trees())}, 0, step, ())]
    # A blank line after a block that keeps its own would be one more of these
    kept = [line for before, line in pairwise((Line("", ()), *lines)) if line.text or before.text or line.below]
    return Written(tuple(kept), draw(st.sampled_from(("\n", "\r\n"))), draw(st.booleans()))


def _block(draw: st.DrawFn, tree: Tree, column: int, step: int, at: Way) -> Iterator[Line]:
    pad = " " * column
    for number, (key, value) in enumerate(tree.items()):
        here = (*at, key)
        if draw(st.booleans()):
            yield Line(f"{pad}# about {'.'.join(here)}", at, below=False)
        if number and draw(st.booleans()):
            yield Line("", at, below=False)
        comment = draw(st.sampled_from(("", "  # why")))
        name = draw(st.sampled_from((key, f"'{key}'", f'"{key}"')))
        if isinstance(value, dict):
            yield from _map(draw, value, column, step, here, f"{pad}{name}:", comment)
        else:
            first, *rest = LEAVES[value].format(" " * (column + step)).removesuffix("\n").split("\n")
            yield Line(f"{pad}{name}: {first}{comment}", here)
            yield from (Line(one, here) for one in rest)


def _map(draw: st.DrawFn, value: Tree, column: int, step: int, here: Way, start: str, comment: str) -> Iterator[Line]:  # noqa: PLR0913, PLR0917
    style = draw(st.sampled_from(("block", "flow", "flow lines")))
    if style == "block" and value:
        yield Line(f"{start}{comment}", here)
        yield from _block(draw, value, column + step, step, here)
    elif style == "flow lines" and value:
        pad = " " * (column + step)
        yield Line(f"{start} {{{comment}", here)
        for key, inner in value.items():
            yield Line(f"{pad}{key}: {_flow(inner)},{draw(st.sampled_from(('', '  # why')))}", here)
        yield Line(f"{' ' * column} }}", here)
    else:
        yield Line(f"{start} {_flow(value)}{comment}", here)


def _flow(value: Any) -> str:  # noqa: ANN401 - a tree
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_flow(inner)}' for key, inner in value.items())}}}"
    return LEAVES[value] if "\n" not in LEAVES[value] else '"a\\nb"'


def maps_of(tree: Any, at: Way = ()) -> Iterator[Way]:  # noqa: ANN401 - a tree
    """The paths of all maps."""
    if isinstance(tree, dict):
        yield at
        for key, value in tree.items():
            yield from maps_of(value, (*at, key))


@st.composite
def edits(draw: st.DrawFn, tree: Tree) -> list[Edit]:
    """Edits of a tree, none of which is of something that another one is about."""
    contents = st.one_of(texts(), st.dictionaries(st.sampled_from(KEYS), texts(), max_size=2))
    steps = st.sampled_from((*KEYS, "new", "204"))
    found: list[Edit] = []
    within = list(maps_of(tree["spec"], ("spec",)))
    for _ in range(draw(st.integers(1, 4))):
        path = (*draw(st.sampled_from(within)), draw(steps))
        content: Content | None = draw(st.one_of(st.none(), contents))
        if not any(path[: len(one.path)] == one.path or one.path[: len(path)] == path for one in found):
            found.append(Edit(0, path, content))
    return found


def with_edits(tree: Tree, changes: list[Edit]) -> Tree:
    """The tree that edits mean."""
    made: Tree = _copied(tree)
    for edit in changes:
        node = made
        for step in edit.path[:-1]:
            node = node[str(step)]
        if edit.content is None:
            node.pop(str(edit.path[-1]), None)
        else:
            node[str(edit.path[-1])] = _escaped(edit.content)
    return made


def _copied(tree: Any) -> Any:  # noqa: ANN401 - a tree
    return {key: _copied(value) for key, value in tree.items()} if isinstance(tree, Mapping) else tree


def _escaped(content: Any) -> Any:  # noqa: ANN401 - a tree
    if isinstance(content, str):
        return content.replace("${{", "$${{")
    return {key: _escaped(value) for key, value in content.items()}


def tree_of(content: bytes) -> Any:  # noqa: ANN401 - a tree
    """What is in a file."""
    return parse.read(content, "m.yaml").documents[0].root


@settings(max_examples=50)
@given(st.data())
def test_edits_lead_to_what_they_mean(data: st.DataObject) -> None:
    """However a manifest is written and whatever a text holds, reading it again gives the intended tree."""
    content = data.draw(manifests()).content
    tree = tree_of(content)
    changes = data.draw(edits(tree))
    made = apply_edits(content, changes)

    assert ((), with_edits(tree, changes)) == (made.rejected, tree_of(made.content))


@settings(max_examples=50)
@given(st.data())
def test_other_lines_stay(data: st.DataObject) -> None:
    """Every line that no edit is about is there afterwards, byte for byte and in order."""
    written = data.draw(manifests())
    changes = data.draw(edits(tree_of(written.content)))
    paths = [tuple(map(str, edit.path)) for edit in changes]
    kept = [line.text for line in written.lines if not any(map(line.may_change, paths))]
    after = iter(apply_edits(written.content, changes).content.decode().split(written.eol))

    assert [] == [line for line in kept if line not in after]
