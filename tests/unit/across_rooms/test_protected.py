"""Protected environments: which a plan writes to, and how reports show them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reconciler.documents import PlanDocument
from reconciler.engine.drift.drift import drift
from reconciler.engine.drift.remediate import not_approved, protected_environments
from reconciler.engine.load.request import Request
from reconciler.engine.plan import Planned
from reconciler.errors import ExitCode
from reconciler.manifest import Disk
from reconciler.render.style import Style
from reconciler.views.plan import plan_text, plan_view
from support.apis import Method, make_api
from support.live import DEFAULT, GET_PETS, NOT_FOUND
from support.saving import Pipeline
from support.stage import manifest

CONFIGURATION = """\
apiVersion: reconciler/v1
kind: Config
manifests: [petstore.yaml]
environments:
  dev: {region: eu-west-1}
  prod: {region: us-east-1, protected: %s}
"""
ASKED: Mapping[str, Any] = {"environments": ("all",)}


@pytest.fixture
def pipeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    """A manifest for two environments, of which one differs by a response and the other not at all."""
    monkeypatch.chdir(tmp_path)
    made = Pipeline(tmp_path)
    make_api(made.plane, "petstore", {GET_PETS: Method({"200": DEFAULT})})
    make_api(made.cloud.plane("us-east-1"), "petstore", {GET_PETS: Method({"200": DEFAULT, "404": NOT_FOUND})})
    made.write(manifest("{200: {}}"))
    made.write(CONFIGURATION % "true", "reconciler.yaml")
    return made


def asked_for(pipeline: Pipeline, document: PlanDocument) -> list[tuple[str, ...]]:
    """The environments whose names an apply of a saved plan asks for."""
    seen: list[tuple[str, ...]] = []

    def approve(planned: Planned) -> bool:
        seen.append(planned.protected_environments)
        return True

    pipeline.apply(document, approve)
    return seen


def test_what_would_be_written_counts(pipeline: Pipeline) -> None:
    """An environment in which nothing changes asks for nothing."""
    assert ("prod",) == pipeline.plan("petstore.yaml", **ASKED).protected_environments
    assert () == pipeline.plan("petstore.yaml", environments=("dev",)).protected_environments


def test_a_saved_plan_keeps_it(pipeline: Pipeline) -> None:
    """Also if the configuration has changed its mind."""
    document = pipeline.save("petstore.yaml", **ASKED)
    pipeline.write(CONFIGURATION % "false", "reconciler.yaml")

    assert [("prod",)] == asked_for(pipeline, document)


def test_an_older_plan_is_read(pipeline: Pipeline) -> None:
    """Its targets say nothing; the configuration does."""
    document = pipeline.save("petstore.yaml", **ASKED)
    older = document.model_copy(
        update={"targets": [target.model_copy(update={"protected": False}) for target in document.targets]}
    )

    assert [("prod",)] == asked_for(pipeline, older)


def test_every_format_for_people_shows_it(pipeline: Pipeline) -> None:
    """In words, with a lock, with a badge."""
    planned = pipeline.plan("petstore.yaml", **ASKED)
    formats = plan_view(planned, "all", Style())

    assert "environment prod (protected), account" in plan_text(planned, Style())
    assert "(all) \N{LOCK} prod" in formats["markdown"]()
    assert '<span class="badge protected">prod is protected</span>' in formats["html"]()


def test_drift_knows_it(pipeline: Pipeline) -> None:
    """A remediation that is declined writes nothing and is refused."""
    found = drift(Request(("petstore.yaml",), **ASKED), pipeline.cloud, Disk(), pipeline.clock)

    assert (("prod",), ExitCode.REFUSED) == (protected_environments(found), not_approved(found).exit_code)
