"""Find what templates of CloudFormation declare of exported responses. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconciler.engine.takeover.responses import TakenResponse
from reconciler.engine.takeover.template import TemplateContents, TemplateImport, TemplateMethod, TemplateResponse
from reconciler.models.keys import MethodKey


@dataclass(frozen=True, slots=True)
class DeclaredProperty:
    """A method of a template, and the exported responses of it."""

    method: TemplateMethod
    responses: tuple[TakenResponse, ...]


@dataclass(frozen=True, slots=True)
class DeclaredResource:
    """A response of a template, and the exported ones that it may be: a template does not say the integration's id."""

    resource: TemplateResponse
    candidates: tuple[TakenResponse, ...]


@dataclass(frozen=True, slots=True)
class CloudFormationTakeover:
    """What declares exported responses, the responses that nothing declares, and APIs imported from a definition."""

    properties: tuple[DeclaredProperty, ...]
    resources: tuple[DeclaredResource, ...]
    imports: tuple[TemplateImport, ...]
    undeclared: tuple[TakenResponse, ...]


def cloudformation_takeover(
    responses: Sequence[TakenResponse], templates: Sequence[TemplateContents]
) -> CloudFormationTakeover:
    """Return what declares these responses in the templates."""
    methods = [method for template in templates for method in template.methods]
    properties = tuple(
        DeclaredProperty(method, found) for method in methods if (found := tuple(_of_method(method, responses)))
    )
    resources = tuple(
        DeclaredResource(resource, found)
        for template in templates
        for resource in template.responses
        if (found := tuple(each for each in responses if _may_be(resource, each)))
    )
    declared = {each.identity for entry in properties for each in entry.responses}
    declared |= {each.identity for entry in resources for each in entry.candidates}
    return CloudFormationTakeover(
        properties,
        resources,
        tuple(each for template in templates for each in template.imports),
        tuple(response for response in responses if response.identity not in declared),
    )


def _of_method(method: TemplateMethod, responses: Sequence[TakenResponse]) -> Iterator[TakenResponse]:
    for response in responses:
        scope = response.scope
        if not isinstance(scope, MethodKey) or scope.method != method.verb:
            continue
        if method.resource_id:
            is_same = method.resource_id == response.identity.parent_id
        else:
            is_same = method.path == scope.path and method.api_name in {"", response.api_name}
        if is_same:
            yield response


def _may_be(resource: TemplateResponse, response: TakenResponse) -> bool:
    return not isinstance(response.scope, MethodKey) and resource.key == response.identity.code
