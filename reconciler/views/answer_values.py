"""The values of answers in texts."""

import json


def value_text(value: object) -> str:
    """Return a value on one line, as JSON; a header that is not sent is `none`."""
    match value:
        case None:
            return "none"
        case {"base64": str(text)}:
            return f"binary {text}"
        case _:
            return json.dumps(value, ensure_ascii=False)


def value_lines(value: object) -> str:
    """Return a value as lines: a text as it is, JSON indented."""
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
