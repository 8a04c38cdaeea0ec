"""A meter: how many calls were made and throttled, in total and about one API."""

import threading

from reconciler.meter import CallMeter
from reconciler.ports import Usage


def test_new_meter_shows_nothing() -> None:
    """Neither in total nor for an API that no call was about."""
    meter = CallMeter()

    assert (Usage(), Usage()) == (meter.usage(), meter.usage("a1"))


def test_calls_count_for_their_api_and_in_total() -> None:
    """A listing is about no API: it counts in total only."""
    meter = CallMeter()
    for api_id in ("a1", "b2", "a1", ""):
        meter.called(api_id)

    assert (Usage(4), Usage(2), Usage(1)) == (meter.usage(), meter.usage("a1"), meter.usage("b2"))


def test_throttled_call_stays_one_call() -> None:
    """It is counted when it is sent, and as a throttle when AWS answers."""
    meter = CallMeter()
    meter.called("a1")
    meter.throttled("a1")

    assert (Usage(1, 1), Usage(1, 1), Usage()) == (meter.usage(), meter.usage("a1"), meter.usage("b2"))


def test_no_call_is_lost_between_threads() -> None:
    """Calls are counted from every thread that sends them."""
    meter = CallMeter()

    def call_often() -> None:
        for _ in range(500):
            meter.called("a1")

    threads = [threading.Thread(target=call_often) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Usage(4000) == meter.usage("a1")
