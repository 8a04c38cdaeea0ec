"""An end to what takes too long."""

import threading

import pytest

from reconciler.errors import NotificationError
from reconciler.notify.deadline import within


def test_work_that_ends_gives_its_result() -> None:
    """Whatever that is."""
    assert within(5, lambda: 7) == 7


def test_work_that_does_not_end_is_left() -> None:
    """It goes on in its thread, which ends with the process."""
    ever = threading.Event()

    with pytest.raises(NotificationError, match=r"no answer within 0\.05 seconds"):
        within(0.05, ever.wait)
    ever.set()


def test_our_own_errors_come_through() -> None:
    """With message and remedy."""

    def fail() -> None:
        raise NotificationError("it is wrong", "fix it")

    with pytest.raises(NotificationError, match="it is wrong") as caught:
        within(5, fail)
    assert "fix it" == caught.value.remedy


def test_other_errors_do_not_say_what_they_know() -> None:
    """A library quotes the URL, in its text or in what caused it."""

    def fail() -> None:
        raise ValueError("https://hooks.example.com/T0K3N")

    with pytest.raises(NotificationError, match=r"it could not be sent \(ValueError\)") as caught:
        within(5, fail)
    assert (None, None) == (caught.value.__cause__, caught.value.__context__)
