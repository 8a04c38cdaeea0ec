"""The schema of a configuration (`reconciler.yaml`), as pydantic models.

What validates is structurally sound: unknown keys are refused, and null is not a value. Descriptions are for people:
they become the JSON Schema that editors show. The keys in YAML are in camelCase; here they are snake_case.
"""

import re
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, Tag, model_validator
from pydantic_core import PydanticCustomError

from reconciler.config import problems
from reconciler.config.channels import ChannelEntry, ChannelModel, HistoryModel, UrlModel
from reconciler.config.problems import CUSTOM
from reconciler.manifest.schema.parts import ManifestModel, Name, NonEmpty, Version, text_or_map
from reconciler.manifest.variables import Value
from reconciler.normal import REST_FIELDS, WEBSOCKET_FIELDS
from reconciler.rules import InputRule, Rule
from reconciler.wording import code, did_you_mean

_NEVER_READ: Final = ("AWS_", "GITHUB_", "ACTIONS_")
"""Prefixes of environment variables that may hold credentials of AWS or of the CI system."""

_SECRET: Final = re.compile(
    "(.*_)?(TOKEN(_[0-9]+)?|JWT|JWT_V[0-9]+|AUTH_CONFIG|PASSPHRASE|PAT|DSN|NETRC|KUBECONFIG|DATABASE_URL"
    "|(API|ACCESS|PRIVATE|SIGNING|SSH|DEPLOY|MASTER|ENCRYPTION|SERVICE|LICENSE)_?KEY)"
    "|(.*_)?(SECRETS?|PASSWORDS?|CREDENTIALS?|WEBHOOK)(_.*)?|.*ACCESSTOKEN|.*PASSW(OR)?D|.*_(PWD|PASS)|SSHPASS"
    "|CI_REPOSITORY_URL|RECONCILER_NOTIFY_.*"
)
"""Names of credentials: of GitLab (CI_JOB_TOKEN, CI_JOB_JWT, CI_REGISTRY_PASSWORD, a URL with a token), of Azure
(SYSTEM_ACCESSTOKEN), of registries, databases and tools (NPM_TOKEN, DOCKER_AUTH_CONFIG, PGPASSWORD, DATABASE_URL,
SENTRY_DSN, SLACK_WEBHOOK_URL), and our own."""

_PERCENTAGE: Final = r"^[0-9]+(\.[0-9]+)?%$"

RuleSeverity: TypeAlias = Literal["off", "warning", "error"]


def _refusal(rule: Rule, message: str, remedy: str) -> PydanticCustomError:
    return PydanticCustomError(CUSTOM, "{message}", {"rule": rule, "message": message, "remedy": remedy})


def _account_id(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _share(value: object) -> object:
    """Return a share of 1 for `30%`, or for a number from 0 to 1."""
    share = _percentage(value) if isinstance(value, str) else value
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise _refusal(InputRule.WRONG_VALUE, "a share is a percentage, or a number from 0 to 1", "write 30% or 0.3")
    return float(share)


def _percentage(text: str) -> float | None:
    return float(text[:-1]) / 100 if re.fullmatch(_PERCENTAGE, text) else None


def _scalar(value: object) -> object:
    if not isinstance(value, Value):
        raise _refusal(InputRule.WRONG_TYPE, "a variable must be text, a number, true or false", "write one of these")
    return value


def _readable(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.upper().startswith(_NEVER_READ):
        message = (
            f"{code(value)} may hold credentials: {', '.join(f'{prefix}*' for prefix in _NEVER_READ)} are never read"
        )
        raise _refusal(InputRule.ENV, message, "pass the value in a variable of another name")
    if _SECRET.fullmatch(value.upper()):
        message = f"{code(value)} may hold credentials, judging by its name, and is never read"
        raise _refusal(InputRule.ENV, message, "pass the value in a variable of another name")
    return value


def _role(value: object) -> object:
    return {"arn": value} if isinstance(value, str) else value


def names_secret(name: str) -> bool:
    """Whether a variable holds credentials, judging by its name, in camelCase or with underscores."""
    return bool(_SECRET.fullmatch(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.replace("-", "_")).upper()))


Share: TypeAlias = Annotated[
    float,
    BeforeValidator(
        _share,
        json_schema_input_type=Annotated[float, Field(ge=0, le=1)] | Annotated[str, Field(pattern=_PERCENTAGE)],
    ),
]
AccountId: TypeAlias = Annotated[
    str,
    BeforeValidator(
        _account_id,
        json_schema_input_type=Annotated[int, Field(ge=10**11, lt=10**12)]
        | Annotated[str, Field(pattern=problems.ACCOUNT_ID_PATTERN)],
    ),
    StringConstraints(pattern=problems.ACCOUNT_ID_PATTERN),
]
Variable: TypeAlias = Annotated[Value, BeforeValidator(_scalar)]
VariableName: TypeAlias = Annotated[str, StringConstraints(pattern=problems.VARIABLE_PATTERN)]
Readable: TypeAlias = Annotated[VariableName, BeforeValidator(_readable)]
Date: TypeAlias = Annotated[str, StringConstraints(pattern=problems.DATE_PATTERN)]
Region: TypeAlias = Annotated[str, StringConstraints(pattern=problems.REGION_PATTERN)]


ApiId: TypeAlias = Annotated[
    Annotated[NonEmpty, Tag("<text>")] | Annotated[dict[Region, NonEmpty], Tag("<map>")],
    text_or_map("the id of an API, or ids by region"),
]


class RoleModel(ManifestModel):
    """A role to assume."""

    arn: Annotated[str, StringConstraints(pattern=problems.ROLE_PATTERN)] = Field(
        description="As in arn:aws:iam::123456789012:role/ci."
    )
    session_name: Annotated[str, StringConstraints(pattern=problems.SESSION_PATTERN)] = Field(
        default="reconciler", description="The name that CloudTrail shows."
    )
    external_id: NonEmpty = Field(default="", description="The external id that the role's trust policy may require.")


class EnvironmentModel(ManifestModel):
    """The AWS coordinates of an environment, and what differs there. A missing value is empty."""

    region: Region = Field(default="", description="The AWS region.")
    regions: list[Region] = Field(
        default_factory=list, min_length=1, description="Several regions; every manifest applies to each of them."
    )
    profile: NonEmpty = Field(default="", description="The AWS profile.")
    assume_role: Annotated[RoleModel, BeforeValidator(_role, json_schema_input_type=RoleModel | str)] = Field(
        default=RoleModel.model_construct(arn=""),
        description="A role to assume: its ARN, or {arn, sessionName, externalId}.",
    )
    account_id: AccountId = Field(
        default="", description="The account that the credentials must belong to; with any other, the run is refused."
    )
    protected: bool = Field(
        default=False,
        description="Whether it is marked in reports, and commands that write ask for its name instead of `yes`.",
    )
    vars: dict[VariableName, Variable] = Field(default_factory=dict, description="The values of `${{ vars.NAME }}`.")
    apis: dict[Name, ApiId] = Field(
        default_factory=dict,
        description="The ids of APIs by manifest, instead of `spec.api`; by region if there are several.",
    )

    @model_validator(mode="after")
    def _no_contradiction(self) -> "EnvironmentModel":
        if self.region and self.regions:
            raise _refusal(InputRule.WRONG_VALUE, "`region` and `regions` cannot be used together", "keep one of them")
        if len(set(self.regions)) < len(self.regions):
            raise _refusal(InputRule.WRONG_VALUE, "`regions` lists a region twice", "list each region once")
        return self


class GuardModel(ManifestModel):
    """Limits for what a plan may do. Shares are of the live responses of the listed methods."""

    max_delete: Share = Field(default=0.0, description="The share that may be deleted, as in 30%.")
    max_update: Share = Field(default=0.0, description="The share that may be updated, as in 50%.")
    start: int = Field(
        default=0, ge=0, alias="from", description="The number of live responses from which the shares apply."
    )
    reverts_live: Literal["refuse", "allow"] = Field(
        default="allow",
        description="Whether a plan may revert changes made directly in AWS; this needs `--base`.",
    )
    breaking: Literal["refuse", "allow"] = Field(
        default="allow",
        description="Whether a plan may break clients, as far as response tests show it.",
    )


_FIELDS: Final = tuple(dict.fromkeys(row.name for row in (*REST_FIELDS, *WEBSOCKET_FIELDS)))


def _field(pattern: str) -> str:
    """Refuse an unknown field: the rule would ignore nothing, and the field that is meant would be overwritten."""
    name = pattern.partition(".")[0]
    if name in _FIELDS or any(wildcard in name for wildcard in "*?["):
        return pattern
    remedy = did_you_mean(name, _FIELDS, f"the fields are {', '.join(_FIELDS)}")
    raise _refusal(InputRule.FIELD, f"{code(pattern)} is not a field of a response", remedy)


class IgnoreModel(ManifestModel):
    """Differences to ignore; the live values are kept."""

    match: NonEmpty = Field(description="A glob of addresses, as in `petstore: * /legacy/** *`; `*` matches any text.")
    fields: list[Annotated[str, AfterValidator(_field)]] = Field(
        default_factory=list,
        min_length=1,
        description="The fields, as in `responseTemplates`; without fields, the whole response.",
    )
    reason: NonEmpty = Field(default="", description="The reason, for readers.")
    until: Date = Field(default="", description="The last day on which the rule has an effect, as in 2027-01-31.")


class UnmanagedModel(ManifestModel):
    """APIs or methods that deliberately have no manifest."""

    match: NonEmpty = Field(description="A glob; `*` matches any text.")
    reason: NonEmpty = Field(default="", description="The reason, for readers.")
    until: Date = Field(default="", description="The last day on which the rule has an effect, as in 2027-01-31.")


class CoverageModel(ManifestModel):
    """What coverage does not count."""

    ignore: list[UnmanagedModel] = Field(
        default_factory=list, description="APIs without a manifest, by globs of their names or ids, as in `legacy-*`."
    )
    ignore_methods: list[UnmanagedModel] = Field(
        default_factory=list,
        description="Methods that no manifest lists, by globs of their addresses, as in `petstore: OPTIONS *`.",
    )


class ConfigurationModel(ManifestModel):
    """Settings of the manifests in and below a folder."""

    api_version: Version = Field(description="The version of this format.")
    kind: Literal["Config"] = Field(description="The kind of document.")
    root: NonEmpty = Field(
        default="",
        description="The folder that manifests and template files must be in: that of this file (the default), or "
        "one above it within the git repository.",
    )
    manifests: list[NonEmpty] = Field(
        default=["."], min_length=1, description="Files, folders and globs, relative to this file."
    )
    env: list[Readable] = Field(
        default_factory=list, description="The environment variables that `${{ env.NAME }}` may read."
    )
    environments: dict[Name, EnvironmentModel] = Field(
        default_factory=dict, description="Environments by name: their variables and AWS coordinates."
    )
    guard: GuardModel = Field(default=GuardModel.model_construct(), description="Limits for what a plan may do.")
    lint: dict[NonEmpty, RuleSeverity] = Field(
        default_factory=dict, description="The severities of lint rules: off, warning or error."
    )
    ignore: list[IgnoreModel] = Field(
        default_factory=list, description="Differences to ignore in plan, apply and drift."
    )
    coverage: CoverageModel = Field(
        default=CoverageModel.model_construct(), description="What coverage does not count."
    )
    journal: NonEmpty = Field(
        default="",
        description="The folder for the journals of apply, relative to this file. The default is .reconciler/runs.",
    )
    history: HistoryModel = Field(
        default=HistoryModel.model_construct(), description="How the history of drift runs is kept."
    )
    notify: dict[Name, ChannelEntry] = Field(
        default_factory=dict, description="Where `drift --notify KIND:NAME` can send notifications, by name."
    )


SHAPES: Final[problems.Shapes] = {
    (): ConfigurationModel,
    ("environments", problems.ANY): EnvironmentModel,
    ("environments", problems.ANY, "assumeRole"): RoleModel,
    ("guard",): GuardModel,
    ("ignore", problems.ANY): IgnoreModel,
    ("history",): HistoryModel,
    ("notify", problems.ANY): ChannelModel,
    ("notify", problems.ANY, "url"): UrlModel,
    ("coverage",): CoverageModel,
    ("coverage", "ignore", problems.ANY): UnmanagedModel,
    ("coverage", "ignoreMethods", problems.ANY): UnmanagedModel,
}
