"""The page of a drift report in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.line_diff import limited_line_diffs
from reconciler.render.footer import Footer
from reconciler.render.logs import without_commands
from reconciler.views.drift import drift_parts
from support.chromium import CHROMIUM, Page, browser
from support.fleet_reports import fleet_drift
from support.hostile import shown as hostile_page

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="needs Chromium")

CANARY = "</style></script><script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">"
TITLE = "reconciler drift: drift; errors (dev, stage, prod)"
SHOWN = "document.getElementById('shown').textContent"
LOW_CONTRAST = """(() => {
  const parts = (color) => color.match(/[\\d.]+/g).map(Number);
  const channel = (value) => value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const paper = (part) => {
    for (; part; part = part.parentElement) {
      const color = parts(getComputedStyle(part).backgroundColor);
      if (color.length === 3 || color[3]) return color;
    }
  };
  document.querySelectorAll("details").forEach((part) => { part.open = true; });
  const texts = [...document.querySelectorAll("body *")].filter((part) => part.checkVisibility()
    && [...part.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim()));
  const contrast = (part) => {
    const [high, low] = [light(parts(getComputedStyle(part).color)), light(paper(part))].sort().reverse();
    return (high + 0.05) / (low + 0.05);
  };
  return [texts.length > 100, texts.filter((part) => contrast(part) < 4.5).map((part) => part.className)];
})()"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report in which every text tries to run."""
    parts = drift_parts(fleet_drift(CANARY), "dev, stage, prod")
    assert parts.page is not None
    with limited_line_diffs():
        page = without_commands(parts.page(Footer()), "html")
    file = tmp_path_factory.mktemp("page") / "drift.html"
    file.write_text(page, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    """One browser for all tests."""
    with browser() as page:
        yield page


def test_nothing_runs_and_nothing_fails(tab: Page, file: Path) -> None:
    """No text of a report becomes a script, and the page's own script has no error."""
    tab.open(file)

    assert (TITLE, "12 of 12 shown", []) == (tab.value("document.title"), tab.value(SHOWN), tab.problems)


@pytest.mark.parametrize("width", [1280, 420])
@pytest.mark.parametrize("dark", [False, True])
def test_it_can_be_read(tab: Page, file: Path, width: int, dark: bool) -> None:
    """On a screen and on a phone, light and dark: no sideways scrolling, and a contrast of at least 4.5:1."""
    tab.open(file, width=width, dark=dark)

    assert (width, [True, []]) == (tab.value("document.documentElement.scrollWidth"), tab.value(LOW_CONTRAST))


@pytest.mark.parametrize("width", [1280, 420])
@pytest.mark.parametrize("command", ["plan", "apply", "review", "validate", "coverage"])
def test_every_page_can_be_read(tab: Page, tmp_path: Path, command: str, width: int) -> None:
    """Light and dark, with everything unfolded: nothing of a report is too pale or too wide."""
    page = tmp_path / "page.html"
    page.write_text(hostile_page(CANARY, command, "html"), encoding="utf-8")
    found = []
    for dark in (False, True):
        tab.open(page, width=width, dark=dark)
        tab.value("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        found.append((tab.value("document.documentElement.scrollWidth"), tab.value(LOW_CONTRAST)[1]))

    assert [(width, [])] * 2 == found


def test_the_filters_work_by_keyboard(tab: Page, file: Path) -> None:
    """Tab goes from one to the next, letters choose, and the last one shows everything again."""
    tab.open(file)
    tab.press("Tab")
    tab.press("p", "p")
    of_prod = tab.value(SHOWN)
    rows = tab.value("[...document.querySelectorAll('.apis .site')].filter((row) => row.checkVisibility()).length")
    tab.press("Tab")
    tab.press("u", "u")
    of_users = tab.value(SHOWN)
    tab.press("Tab")
    tab.press("c", "c")
    changed = tab.value(SHOWN)
    tab.press("Tab")
    for letter in "409":
        tab.press(letter, letter)
    with_text = tab.value("[...document.querySelectorAll('.block')].filter((block) => !block.hidden).length")
    tab.press("x", "x")
    nothing = tab.value(SHOWN)
    tab.press("Tab")
    tab.press("Enter", "\r")
    tab.value("new Promise((done) => setTimeout(done, 50))")

    assert (
        "8 of 12 shown",
        1,
        "3 of 12 shown",
        "1 of 12 shown",
        1,
        "0 of 12 shown",
        "12 of 12 shown",
    ) == (of_prod, rows, of_users, changed, with_text, nothing, tab.value(SHOWN))
