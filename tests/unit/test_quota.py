"""The share of a quota, as users write it."""

import pytest

from reconciler.quota import quota_share


@pytest.mark.parametrize(
    ("text", "share"), [("50%", 0.5), ("0.5", 0.5), (" 100% ", 1.0), ("1", 1.0), ("off", None), ("OFF", None)]
)
def test_a_share_is_a_percentage_a_number_or_off(text: str, share: float | None) -> None:
    """In any case of letters."""
    assert share == quota_share(text)


@pytest.mark.parametrize("text", ["", "0", "0%", "101%", "2", "-1", "half", "nan", "inf%"])
def test_nothing_else_is_a_share(text: str) -> None:
    """Neither none nor more than all of it."""
    with pytest.raises(ValueError, match=r".*"):
        quota_share(text)
