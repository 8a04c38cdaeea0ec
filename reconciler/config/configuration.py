"""Parse a configuration (`reconciler.yaml`).

Pure. `parse_configuration` returns the configuration in a document, or all of its problems with their places, never
both. Paths stay as written, relative to the configuration's folder.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Literal

from pydantic import ValidationError

from reconciler.config import problems
from reconciler.config.channels import DEFAULT_KEEP, Channel, channel
from reconciler.config.schema import (
    SHAPES,
    ConfigurationModel,
    EnvironmentModel,
    IgnoreModel,
    RuleSeverity,
    UnmanagedModel,
)
from reconciler.diagnostics import Diagnostic, Location, error
from reconciler.manifest.placeholders import find_placeholders
from reconciler.manifest.variables import Value, Variables, coerce
from reconciler.models.targets import Role
from reconciler.rules import InputRule, LintRule
from reconciler.wording import code, did_you_mean
from reconciler.yamlio.nodes import SourceMap

ALL_ENVIRONMENTS: Final = "all"
"""The value of `--env` for every environment; no environment may have this name."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A named set of variables and AWS coordinates. Without `regions`, boto3 picks the region.

    `is_protected`: reports mark it, and a command that writes asks for its name.
    """

    name: str
    regions: tuple[str, ...] = ()
    profile: str | None = None
    role: Role | None = None
    account_id: str | None = None
    variables: Mapping[str, Value] = field(default_factory=dict)
    apis: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)
    is_protected: bool = False


@dataclass(frozen=True, slots=True)
class IgnoreRule:
    """The responses that a glob of addresses matches, and their fields to ignore; without fields, all of each response.

    `until` is the last day (ISO 8601) on which the rule has an effect.
    """

    match: str
    fields: tuple[str, ...] = ()
    reason: str = ""
    until: str | None = None
    location: Location | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class UnmanagedRules:
    """What deliberately has no manifest: `apis` by globs of names and ids, `methods` by globs of addresses."""

    apis: tuple[IgnoreRule, ...] = ()
    methods: tuple[IgnoreRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Guard:
    """Limits for what a plan may do; None keeps the default."""

    max_delete: float | None = None
    max_update: float | None = None
    start: int | None = None
    reverts_live: Literal["refuse", "allow"] | None = None
    breaking: Literal["refuse", "allow"] | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings of a `reconciler.yaml`."""

    places: SourceMap
    manifests: tuple[str, ...] = (".",)
    root: str | None = None
    env: tuple[str, ...] = ()
    environments: Mapping[str, Environment] = field(default_factory=dict)
    guard: Guard = field(default_factory=Guard)
    severities: Mapping[str, RuleSeverity] = field(default_factory=dict)
    ignore: tuple[IgnoreRule, ...] = ()
    unmanaged: UnmanagedRules = field(default_factory=UnmanagedRules)
    journal: str | None = None
    history_keep: timedelta = DEFAULT_KEEP
    channels: Mapping[str, Channel] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The name of its file."""
        return self.places.file

    def variables(self, name: str | None, overrides: Mapping[str, str], process: Mapping[str, str]) -> Variables:
        """Return the values of placeholders in the environment of this name; `overrides` (--var) win."""
        defined = self.environments[name].variables if name else {}
        elsewhere: dict[str, list[str]] = {}
        samples: dict[str, Value] = {}
        for other in self.environments.values():
            for variable, value in other.variables.items():
                elsewhere.setdefault(variable, []).append(other.name)
                samples.setdefault(variable, value)
        samples |= defined
        values = {**defined, **{variable: coerce(text, samples.get(variable)) for variable, text in overrides.items()}}
        return Variables(values, self.env, process, name, elsewhere)


def parse_configuration(places: SourceMap, rules: Collection[str]) -> Configuration | tuple[Diagnostic, ...]:
    """Return the configuration in a document, or its problems; `rules` are the ids that `lint` may name."""
    stray = tuple(_placeholders(places))
    try:
        model = ConfigurationModel.model_validate(places.root)
    except ValidationError as failure:
        errors = failure.errors(include_url=False)
        return (*stray, *(problems.diagnostic(details, places, SHAPES) for details in errors))
    invalid = (*stray, *_unknown_rules(model, places, rules), *_reserved(model, places))
    return invalid or _configuration(model, places)


def _placeholders(places: SourceMap) -> Iterator[Diagnostic]:
    remedy = "write the value itself; only manifests may use `${{ vars.NAME }}` and `${{ env.NAME }}`"
    for path in find_placeholders(places):
        yield error(InputRule.PLACEHOLDER, "a configuration cannot contain placeholders", remedy, places.of_value(path))


def _unknown_rules(model: ConfigurationModel, places: SourceMap, rules: Collection[str]) -> Iterator[Diagnostic]:
    for rule in model.lint:
        if rule not in rules:
            at = places.of_key(("lint", rule))
            remedy = did_you_mean(rule, rules, "use the rule id in brackets at the end of a message")
            yield error(LintRule.UNKNOWN_RULE, f"{code(rule)} is not a lint rule with a severity", remedy, at)


def _reserved(model: ConfigurationModel, places: SourceMap) -> Iterator[Diagnostic]:
    if ALL_ENVIRONMENTS in model.environments:
        message = (
            f"no environment can be named `{ALL_ENVIRONMENTS}`: `--env {ALL_ENVIRONMENTS}` selects every environment"
        )
        yield error(InputRule.NAME, message, "rename it", places.of_key(("environments", ALL_ENVIRONMENTS)))


def _configuration(model: ConfigurationModel, places: SourceMap) -> Configuration:
    return Configuration(
        places=places,
        manifests=tuple(model.manifests),
        root=model.root or None,
        env=tuple(model.env),
        environments={name: _environment(name, environment) for name, environment in model.environments.items()},
        guard=Guard(**model.guard.model_dump(exclude_unset=True)),
        severities=model.lint,
        ignore=tuple(_ignore(rule, places.of_value(("ignore", number))) for number, rule in enumerate(model.ignore)),
        unmanaged=UnmanagedRules(
            tuple(_unmanaged(model.coverage.ignore, "ignore", places)),
            tuple(_unmanaged(model.coverage.ignore_methods, "ignoreMethods", places)),
        ),
        journal=model.journal or None,
        history_keep=timedelta(seconds=model.history.keep),
        channels={name: channel(name, each, places.of_key(("notify", name))) for name, each in model.notify.items()},
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
        is_protected=model.protected,
    )


def _ignore(model: IgnoreModel, at: Location) -> IgnoreRule:
    return IgnoreRule(model.match, tuple(model.fields), model.reason, model.until or None, at)


def _unmanaged(models: Iterable[UnmanagedModel], key: str, places: SourceMap) -> Iterator[IgnoreRule]:
    for number, model in enumerate(models):
        at = places.of_value(("coverage", key, number))
        yield IgnoreRule(model.match, (), model.reason, model.until or None, at)
