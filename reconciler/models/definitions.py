"""What an API defines besides its methods: models, request validators, gateway responses."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.models.responses import FieldValue


@dataclass(frozen=True, slots=True)
class Definitions:
    """The definitions of a REST API, in the draft or on a stage, in normal form (`reconciler.definitions`).

    `models`: name -> the values of its JSON schema by path; None where the schema cannot be read. `used_models` are the
    names of other models that a model refers to, by name. `validators`: name -> its two switches. `gateway_responses`:
    type -> what is customised; types that nobody customised are left out. `validator_names` (draft only): id -> name.
    `doubtful` are the names of validators that two of them have.
    """

    models: Mapping[str, Mapping[str, str] | None] = field(default_factory=dict)
    used_models: Mapping[str, frozenset[str]] = field(default_factory=dict)
    validators: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    gateway_responses: Mapping[str, Mapping[str, FieldValue]] = field(default_factory=dict)
    validator_names: Mapping[str, str] = field(default_factory=dict)
    doubtful: frozenset[str] = frozenset()
