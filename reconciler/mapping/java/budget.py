"""Bound what a rendering may cost, before the cost arises.

A template from a pull request must not hang the tool or fill its memory: any rendering ends within a second and 100 MB.
Each node that is evaluated is a step, methods over long texts and lists take more; what a text or collection needs is
reserved before it is built. What was built counts even when it is thrown away again.
"""

from typing import Final

MOST_STEPS: Final = 1_000_000

LONGEST_TEXT: Final = 10_000_000
"""Characters of one text: API Gateway limits payloads to 10 MB."""

MOST_MEMORY: Final = 48_000_000
"""Bytes of all that a rendering builds."""

BYTES_OF_ITEM: Final = 64
"""What an item of a list or map counts as, on top of its own text."""

MOST_UNKNOWN: Final = 20
"""How many things that no source describes are noted; one is enough to make an output unknown."""

CHARACTERS_OF_STEP: Final = 64
"""How many ASCII characters a method reads in one step; of other texts a sixteenth of that."""

STEPS_OF_LONG_NUMBER: Final = 150
"""What an operation of BigIntegers or BigDecimals takes, which may have thousands of digits."""

_STEPS_OF_PATH_CHARACTER: Final = 4
_NON_ASCII_OF_STEP: Final = CHARACTERS_OF_STEP // 16

REGEX_SECONDS: Final = 0.25
"""Processor time for all regular expressions of a rendering together."""


class EvaluationFault(Exception):  # noqa: N818 - a fault of the template's, which AWS answers with 500
    """Why a rendering ends here; `message` is a sentence part, without a position."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotEvaluated(EvaluationFault):
    """The rendering is given up here, where AWS may well go on."""


class LimitExceeded(NotEvaluated):
    """The rendering costs more than is allowed here."""


class Budget:
    """What one rendering may still spend, and what it met that no source describes.

    `has_changes`: a list or map was changed. `paths` are the JSONPaths whose compilation is counted.
    """

    __slots__ = ("assumed", "has_changes", "memory", "paths", "regex_seconds", "steps", "unknown")

    def __init__(self, steps: int = MOST_STEPS, memory: int = MOST_MEMORY) -> None:
        self.steps = steps
        self.memory = memory
        self.regex_seconds = REGEX_SECONDS
        self.unknown: list[str] = []
        self.assumed: list[str] = []
        self.paths: set[str] = set()
        self.has_changes = False

    def spend(self, steps: int = 1) -> None:
        """Count `steps`. Raises LimitExceeded when none are left."""
        self.steps -= steps
        if self.steps < 0:
            raise LimitExceeded(f"the template takes more than {MOST_STEPS:,} steps")

    def read(self, text: str) -> None:
        """Count the steps that a method over `text` takes. Raises LimitExceeded."""
        size = len(text)
        if size >= _NON_ASCII_OF_STEP:
            self.spend(size // (CHARACTERS_OF_STEP if text.isascii() else _NON_ASCII_OF_STEP))

    def compile(self, path: str) -> None:
        """Count the steps of compiling a JSONPath, the first time that the rendering uses it. Raises LimitExceeded."""
        if path not in self.paths:
            self.spend(_STEPS_OF_PATH_CHARACTER * len(path))
            self.paths.add(path)

    def reserve(self, size: int, width: int = 1) -> None:
        """Count a text of `size` characters of `width` bytes, before it is built. Raises LimitExceeded."""
        if size > LONGEST_TEXT:
            raise LimitExceeded(f"a text grows beyond {LONGEST_TEXT:,} characters")
        self._take(size * width)

    def reserve_items(self, count: int) -> None:
        """Count `count` items of lists or maps, before they are added. Raises LimitExceeded."""
        self._take(count * BYTES_OF_ITEM)

    def _take(self, size: int) -> None:
        self.memory -= size
        if self.memory < 0:
            raise LimitExceeded(f"the template builds more than {MOST_MEMORY:,} bytes of values")

    def note_unknown(self, why: str) -> None:
        """Note something that no source describes, once; `why` is a sentence part. Only the first ones are kept."""
        if len(self.unknown) < MOST_UNKNOWN and why not in self.unknown:
            self.unknown.append(why)

    def note_assumed(self, what: str) -> None:
        """Note an input that AWS has and that is not given here, once; `what` is a sentence."""
        if what not in self.assumed:
            self.assumed.append(what)


def width(text: str) -> int:
    """Return how many bytes a character of `text` takes at most."""
    return 1 if text.isascii() else 4
