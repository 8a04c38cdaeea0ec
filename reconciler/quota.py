"""The share of an account's quota that a run may use, as users write it."""

from typing import Final

OFF: Final = "off"


def quota_share(text: str) -> float | None:
    """Return the share (above 0, at most 1) that `50%`, `0.5` or `off` (None) stands for. Raises ValueError."""
    words = text.strip().lower()
    if words == OFF:
        return None
    share = float(words.removesuffix("%")) / (100 if words.endswith("%") else 1)
    if not 0 < share <= 1:
        raise ValueError(text)
    return share
