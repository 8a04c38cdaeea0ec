"""Find the responses that no test selects, and the branches of templates that no test takes.

Counted are the responses of the manifests that are tested, of all their methods. What a test reaches in one
environment counts for all. A template of a response set counts once, however many methods use it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.diagnostics import Location
from reconciler.engine.response_tests.results import ResponseTestResult
from reconciler.mapping.rendering import Branch
from reconciler.mapping.velocity.source import TemplateSyntaxError
from reconciler.mapping.velocity.template import parse
from reconciler.models.desired import ABSENT, Desired
from reconciler.models.keys import ResponseKey
from reconciler.models.responses import Response

_TEMPLATES: Final = "responseTemplates"

_ResponseId: TypeAlias = tuple[str, str]
"""The file of its manifest, and its address."""

_TemplateKey: TypeAlias = tuple[Location | None, str]
"""Where a template is written, and its text: both may differ by environment."""


@dataclass(frozen=True, slots=True)
class UnselectedResponse:
    """A response that no test selects."""

    address: str
    manifest: str
    location: Location | None


@dataclass(frozen=True, slots=True)
class UntakenBranch:
    """A branch of a template that no test takes; `address` and `template` name one response that has the template.

    `location` is where the branch is written: in a template file, or in a manifest. The branch's own position is within
    the template.
    """

    address: str
    manifest: str
    template: str
    location: Location | None
    branch: Branch


@dataclass(frozen=True, slots=True)
class Coverage:
    """The numbers of responses and branches, and those that are not reached."""

    responses: int = 0
    branches: int = 0
    unselected: tuple[UnselectedResponse, ...] = ()
    untaken: tuple[UntakenBranch, ...] = ()

    @property
    def percent(self) -> int | None:
        """How much of both is reached, rounded down, so that 100 means all; None where there is nothing to reach."""
        total = self.responses + self.branches
        reached = total - len(self.unselected) - len(self.untaken)
        return reached * 100 // total if total else None


NO_COVERAGE: Final = Coverage()


def coverage_of(results: Sequence[ResponseTestResult]) -> Coverage:
    """Return what the tests have and have not reached."""
    selected: set[_ResponseId] = set()
    taken: dict[_TemplateKey, set[Branch]] = {}
    for result in results:
        if isinstance(result.answer.selected, str):
            desired = result.ready.desired
            key = ResponseKey(result.ready.test.scope, result.answer.selected)
            selected.add(_identity(desired, key))
            template = result.answer.template
            if template is not None:
                text = result.ready.responses[key.code].response_templates[template]
                taken.setdefault(_template_key(desired, key, template, text), set()).update(result.answer.branches)
    manifests = tuple({id(result.ready.desired): result.ready.desired for result in results}.values())
    responses, branches = _all_responses(manifests), _all_branches(manifests)
    return Coverage(
        len(responses),
        len(branches),
        tuple(response for identity, response in responses.items() if identity not in selected),
        tuple(untaken for (key, branch), untaken in branches.items() if branch not in taken.get(key, ())),
    )


def _all_responses(manifests: Iterable[Desired]) -> dict[_ResponseId, UnselectedResponse]:
    return {
        _identity(desired, key): UnselectedResponse(
            desired.address(key), desired.manifests[0].name, desired.origin(key)
        )
        for desired in manifests
        for key, _ in _responses(desired)
    }


def _all_branches(manifests: Iterable[Desired]) -> dict[tuple[_TemplateKey, Branch], UntakenBranch]:
    branches: dict[tuple[_TemplateKey, Branch], UntakenBranch] = {}
    for desired in manifests:
        for key, response in _responses(desired):
            for template, text in response.response_templates.items():
                template_key = _template_key(desired, key, template, text)
                for branch in sorted(branches_of(text)):
                    if (template_key, branch) not in branches:
                        branches[template_key, branch] = _untaken(desired, key, template, branch)
    return branches


def _untaken(desired: Desired, key: ResponseKey, template: str, branch: Branch) -> UntakenBranch:
    place = desired.place_inside(key, f"{_TEMPLATES}.{template}", branch.line, branch.column)
    return UntakenBranch(desired.address(key), desired.manifests[0].name, template, place, branch)


def _identity(desired: Desired, key: ResponseKey) -> _ResponseId:
    location = desired.manifests[0].location
    return location.file if location else "", desired.address(key)


def _responses(desired: Desired) -> Iterator[tuple[ResponseKey, Response]]:
    for key, wanted in desired.responses.items():
        if wanted is not ABSENT:
            yield key, wanted


def _template_key(desired: Desired, key: ResponseKey, template: str, text: str) -> _TemplateKey:
    return desired.origin(key, f"{_TEMPLATES}.{template}"), text


def branches_of(template: str) -> frozenset[Branch]:
    """Return every branch of a template; none for one that does not parse."""
    try:
        return parse(template).branches
    except TemplateSyntaxError:
        return frozenset()
