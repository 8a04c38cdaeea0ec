"""Read JSON as its standard has it, as clients do: Python's reader also takes NaN and Infinity."""

import json
import re
from typing import Any, Final, NoReturn

_STRINGS_AND_CONSTANTS: Final = re.compile(r'"(?:[^"\\]|\\.)*"|(NaN|-?Infinity)', re.DOTALL)


def read_strict_json(text: str | bytes) -> Any:  # noqa: ANN401 - any value of JSON
    """Return the value of a JSON text.

    Raises:
        json.JSONDecodeError: it is not JSON.
        UnicodeDecodeError: it is not UTF-8.
        ValueError: it has an integer of more digits than Python reads.
        RecursionError: it is nested too deeply.
    """
    decoded = text if isinstance(text, str) else text.decode("utf-8")

    def refuse(constant: str) -> NoReturn:
        places = (match.start(1) for match in _STRINGS_AND_CONSTANTS.finditer(decoded) if match[1] == constant)
        raise json.JSONDecodeError(f"{constant} is not JSON", decoded, next(places, 0))

    return json.loads(decoded, parse_constant=refuse)


def is_strict_json(text: str | bytes) -> bool:
    """Whether a text is JSON; one that Python does not read to its end counts as such: too deep, or a huge number."""
    try:
        read_strict_json(text)
    except (json.JSONDecodeError, UnicodeDecodeError):
        return False
    except (ValueError, RecursionError):
        return True
    return True
