"""The pieces of pages. Whatever they are given is escaped: a text from outside adds no tag and no attribute."""

import html
from collections.abc import Callable

from reconciler.render.code_spans import code_parts
from reconciler.render.style import printable, spans


def text(value: str) -> str:
    """Return a text for a page, with everything but visible characters and plain spaces escaped."""
    return html.escape(printable(value))


def line(painted: str) -> str:
    """Return a line that was written with a marked style."""
    return _painted(painted, text)


def sentence(painted: str) -> str:
    """Return a line in which text in backticks and commands are code."""
    return _painted(painted, _with_code)


def tag(name: str, content: str, **attributes: str) -> str:
    """Return an element; `content` is HTML, attributes are text. `class_` is the class, `_` in names is a hyphen."""
    return f"<{name}{attributes_of(attributes)}>{content}</{name}>"


def attributes_of(attributes: dict[str, str]) -> str:
    """Return the attributes of a tag."""
    return "".join(f' {name.rstrip("_").replace("_", "-")}="{text(value)}"' for name, value in attributes.items())


def _painted(painted: str, shown: Callable[[str], str]) -> str:
    return "".join(
        f'<span class="{tone}">{shown(part)}</span>' if tone else shown(part) for tone, part in spans(painted)
    )


def _with_code(value: str) -> str:
    return "".join(f"<code>{text(part)}</code>" if is_code else text(part) for is_code, part in code_parts(value))
