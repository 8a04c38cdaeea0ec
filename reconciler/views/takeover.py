"""export --format terraform and cloudformation: what to take out of the other tool.

Both texts are comments and code of the other tool's language, to be read and copied: every text that comes from outside
is on one line and printable there.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from reconciler.engine.takeover.cloudformation import CloudFormationTakeover
from reconciler.engine.takeover.responses import TakenResponse
from reconciler.engine.takeover.terraform import RESOURCE_TYPES, ManagedResource, TerraformTakeover
from reconciler.invocation import command_line
from reconciler.render.style import plural, printable

_NO_NAME: Final = re.compile(r"[^0-9A-Za-z]+")

_TERRAFORM_STEPS: Final = (
    "What to take out of Terraform, now that manifests declare these responses. Needs Terraform 1.7 or later.",
    "1. Put the `removed` blocks into the root module.",
    "2. Delete the `resource` blocks that they name, and every reference to them (`depends_on`, `triggers` of",
    "   aws_api_gateway_deployment).",
    "3. Run `terraform plan`. It must report these resources as no longer managed, and destroy none of them.",
)

_CLOUDFORMATION_STEPS: Final = (
    "What to take out of CloudFormation, now that manifests declare these responses.",
    "",
    "Certain:",
    "- CloudFormation leaves a method alone until an update changes it in the template. Such an update can bring the",
    "  responses of the template back.",
    "- `DeletionPolicy` protects resources, not properties: it does not help for `IntegrationResponses`.",
    "- A stage serves what was last deployed to it. A stack update that creates a new AWS::ApiGateway::Deployment",
    "  deploys the draft as it is then.",
    "Not documented: whether the update that removes `IntegrationResponses` deletes the live responses. Expect it to.",
    "",
    "1. Remove the properties listed below and update the stack, without a new deployment.",
)


def terraform_text(takeover: TerraformTakeover, folder: str) -> str:
    """Return `removed` blocks, with comments; `folder` has the manifests."""
    lines = [*_TERRAFORM_STEPS, f"4. Apply it. Then check that nothing changed: {_plan(folder)}"]
    blocks = list(_placeholders(takeover.unmanaged)) if not takeover.has_state else list(_resources(takeover, folder))
    return "\n".join([*map(_comment, lines), *blocks])


def _plan(folder: str) -> str:
    return command_line("plan", folder)


def _into(folder: str) -> str:
    return command_line("openapi", "--into", "FILE", folder)


def _comment(line: str) -> str:
    return f"# {printable(line)}".rstrip()


def _resources(takeover: TerraformTakeover, folder: str) -> Iterator[str]:
    for resource in takeover.resources:
        yield ""
        yield from (_comment(response.address) for response in resource.responses)
        yield from _partial(resource) if resource.others else _block(resource.address)
    if takeover.unmanaged:
        yield ""
        yield _comment("Not in this state:")
        yield from (_comment(f"  {response.address} ({response.import_id})") for response in takeover.unmanaged)
    for address in takeover.imported:
        yield ""
        yield _comment(f"{address} has a `body`: each import of it replaces all integrations and their responses.")
        yield _comment(f"Keep the responses in that document: {_into(folder)}")


def _partial(resource: ManagedResource) -> Iterator[str]:
    """Comment a block out that would release more than was exported."""
    count = plural(len(resource.others), "instance")
    yield _comment(f"This block would also release {count} that no exported manifest declares:")
    yield from (_comment(f"  {instance}") for instance in resource.others)
    yield _comment("Export their APIs too, then export again; or split the resource.")
    yield from (_comment(line) for line in _block(resource.address))


def _placeholders(responses: Sequence[TakenResponse]) -> Iterator[str]:
    yield _comment("")
    yield _comment(
        "No state was given (--state), so the names are placeholders. Replace each by that of your resource."
    )
    names: set[str] = set()
    for response in responses:
        yield ""
        yield _comment(f"{response.address}, import id {response.import_id}")
        yield from _block(f"{RESOURCE_TYPES[response.kind]}.{_placeholder(response, names)}")


def _placeholder(response: TakenResponse, taken: set[str]) -> str:
    base = f"REPLACE_{_NO_NAME.sub('_', response.address).strip('_')}"
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}_{number}"
    taken.add(name)
    return name


def _block(address: str) -> Iterator[str]:
    yield from ("removed {", f"  from = {address}", "", "  lifecycle {", "    destroy = false", "  }", "}")


def cloudformation_text(takeover: CloudFormationTakeover, folder: str, *, has_templates: bool) -> str:
    """Return what to remove, as comments of YAML; `folder` has the manifests."""
    rest = [
        f"2. See what is missing, and write it: {_plan(folder)}; {command_line('apply', folder)}",
        f"3. Deploy, if a stage is to serve it: {command_line('deploy', folder)} --stage NAME",
    ]
    found = list(_declared(takeover, folder))
    missing = [each.address for each in takeover.undeclared]
    lines = [*_CLOUDFORMATION_STEPS, *rest]
    if has_templates:
        lines += ["", *(found or ["No template declares any of these responses."])]
        lines += ["", "In none of the templates:", *(f"  {address}" for address in missing)] if missing else []
    else:
        lines += ["", "No template was given (--template), so these are the methods:", *_by_method(takeover.undeclared)]
    return "\n".join(map(_comment, lines))


def _declared(takeover: CloudFormationTakeover, folder: str) -> Iterator[str]:
    for entry in takeover.properties:
        method = entry.method
        yield f"{method.location}: {method.logical_id}: remove Integration.IntegrationResponses"
        yield from _by_method(entry.responses)
    for resource in takeover.resources:
        yield f"{resource.resource.location}: {resource.resource.logical_id}: set `DeletionPolicy: Retain`, update the"
        yield "  stack, then remove the resource. It may be, by its key:"
        yield from (f"  {response.address}" for response in resource.candidates)
    for each in takeover.imports:
        yield f"{each.location}: {each.logical_id} is imported from an OpenAPI definition: each update that changes it"
        yield f"  replaces all responses. Keep them there: {_into(folder)}"


def _by_method(responses: Sequence[TakenResponse]) -> Iterator[str]:
    for method, group in groupby(responses, key=lambda response: f"{response.manifest}: {response.scope}"):
        yield f"  {method}: {', '.join(response.identity.code for response in group)}"
