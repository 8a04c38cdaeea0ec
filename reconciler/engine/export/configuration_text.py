"""Write the configuration of an export: its environments, with what differs between them. Pure."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from reconciler.config.configuration import Environment
from reconciler.manifest.variables import Value
from reconciler.models.targets import Role
from reconciler.quoting import inline, key

_SESSION: Final = Role("").session_name

Apis = Mapping[str, Mapping[str, str]]
"""Ids of APIs by manifest and region."""


def configuration_text(
    schema: str, environments: Sequence[Environment], apis: Mapping[str, Apis], rules: Iterable[str], manifests: str
) -> str:
    """Return a `reconciler.yaml`.

    `apis`: the ids of APIs that no name finds, by environment; `rules`: the lint rules that become warnings;
    `manifests`: the folder of the manifests.
    """
    lines = [
        f"# yaml-language-server: $schema={schema}",
        "#",
        "# The environments, and what differs between them, as exported.",
        "apiVersion: reconciler/v1",
        "kind: Config",
        f"manifests: [{manifests}]",
        "environments:",
        *(line for each in environments for line in _environment(each, apis.get(each.name, {}))),
        *_grades(rules),
    ]
    return "\n".join(lines) + "\n"


def _grades(rules: Iterable[str]) -> Iterator[str]:
    graded = [f"  {rule}: warning" for rule in rules]
    if graded:
        yield from ("", "# Problems of the live APIs: fix each one, then remove its line:", "lint:", *graded)


def _environment(environment: Environment, apis: Apis) -> Iterator[str]:
    yield f"  {key(environment.name)}:"
    yield from (f"    {line}" for line in _settings(environment))
    if environment.variables:
        yield "    vars:"
        yield from (f"      {key(name)}: {_value(value)}" for name, value in environment.variables.items())
    if apis:
        yield "    apis:"
        for name, ids in apis.items():
            by_region = ", ".join(f"{region}: {inline(api_id)}" for region, api_id in ids.items())
            single = inline(next(iter(ids.values())))
            yield f"      {key(name)}: {single if len(environment.regions) < 2 else f'{{{by_region}}}'}"  # noqa: PLR2004 - one region


def _settings(environment: Environment) -> Iterator[str]:
    if len(environment.regions) == 1:
        yield f"region: {environment.regions[0]}"
    elif environment.regions:
        yield f"regions: [{', '.join(environment.regions)}]"
    if environment.profile:
        yield f"profile: {inline(environment.profile)}"
    if environment.role:
        yield f"assumeRole: {_role(environment.role)}"
    if environment.account_id:
        yield f"accountId: {inline(environment.account_id)}"
    if environment.is_protected:
        yield "protected: true"


def _role(role: Role) -> str:
    entries = {"arn": role.arn}
    if role.session_name != _SESSION:
        entries["sessionName"] = role.session_name
    if role.external_id:
        entries["externalId"] = role.external_id
    written = ", ".join(f"{name}: {inline(value)}" for name, value in entries.items())
    return inline(role.arn) if len(entries) == 1 else f"{{{written}}}"


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return inline(value)
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else f"{'-' if value < 0 else ''}.inf"
    return repr(value)
