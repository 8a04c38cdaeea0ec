"""A drift report over two environments: every line that names a manifest or method names its environment."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from functools import partial
from html.parser import HTMLParser
from typing import Any

import pytest

from reconciler.engine.drift.blame import with_blame
from reconciler.engine.drift.connections import ConnectionLog
from reconciler.engine.drift.drift import drift
from reconciler.engine.drift.result import Drift
from reconciler.engine.load.request import Request
from reconciler.manifest import Disk
from reconciler.models.keys import MethodKey
from reconciler.render.style import Style
from reconciler.sandbox.model.faults import access_denied
from reconciler.views.drift import drift_view
from support.accounts import Accounts
from support.apis import Method, make_api
from support.clock import FakeClock
from support.live import BROKEN, DEFAULT, GET_PETS, NOT_FOUND
from support.stage import manifest

CONFIG = """\
apiVersion: reconciler/v1
kind: Config
environments:
  dev: {region: eu-west-1}
  prod: {region: us-east-1}
ignore:
  - {match: "petstore: GET /pets 500", reason: migration, until: 2027-01-31}
  - {match: "petstore: GET /past *", until: 2025-01-31}
"""
SITES = {"dev": "eu-west-1", "prod": "us-east-1"}
NAMED = re.compile(r"petstore|orders|lost(?! all)|GET /")
"""What a line names: manifests of the run, and methods."""

SITE = re.compile(r"dev\b.*eu-west-1|prod\b.*us-east-1|in dev, prod")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Drift:
    """Drift of every kind in both environments, with a stage each, and an API each that cannot be read."""
    folder = tmp_path_factory.mktemp("sites")
    (folder / "reconciler.yaml").write_text(CONFIG)
    (folder / "petstore.yaml").write_text(
        manifest("{200: {}, 404: {selectionPattern: '404'}}", spec="deploy: {stages: [live]}")
    )
    methods = "".join(f"\n    /{name}: {{GET: {{responses: {{200: {{}}}}}}}}" for name in "abcdef")
    (folder / "orders.yaml").write_text(manifest(name="orders", api="{name: orders}", path="/x").rstrip() + methods)
    (folder / "lost.yaml").write_text(manifest(name="lost", api="{name: lost}"))
    cloud = Accounts()
    for region in SITES.values():
        plane = cloud.plane(region)
        health = MethodKey("/health", "GET")
        live = {GET_PETS: Method({"200": BROKEN, "500": NOT_FOUND}), health: Method({"200": DEFAULT})}
        api_id = make_api(plane, "petstore", live)
        plane.call("CreateDeployment", restApiId=api_id, stageName="live")
        make_api(plane, "orders", {MethodKey(f"/{name}", "GET"): Method({}) for name in "abcdefx"})
        lost = make_api(plane, "lost", {GET_PETS: Method({"200": DEFAULT})})
        denied = access_denied("GET", "/restapis/*")
        plane.faults.add(denied, "GetResources", when=partial(_is_about, lost))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        request = Request((), environments=("all",), compares_stages=True, is_strict=True)
        connections = ConnectionLog(cloud)
        return with_blame(drift(request, connections, Disk(), FakeClock()), connections, 2)


def _is_about(api_id: str, sent: Mapping[str, Any]) -> bool:
    return bool(sent["restApiId"] == api_id)


def shown(run: Drift, form: str) -> str:
    """The report in a format."""
    return drift_view(run, "all", Style())[form]()


def unplaced(lines: Iterator[str]) -> list[str]:
    """The lines that name something without saying where it is."""
    return [line for line in lines if NAMED.search(line) and not SITE.search(line)]


def test_the_run_found_every_kind(run: Drift) -> None:
    """Else the tests below would see little."""
    summary = run.summary

    assert (2, 16, 2, 2, 2, 4) == (
        summary.changed,
        summary.missing,
        summary.unexpected,
        summary.errors,
        summary.ignored,
        summary.deployed,
    )
    assert {"expired-ignore", "responses-wiped"} <= {diagnostic.rule.id for diagnostic in run.diagnostics}


def test_lines_of_the_text(run: Drift) -> None:
    """A heading names the environment for the indented lines below it."""
    flush = (line for line in shown(run, "text").splitlines() if not line.startswith(" "))

    assert [] == unplaced(flush)


def test_every_heading_of_the_text_is_of_one_api(run: Drift) -> None:
    """So that the lines below it have one environment. Without -v, equal findings are listed once."""
    text = drift_view(run, "all", Style(full=True))["text"]()
    headings = [line for line in text.splitlines() if "(RestApi" in line]

    assert len(headings) >= 4
    assert all("environment dev" in heading or "environment prod" in heading for heading in headings)


def test_annotations(run: Drift) -> None:
    """Each stands alone, next to a line of a file."""
    lines = (line.partition("::")[2].partition("::")[2] for line in shown(run, "github").splitlines())

    assert [] == unplaced(lines)


def test_results_of_sarif(run: Drift) -> None:
    """Each stands alone in the list of a repository."""
    (log,) = json.loads(shown(run, "sarif"))["runs"]

    assert len(log["results"]) > 20
    assert [] == unplaced(result["message"]["text"] for result in log["results"])


def test_cases_of_junit(run: Drift) -> None:
    """A test case is shown with the name of its class, the suite's."""
    cases = list(ET.fromstring(shown(run, "junit")).iter("testcase"))  # noqa: S314 - our own

    assert [] == unplaced(
        f"{case.get('classname')} {case.get('name')}" for case in cases if case.get("classname") != "drift.manifests"
    )


def test_lines_of_markdown(run: Drift) -> None:
    """A summary names the environment for its block, and the head of a table those of its columns."""
    text = re.sub(r"```diff.*?```", "", shown(run, "markdown"), flags=re.DOTALL)
    plain = text.replace("&#45;", "-").replace("`", "").replace("<code>", "").replace("</code>", "")

    lines = [line for line in plain.splitlines() if "reconciler drift:" not in line]
    rows = [line for line in lines if line.startswith("| ")]

    assert "| API | dev | prod |" == rows[0]
    assert [] == unplaced(line for line in lines if line not in rows)


def test_findings_of_json(run: Drift) -> None:
    """Each has environment, account and region, those about what could not be read too."""
    document = json.loads(shown(run, "json"))
    sites = {(finding["environment"], finding["region"]) for finding in document["findings"]}

    assert set(SITES.items()) == sites
    assert all(finding["accountId"] for finding in document["findings"])
    assert set(SITES.items()) == {(rule["environment"], rule["region"]) for rule in document["ignored"]}
    assert [] == unplaced(diagnostic["message"] for diagnostic in document["diagnostics"])


class _Summaries(HTMLParser):
    """Collects the text of every `summary` of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._is_open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's
        """Begin one."""
        if tag == "summary":
            self._is_open = True
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        """End one."""
        self._is_open = self._is_open and tag != "summary"

    def handle_data(self, data: str) -> None:
        """Add to it."""
        if self._is_open:
            self.texts[-1] += data


def test_blocks_of_html(run: Drift) -> None:
    """A block names the environment for what is in it."""
    page = _Summaries()
    page.feed(shown(run, "html"))

    assert len(page.texts) >= 4
    assert [] == unplaced(iter(page.texts))


def test_quiet_lines(run: Drift) -> None:
    """Errors, and the counts of each environment."""
    lines = drift_view(run, "all", Style(quiet=True))["text"]().splitlines()

    assert [] == unplaced(iter(lines))
    assert ["  dev, eu-west-1: ", "  prod, us-east-1: "] == [line[: line.index(":") + 2] for line in lines[-3:-1]]
