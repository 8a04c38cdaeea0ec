"""The page of a drift report."""

import base64
import hashlib
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from reconciler.diagnostics import warning
from reconciler.diff import FieldChange
from reconciler.engine.drift.result import Drift
from reconciler.findings import Type
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.remediation import Remediation
from reconciler.fleet.run_facts import RunFacts
from reconciler.fleet.shard import Shard
from reconciler.render.footer import Footer
from reconciler.rules import LintRule
from reconciler.views.drift import drift_parts
from reconciler.views.drift_html_findings import MOST_BLOCKS, MOST_SIZE
from reconciler.views.drift_html_table import MOST_ROWS
from support.fleet_reports import METHODS, NOW, finding, fleet_drift, of_api, set_change

CANARY = (
    "</style></script><script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">'\" onload='"
)


def page_of(drift: Drift, key: str = "") -> str:
    """The page."""
    page = drift_parts(drift, key).page
    assert page is not None
    return page(Footer())


class Elements(HTMLParser):
    """Every element with its attributes, and the text of the page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opened."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Text."""
        self.text += data

    def all(self, name: str) -> list[dict[str, str | None]]:
        """The attributes of the elements of this name."""
        return [attributes for tag, attributes in self.elements if tag == name]


def test_texts_add_nothing_but_text() -> None:
    """The page has the elements and attributes that it has with plain texts, and shows every sign."""
    plain, page = (Elements(page_of(fleet_drift(words), "dev")) for words in ("", CANARY))

    def outline(elements: Elements) -> Counter[tuple[str, ...]]:
        return Counter(
            (tag, *sorted(attributes)) for tag, attributes in elements.elements if tag not in {"span", "code"}
        )

    assert (outline(plain), True, 1) == (outline(page), CANARY in page.text, len(page.all("script")))


def test_the_policy_allows_the_own_style_and_script_only() -> None:
    """By their digests; nothing is loaded, and no attribute holds a script or a style."""
    page = page_of(fleet_drift(CANARY))
    digests = [
        base64.b64encode(hashlib.sha256(found.encode()).digest()).decode()
        for found in (re.findall(f"<{name}>(.*?)</{name}>", page, re.DOTALL)[0] for name in ("style", "script"))
    ]
    attributes = {name for _, having in Elements(page).elements for name in having}

    assert (
        [
            "default-src 'none'",
            f"style-src 'sha256-{digests[0]}'",
            f"script-src 'sha256-{digests[1]}'",
            "base-uri 'none'",
            "form-action 'none'",
        ],
        set(),
    ) == (
        re.findall('Content-Security-Policy" content="([^"]*)"', page)[0].split("; "),
        {name for name in attributes if name.startswith("on") or name in {"style", "src", "href", "action"}},
    )


def test_the_table_comes_before_the_findings() -> None:
    """With titles for columns, environments and APIs."""
    page = page_of(fleet_drift())
    elements = Elements(page)

    assert page.index("<table") < page.index('class="trend"') < page.index('class="block')
    assert Counter(head["scope"] for head in elements.all("th")) == {"col": 10, "rowgroup": 3, "row": 20}


def test_failed_apis_can_be_seen_in_the_table() -> None:
    """With the reason."""
    assert re.findall('class="failed" colspan="9">(.*?)<', page_of(fleet_drift())) == [
        "not read: the API a1b2c3 does not exist",
        "not read: not allowed to call GetResources",
        "not read: not allowed to call GetResources",
    ]


def test_the_same_change_is_one_block_that_lists_its_places() -> None:
    """Sixteen methods of two APIs in two environments."""
    blocks = re.findall("<article.*?</article>", page_of(fleet_drift()), re.DOTALL)
    (block,) = [found for found in blocks if "48 responses" in found]

    assert (1, 48, 3) == (
        block.count('<div class="field">'),
        block.count("<li><code>"),
        block.count('class="places"'),
    )


def test_every_place_can_be_filtered() -> None:
    """Each block has a type, and each block or place an environment and an API that the form offers."""
    elements = Elements(page_of(fleet_drift()))
    offered = {option["value"] for option in elements.all("option")}
    used = {
        value
        for _, attributes in elements.elements
        for name in ("data-t", "data-e", "data-a")
        for value in (attributes.get(name) or "").split()
    }

    assert used <= offered


def test_everything_else_that_is_known_is_shown() -> None:
    """Blame, resolved findings, ignored ones with their reasons, warnings by rule, and facts of the run."""
    text = Elements(page_of(fleet_drift())).text

    assert [] == [
        words
        for words in (
            "UpdateIntegrationResponse GET /items 200 by assumed-role/developer/sam from 203.0.113.7",
            "Blame unknown: no event in the last 90 days",
            "Resolved since 2026-11-29",
            "(prod, us-east-1): 1 difference in responseTemplates (team shop, TICKET-1, until 2027-01-31)",
            "remapped-header 3 warnings",
            "1,204 AWS calls (3 throttles)",
            "41 of 44 APIs have a manifest",
            "catalog (prod, us-east-1): stage live has the same 4 differences as the draft",
        )
        if words not in text
    ]


def test_a_page_without_findings_has_no_script() -> None:
    """There is nothing to filter, and no history to draw."""
    elements = Elements(page_of(Drift((of_api("dev", "catalog"),), (), (), NOW)))

    assert ([], [], [], True) == (
        elements.all("script"),
        elements.all("form"),
        elements.all("svg"),
        "1 API in sync" in elements.text,
    )


def test_nothing_compared_is_not_in_sync() -> None:
    """A page of a run over nothing says so."""
    assert "<h1>No API was compared</h1>" in page_of(Drift((), (), (), NOW))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (FleetFacts(RunFacts(stopped="the time is up")), "had read everything:</strong> the time is up"),
        (FleetFacts(skipped="the event is a read"), "Nothing was read:</strong> the event is a read"),
        (FleetFacts(remediation=Remediation(refusals=("the manifests differ",))), "the manifests differ"),
        (FleetFacts(shard=Shard(2, 3)), "part of a run:</strong> part 2 of 3"),
    ],
)
def test_a_page_about_a_part_says_so(facts: FleetFacts, expected: str) -> None:
    """Before the table."""
    page = page_of(Drift((of_api("dev", "catalog"),), (), (), NOW, facts=facts))

    assert 0 < page.find(expected) < page.index("<table")


def test_blocks_are_limited_and_counted() -> None:
    """Those in the fewest places are left out."""
    findings = [
        finding("catalog", METHODS[0], "200", Type.CHANGED, note=f"difference {number}")
        for number in range(MOST_BLOCKS + 3)
    ]
    page = page_of(Drift((of_api("dev", "catalog", *findings),), (), (), NOW))

    assert (MOST_BLOCKS, 1) == (page.count("<article"), page.count("3 more findings: --format json lists them"))


def test_the_size_is_limited() -> None:
    """Whatever the values."""
    wide = [FieldChange(f"responseTemplates.{number}", "x\n" * 300, "y\n" * 300) for number in range(45)]
    findings = [
        finding("catalog", METHODS[0], "200", Type.CHANGED, *wide, FieldChange("contentHandling", str(number), None))
        for number in range(30)
    ]
    page = page_of(Drift((of_api("dev", "catalog", *findings),), (), (), NOW))

    assert MOST_SIZE < len(page) < 1.5 * MOST_SIZE
    assert "more fields: --format json shows them" in page
    assert re.search(r"\d+ more findings: --format json lists them", page)


def test_the_rows_are_limited_and_counted() -> None:
    """Those of APIs in sync are left out first."""
    drifted = [of_api("dev", f"api{number}", *set_change(f"api{number}")[:1]) for number in range(MOST_ROWS + 5)]
    other = of_api("prod", "api0", *set_change("api0")[:1])
    page = page_of(Drift((*drifted, of_api("dev", "fine"), other), (), (), NOW))

    assert (1, 1, True) == (
        page.count("8 more rows: --format json lists them"),
        page.count("606 more places: --format json lists them"),
        "1,006 of 1,007 APIs with findings" in page,
    )


def test_long_lists_are_limited_and_counted() -> None:
    """Resolved findings, rules, addresses of a rule, and warnings of a rule."""
    drift = fleet_drift()
    ages, rule = drift.facts.ages, drift.facts.ignored[0]
    assert ages is not None
    facts = replace(
        drift.facts,
        ages=replace(ages, resolved=ages.resolved[:1] * 203),
        ignored=(replace(rule, addresses=("a",) * 205), *(rule,) * 206),
    )
    warnings = tuple(warning(LintRule.REMAPPED_HEADER, str(number)) for number in range(57))
    page = page_of(replace(drift, facts=facts, diagnostics=warnings))

    assert [] == [
        words
        for words in ("3 more resolved findings", "5 more responses", "7 more rules", "7 more warnings")
        if f"{words}: --format json lists them" not in page
    ]
