"""Bound what a rendering may cost, before the cost arises.

A template from a pull request must not hang the tool or fill its memory: any rendering ends within a second and 100 MB.
Each evaluated node is a step; sizes are reserved before a text or collection is built.
"""

from typing import Final

MOST_STEPS: Final = 1_000_000
"""Steps of a rendering: about one for each node that is evaluated, more for methods that read long texts."""

LONGEST_TEXT: Final = 10_000_000
"""Characters of one text, as the payloads of API Gateway are limited to 10 MB."""

MOST_MEMORY: Final = 48_000_000
"""Bytes of everything that a rendering builds, whether it is kept or not."""

BYTES_OF_ITEM: Final = 64
"""What an item of a list or map counts as, on top of its own text."""

REGEX_SECONDS: Final = 0.25
"""Seconds for all regular expressions of a rendering together."""


class EvaluationFault(Exception):  # noqa: N818 - a fault of the template's, which AWS answers with 500
    """Why a rendering ends here; `message` is a sentence part without a position."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class LimitExceeded(EvaluationFault):
    """The rendering costs more than is allowed here; what AWS would do is another matter."""


class Budget:
    """What one rendering may still spend, and what it met that no source describes."""

    __slots__ = ("memory", "regex_seconds", "steps", "unknown")

    def __init__(self, steps: int = MOST_STEPS, memory: int = MOST_MEMORY) -> None:
        self.steps = steps
        self.memory = memory
        self.regex_seconds = REGEX_SECONDS
        self.unknown: list[str] = []

    def spend(self, steps: int = 1) -> None:
        """Count `steps`. Raises LimitExceeded when none are left."""
        self.steps -= steps
        if self.steps < 0:
            raise LimitExceeded(f"the template takes more than {MOST_STEPS:,} steps")

    def reserve(self, size: int, width: int = 1) -> None:
        """Count a text of `size` characters of `width` bytes, before it is built. Raises LimitExceeded."""
        if size > LONGEST_TEXT:
            raise LimitExceeded(f"a text grows beyond {LONGEST_TEXT:,} characters")
        self.memory -= size * width
        if self.memory < 0:
            raise LimitExceeded(f"the template builds more than {MOST_MEMORY:,} bytes of values")

    def reserve_items(self, count: int) -> None:
        """Count `count` items of lists or maps, before they are added. Raises LimitExceeded."""
        self.memory -= count * BYTES_OF_ITEM
        if self.memory < 0:
            raise LimitExceeded(f"the template builds more than {MOST_MEMORY:,} bytes of values")

    def note_unknown(self, why: str) -> None:
        """Note something that no source describes, once; `why` is a sentence part."""
        if why not in self.unknown:
            self.unknown.append(why)
