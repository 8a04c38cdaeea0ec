"""The findings of past runs on a page: one bar a run, as an inline picture that needs no script."""

from collections.abc import Iterator, Sequence
from typing import Final

from reconciler.fleet.trend import TrendPoint
from reconciler.render.html_parts import attributes_of, tag, text
from reconciler.render.style import plural

MOST_RUNS: Final = 60
"""How many runs a chart shows, the latest."""

_FEWEST_SLOTS: Final = 30
_SLOT, _BAR, _HEIGHT = 12, 9, 100
_KINDS: Final = ("changed", "missing", "unexpected", "errors")
"""From the bottom to the top of a bar."""


def trend_chart(trend: Sequence[TrendPoint]) -> str:
    """Return the chart of at least one run, the oldest first."""
    shown = trend[-MOST_RUNS:]
    highest = max(point.total for point in shown)
    width = max(len(shown), _FEWEST_SLOTS) * _SLOT
    left = width - len(shown) * _SLOT
    bars = "".join(_bar(point, left + at * _SLOT, highest) for at, point in enumerate(shown))
    picture = tag(
        "svg",
        bars + f'<path class="axis" d="M0 {_HEIGHT}H{width}"/>',
        viewBox=f"0 0 {width} {_HEIGHT + 1}",
        preserveAspectRatio="none",
        role="img",
        aria_label=_summary(shown, highest),
    )
    legend = "".join(
        f'<li class="{kind}">{kind}</li>' for kind in _KINDS if any(getattr(point, kind) for point in shown)
    )
    first, last = (text(_day(point.at)) for point in (shown[0], shown[-1]))
    return (
        f'<figure class="trend"><figcaption>Findings in the last {plural(len(shown), "run")}</figcaption>'
        f'<p class="most">{highest:,}</p>{picture}'
        f'<p class="ends"><span>{first}</span><span>{last}</span></p><ul class="legend">{legend}</ul></figure>'
    )


def _bar(point: TrendPoint, left: int, highest: int) -> str:
    return f"<g><title>{text(_words(point))}</title>{''.join(_parts(point, left, highest))}</g>"


def _parts(point: TrendPoint, left: int, highest: int) -> Iterator[str]:
    if not point.total:
        yield f'<rect class="none" x="{left}" y="{_HEIGHT - 2}" width="{_BAR}" height="2"/>'
    top = float(_HEIGHT)
    for kind in _KINDS:
        height = getattr(point, kind) * _HEIGHT / max(highest, 1)
        top -= height
        size = {"x": str(left), "y": f"{top:.2f}", "width": str(_BAR), "height": f"{height:.2f}"}
        yield f'<rect class="{kind}"{attributes_of(size)}/>' if height else ""


def _words(point: TrendPoint) -> str:
    counts = [f"{getattr(point, kind):,} {kind}" for kind in _KINDS if getattr(point, kind)]
    return f"{point.at}: {', '.join(counts) or 'in sync'}"


def _summary(shown: Sequence[TrendPoint], highest: int) -> str:
    last = shown[-1].total
    return f"Bar chart of {plural(len(shown), 'run')}: at most {plural(highest, 'finding')}, {last:,} in the last run"


def _day(at: str) -> str:
    return at[:10]
