"""Differences between what a client gets and what a test expects, as lines."""

import json
from collections.abc import Collection, Iterable, Iterator

from reconciler.engine.response_tests.compare import Difference
from reconciler.render.style import Style, printable
from reconciler.render.values import difference_lines, is_short


def difference_report(difference: Difference, style: Style) -> Iterator[str]:
    """Yield a difference on one line, or as a line diff."""
    title = style.paint(printable(difference.path), "strong")
    if (text := brief(difference)) is not None:
        yield f"{title}: {printable(text)}"
        return
    expected, actual = comparable(difference)
    yield f"{title} ({style.paint('- expected', 'delete')}, {style.paint('+ actual', 'create')}):"
    yield from (f"    {line}" for line in difference_lines(value_lines(expected), value_lines(actual), style))


def headline(difference: Difference) -> str:
    """Return a difference on one line; without its values if these are long."""
    text = brief(difference)
    return f"{difference.path} differs" if text is None else f"{difference.path}: {text}"


def brief(difference: Difference) -> str | None:
    """Return the values of a difference on one line; None if they are long."""
    expected, actual = (value_text(value, difference.path) for value in comparable(difference))
    is_long = not is_short(actual)
    match difference.form:
        case "missing":
            return "the file with the expected body does not exist"
        case "unknown":
            return f"expected to be unknown, got {'a known value' if is_long else actual}"
        case _ if is_long or not is_short(expected):
            return None
        case "contains":
            return f"expected at least {expected}, got {actual}"
        case "equal":
            return f"expected {expected}, got {actual}"


def comparable(difference: Difference) -> tuple[object, object]:
    """Return the expected and the actual value so that their lines match.

    Members are in the order of the actual value, which is cut to what has to be there where only that is compared.
    """
    expected = _in_order(difference.expected, difference.actual)
    if difference.form == "contains":
        return expected, _cut_to(difference.actual, expected)
    return expected, difference.actual


def _in_order(value: object, like: object) -> object:
    """Return a value with its members in the order of another one; those that only it has follow the same as before."""
    match value, like:
        case dict(), dict():
            return {name: _in_order(value[name], like.get(name)) for name in _names_in_order(value, like)}
        case list(), list():
            return [_in_order(item, like[number] if number < len(like) else None) for number, item in enumerate(value)]
        case _:
            return value


def _names_in_order(value: Iterable[str], like: Collection[str]) -> Iterator[str]:
    added: dict[str | None, list[str]] = {None: []}
    shared: str | None = None
    for name in value:
        if name in like:
            shared = name
            added[name] = []
        else:
            added[shared].append(name)
    yield from added[None]
    for name in like:
        if name in added:
            yield from (name, *added[name])


def _cut_to(value: object, wanted: object) -> object:
    """Return a value without the members that another one does not have."""
    match value, wanted:
        case dict(), dict():
            return {name: _cut_to(item, wanted[name]) for name, item in value.items() if name in wanted}
        case list(), list():
            return [
                _cut_to(item, wanted[number]) if number < len(wanted) else item for number, item in enumerate(value)
            ]
        case _:
            return value


def value_text(value: object, path: str) -> str:
    """Return a value on one line, as JSON; a header that is not sent is `none`."""
    match value:
        case None if path != "body":
            return "none"
        case {"base64": str(text)}:
            return f"binary {text}"
        case _:
            return json.dumps(value, ensure_ascii=False)


def value_lines(value: object) -> str:
    """Return a value as lines: a text as it is, JSON indented."""
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
