"""The share of an account's quota that a run may use, as users write it."""

from typing import Final

OFF: Final = "off"


def share_of_part(share: float | None, parts: int) -> float | None:
    """Return the share for one of several processes that use a share together; None stays no limit."""
    return None if share is None else share / parts


def quota_share(text: str) -> float | None:
    """Return the share (above 0, at most 1) that `50%`, `0.5` or `off` (None) stands for. Raises ValueError."""
    words = text.strip().lower()
    if words == OFF:
        return None
    share = float(words.removesuffix("%")) / (100 if words.endswith("%") else 1)
    if not 0 < share <= 1:
        raise ValueError(text)
    return share
