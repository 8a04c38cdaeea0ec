"""The findings of past runs as a picture."""

import re
from xml.etree import ElementTree as ET

from reconciler.fleet.trend import TrendPoint
from reconciler.render.html_chart import MOST_RUNS, trend_chart

SVG = re.compile("<svg.*</svg>")


def rects(*trend: TrendPoint) -> list[tuple[str, float, float]]:
    """The kind, top and height of each part of the chart."""
    picture = SVG.findall(trend_chart(trend))[0]
    return [
        (rect.attrib["class"], float(rect.attrib["y"]), float(rect.attrib["height"]))
        for rect in ET.fromstring(picture).iter("rect")  # noqa: S314 - our own
    ]


def test_the_parts_of_a_bar_are_stacked() -> None:
    """The highest bar takes all of the height."""
    assert rects(TrendPoint("2026-01-30T00:00:00Z", 1), TrendPoint("2026-01-31T00:00:00Z", 1, 0, 2, 1)) == [
        ("changed", 75.0, 25.0),
        ("changed", 75.0, 25.0),
        ("unexpected", 25.0, 50.0),
        ("errors", 0.0, 25.0),
    ]


def test_a_run_in_sync_is_not_a_gap() -> None:
    """It has a line of its own."""
    assert rects(TrendPoint("2026-01-31T00:00:00Z")) == [("none", 98.0, 2.0)]


def test_the_picture_is_in_words_too() -> None:
    """For those who do not see it, and for those who point at a bar."""
    page = trend_chart([TrendPoint("2026-01-30T00:00:00Z", 2, 1), TrendPoint("2026-01-31T00:00:00Z")])

    assert re.findall(r'aria-label="(.*?)"|<title>(.*?)</title>', page) == [
        ("Bar chart of 2 runs: at most 3 findings, 0 in the last run", ""),
        ("", "2026-01-30T00:00:00Z: 2 changed, 1 missing"),
        ("", "2026-01-31T00:00:00Z: in sync"),
    ]


def test_only_the_latest_runs_are_shown() -> None:
    """A history may be long."""
    trend = [TrendPoint(f"run {number}", 1) for number in range(MOST_RUNS + 3)]

    assert (MOST_RUNS, "<span>run 3</span><span>run 62</span>") == (
        len(rects(*trend)),
        re.findall('<p class="ends">(.*?)</p>', trend_chart(trend))[0],
    )
