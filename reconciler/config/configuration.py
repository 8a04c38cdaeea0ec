"""What a configuration (`reconciler.yaml`) says.

Promise: `configured` gives the configuration in a document, or every problem of it with its place, never both. Pure:
its paths are as written, relative to its folder.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from pydantic import ValidationError

from reconciler.config import problems
from reconciler.config.schema import SHAPES, ConfigurationModel, EnvironmentModel, Grade, IgnoreModel
from reconciler.diagnostics import Diagnostic, Location, error
from reconciler.manifest.placeholders import mentions
from reconciler.manifest.variables import Value, Variables, coerce
from reconciler.models.targets import Role
from reconciler.rules import InputRule, LintRule
from reconciler.wording import code, did_you_mean
from reconciler.yamlio.nodes import SourceMap

EVERY: Final = "all"
"""What `--env` takes for every environment, and so the name of none."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A named set of variables and AWS coordinates. Without `regions`, where boto3 leads."""

    name: str
    regions: tuple[str, ...] = ()
    profile: str | None = None
    role: Role | None = None
    account_id: str | None = None
    variables: Mapping[str, Value] = field(default_factory=dict)
    apis: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IgnoreRule:
    """Responses by a glob of addresses, and the fields of them to leave alone; no field means all of it.

    `until` is the last day (ISO 8601) on which the rule counts.
    """

    match: str
    fields: tuple[str, ...] = ()
    reason: str = ""
    until: str | None = None
    location: Location | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Guard:
    """How much a plan may do, where a configuration says it; None leaves it at what it is."""

    max_delete: float | None = None
    max_update: float | None = None
    start: int | None = None
    reverts_live: Literal["refuse", "allow"] | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a configuration says."""

    places: SourceMap
    manifests: tuple[str, ...] = (".",)
    root: str | None = None
    env: tuple[str, ...] = ()
    environments: Mapping[str, Environment] = field(default_factory=dict)
    guard: Guard = field(default_factory=Guard)
    grades: Mapping[str, Grade] = field(default_factory=dict)
    ignore: tuple[IgnoreRule, ...] = ()
    journal: str | None = None

    @property
    def file(self) -> str:
        """Its name."""
        return self.places.file

    def variables(self, name: str | None, given: Mapping[str, str], process: Mapping[str, str]) -> Variables:
        """What placeholders stand for in the environment of this name; what is `given` (--var) wins."""
        defined = self.environments[name].variables if name else {}
        elsewhere: dict[str, list[str]] = {}
        samples: dict[str, Value] = {}
        for other in self.environments.values():
            for variable, value in other.variables.items():
                elsewhere.setdefault(variable, []).append(other.name)
                samples.setdefault(variable, value)
        samples |= defined
        values = {**defined, **{variable: coerce(text, samples.get(variable)) for variable, text in given.items()}}
        return Variables(values, self.env, process, name, elsewhere)


def configured(places: SourceMap, rules: Collection[str]) -> Configuration | tuple[Diagnostic, ...]:
    """The configuration in a document; `rules` are the ids that `lint` may name."""
    stray = tuple(_placeholders(places))
    try:
        model = ConfigurationModel.model_validate(places.root)
    except ValidationError as failure:
        errors = failure.errors(include_url=False)
        return (*stray, *(problems.diagnostic(one, places, SHAPES) for one in errors))
    found = (*stray, *_unknown_rules(model, places, rules), *_reserved(model, places))
    return found or _meaning(model, places)


def _placeholders(places: SourceMap) -> Iterator[Diagnostic]:
    remedy = "write it out here, and `${{ vars.NAME }}` or `${{ env.NAME }}` in the manifests"
    for path in mentions(places):
        yield error(InputRule.PLACEHOLDER, "a configuration has no placeholders", remedy, places.of_value(path))


def _unknown_rules(model: ConfigurationModel, places: SourceMap, rules: Collection[str]) -> Iterator[Diagnostic]:
    for rule in model.lint:
        if rule not in rules:
            at = places.of_key(("lint", rule))
            remedy = did_you_mean(rule, rules, "name the rule that stands in brackets in the message")
            yield error(LintRule.UNKNOWN_RULE, f"there is no lint rule {code(rule)} that could be graded", remedy, at)


def _reserved(model: ConfigurationModel, places: SourceMap) -> Iterator[Diagnostic]:
    if EVERY in model.environments:
        message = f"no environment can be named `{EVERY}`: `--env {EVERY}` means every one"
        yield error(InputRule.NAME, message, "give it another name", places.of_key(("environments", EVERY)))


def _meaning(model: ConfigurationModel, places: SourceMap) -> Configuration:
    return Configuration(
        places=places,
        manifests=tuple(model.manifests),
        root=model.root or None,
        env=tuple(model.env),
        environments={name: _environment(name, one) for name, one in model.environments.items()},
        guard=Guard(**model.guard.model_dump(exclude_unset=True)),
        grades=model.lint,
        ignore=tuple(_ignore(one, places.of_value(("ignore", number))) for number, one in enumerate(model.ignore)),
        journal=model.journal or None,
    )


def _environment(name: str, model: EnvironmentModel) -> Environment:
    role = model.assume_role
    return Environment(
        name=name,
        regions=(model.region,) if model.region else tuple(model.regions),
        profile=model.profile or None,
        role=Role(role.arn, role.session_name, role.external_id or None) if role.arn else None,
        account_id=model.account_id or None,
        variables=model.vars,
        apis=model.apis,
    )


def _ignore(model: IgnoreModel, at: Location) -> IgnoreRule:
    return IgnoreRule(model.match, tuple(model.fields), model.reason, model.until or None, at)
