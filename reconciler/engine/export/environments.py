"""export --env: the APIs of several environments as one folder of manifests.

Each API is one manifest. What differs in values becomes variables of a configuration that is written along, what
differs otherwise becomes overlays. A plan of the files is empty in every environment, which is verified before they are
returned. Read-only, and all or nothing, as `export`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from reconciler.config.configuration import Environment
from reconciler.engine.export.apis import ApiSelector, listed, read_live
from reconciler.engine.export.configuration_text import configuration_text
from reconciler.engine.export.export import Exported, no_such_kind
from reconciler.engine.export.grades import broken_rules
from reconciler.engine.export.groups import ApiGroup, ExportSite, LocatedApi, group
from reconciler.engine.export.labels import labels
from reconciler.engine.export.merged_api import ExportMerging, MergedApi
from reconciler.engine.export.variables import VariableTable
from reconciler.engine.export.verify import ReadState, ReplayedCloud, verify
from reconciler.engine.load.project import ResolvedProject
from reconciler.engine.read.connect import reach
from reconciler.errors import ApiNotFound, ReconcilerError
from reconciler.manifest import writer
from reconciler.manifest.unique_names import UniqueNames, slug
from reconciler.manifest.writer import Layout, SupportFile
from reconciler.models.live import ApiSummary, LiveApi
from reconciler.models.project_file import FILE_NAME
from reconciler.models.targets import Coordinates, Kind
from reconciler.parallel import in_parallel
from reconciler.ports import Clock, Cloud, Connection
from reconciler.wording import did_you_mean

_CONFIGURATION_NAME: Final = "reconciler"
"""The name of the configuration's file, without `.yaml`; no manifest next to it may have it."""


@dataclass(frozen=True, slots=True)
class EnvironmentsRequest:
    """Which APIs of which environments to export, and how.

    `named` None: all of them. `others`: further environments, whose APIs are left out where their names show it.
    `config_schema`: the JSON Schema of the configuration, relative to it. `folder`: that of the manifests, relative to
    the configuration. `overrides` win over the coordinates of the environments.
    """

    environments: Sequence[Environment]
    named: Sequence[ApiSelector] | None = None
    layout: Layout = field(default_factory=Layout)
    others: Sequence[Environment] = ()
    config_schema: str = "schemas/config.schema.json"
    folder: str = "."
    overrides: Coordinates = field(default_factory=Coordinates)
    parallelism: int = 8


def export_environments(request: EnvironmentsRequest, cloud: Cloud, clock: Clock) -> Exported:
    """Read the APIs of the environments, and make their manifests and a configuration.

    Raises ApiNotFound, Refused for a wrong account, UsageError, AwsError, Interrupted; ReconcilerError for what no
    manifest can express.
    """
    sites = _sites(request, cloud)
    environments = [_completed(each, sites) for each in request.environments]
    known = labels((*environments, *request.others))
    grouping = group(sites, known)
    chosen = _chosen(request.named, grouping.groups, sites)
    lives = _read(chosen, request.parallelism)
    full, passed_over = _with_responses(chosen, lives, everything=request.named is None)
    table = VariableTable(environments)
    apis = _merged(full, lives, ExportMerging(environments, known, table))
    written = writer.write([api.subject for api in apis], request.layout)
    omitted = tuple(omission for api in apis for omission in api.omitted)
    files = [replace(file, name=_placed(file.name, request)) for file in written.files]
    configuration = SupportFile(FILE_NAME, _configuration(request, environments, apis, table), _words(environments))
    texts = {file.name: file.text for file in (configuration, *files)}
    replayed = ReplayedCloud({(site.environment, site.connection.region): _state(site, lives) for site in sites})
    verify(texts, request.overrides, replayed, clock)
    http = _passed_over_kinds(sites) if request.named is None else ()
    return Exported((configuration, *files), (*omitted, *written.omitted), (*passed_over, *http), tuple(grouping.notes))


def _placed(name: str, request: EnvironmentsRequest) -> str:
    return name if request.folder == "." else f"{request.folder}/{name}"


def _words(environments: Sequence[Environment]) -> str:
    names = ", ".join(environment.name for environment in environments)
    return f"the configuration of {'environment' if len(environments) == 1 else 'the environments'} {names}"


# What there is


def _sites(request: EnvironmentsRequest, cloud: Cloud) -> list[ExportSite]:
    """Connect to every region of every environment, and list its APIs."""
    places = [
        (project, coordinates)
        for project in (ResolvedProject((), environment=each) for each in request.environments)
        for coordinates in project.coordinates(request.overrides)
    ]
    connections = []
    for (project, _), outcome in zip(places, reach(places, cloud, request.parallelism), strict=True):
        if isinstance(outcome, ReconcilerError):
            outcome.message = f"environment {project.name}: {outcome.message}"
            raise outcome
        connections.append(outcome.connection)
    listings = in_parallel(
        lambda connection: tuple(api for kind in Kind for api in listed(kind, connection.reader)),
        connections,
        request.parallelism,
    )
    return [
        ExportSite(project.name or "", connection, apis, _rivals(project, connection, request.others))
        for (project, _), connection, apis in zip(places, connections, listings, strict=True)
    ]


def _rivals(project: ResolvedProject, connection: Connection, others: Iterable[Environment]) -> tuple[str, ...]:
    """Return the other environments that reach an account and region, as far as their configuration shows it."""
    environment = project.environment
    return tuple(
        other.name
        for other in others
        if environment
        and (not other.regions or connection.region in other.regions)
        and (
            other.account_id == connection.account_id
            if other.account_id
            else (other.profile, other.role) == (environment.profile, environment.role)
        )
    )


def _completed(environment: Environment, sites: Iterable[ExportSite]) -> Environment:
    """Return an environment with the account and the regions that it reaches."""
    connections = [site.connection for site in sites if site.environment == environment.name]
    reached = tuple(dict.fromkeys(connection.region for connection in connections))
    return replace(environment, regions=reached, account_id=connections[0].account_id)


def _chosen(
    named: Sequence[ApiSelector] | None, groups: Sequence[ApiGroup], sites: Sequence[ExportSite]
) -> list[ApiGroup]:
    """Return the groups that selectors name; without selectors, those of every kind that has responses."""
    usable = [each for each in groups if all(located.api.has_responses for located in _located(each))]
    if named is None:
        return usable
    return list({id(found): found for selector in named for found in _named(selector, usable, sites)}.values())


def _named(selector: ApiSelector, groups: Sequence[ApiGroup], sites: Sequence[ExportSite]) -> list[ApiGroup]:
    of_kind = [each for each in groups if each.kind is selector.kind]
    found = [each for each in of_kind if selector.word in each.words()]
    if found:
        return found
    places = ", ".join(dict.fromkeys(site.environment for site in sites))
    known = dict.fromkeys(word for each in of_kind for word in each.words())
    remedy = did_you_mean(selector.word, known, "check the environments and their credentials")
    raise ApiNotFound(f"there is no {selector.kind.words} with the id or name {selector.word!r} in {places}", remedy)


def _located(found: ApiGroup) -> Iterator[LocatedApi]:
    return (located for of_environment in found.members.values() for located in of_environment)


_Lives = Mapping[tuple[str, str, str], LiveApi]
"""What was read, by account, region and id."""


def _key(located: LocatedApi) -> tuple[str, str, str]:
    return (*located.site.place, located.api.summary.id)


def _read(groups: Iterable[ApiGroup], parallelism: int) -> _Lives:
    located = [each for found in groups for each in _located(found)]
    lives = in_parallel(lambda each: read_live(each.api, each.site.connection), located, parallelism)
    return {_key(each): live for each, live in zip(located, lives, strict=True)}


def _with_responses(
    groups: Sequence[ApiGroup], lives: _Lives, *, everything: bool
) -> tuple[list[ApiGroup], tuple[tuple[ApiSummary, str], ...]]:
    """Leave out what has no responses anywhere, unless it was asked for by name."""
    if not everything:
        return list(groups), ()
    full = [found for found in groups if any(_has_responses(lives[_key(each)]) for each in _located(found))]
    if not full:
        raise ApiNotFound("no API of these environments has integration responses", "check regions and credentials")
    empty = [found for found in groups if not any(found is each for each in full)]
    reason = "it has no integration responses"
    return full, tuple((located.api.summary, reason) for found in empty for located in _located(found))


def _has_responses(live: LiveApi) -> bool:
    return any(method.responses for method in live.methods.values())


def _passed_over_kinds(sites: Iterable[ExportSite]) -> tuple[tuple[ApiSummary, str], ...]:
    apis = {(site.place, api.summary.id): api for site in sites for api in site.apis}
    return tuple((api.summary, no_such_kind(api.summary)) for api in apis.values() if not api.has_responses)


def _state(site: ExportSite, lives: _Lives) -> ReadState:
    def summaries(kind: Kind) -> list[ApiSummary]:
        return [api.summary for api in site.apis if api.kind is kind]

    here = {api_id: live for (*place, api_id), live in lives.items() if tuple(place) == site.place}
    return ReadState(site.connection, summaries(Kind.REST_API), summaries(Kind.WEBSOCKET_API), here)


# What is written


def _merged(groups: Sequence[ApiGroup], lives: _Lives, merging: ExportMerging) -> list[MergedApi]:
    names = UniqueNames(writer.SETS_NAME, _CONFIGURATION_NAME)
    order = [environment.name for environment in merging.environments]
    waiting = []
    for found in groups:
        by_environment = {
            name: [(each, lives[_key(each)]) for each in found.members[name]] for name in order if name in found.members
        }
        waiting.append(merging.merge(_name(found, names), found, by_environment))
    merging.table.settle()
    return sorted((make() for make in waiting), key=lambda api: api.subject.name)


def _name(found: ApiGroup, names: UniqueNames) -> str:
    name = slug(found.base, default="api")
    if names.is_taken(name):
        name = f"{name}-{'rest' if found.kind is Kind.REST_API else 'websocket'}"
    return names.take(name)


def _configuration(
    request: EnvironmentsRequest,
    environments: Sequence[Environment],
    apis: Sequence[MergedApi],
    table: VariableTable,
) -> str:
    with_variables = [
        replace(
            environment,
            variables={
                **environment.variables,
                **{
                    name: values[environment.name]
                    for name, values in table.values.items()
                    if environment.name in values
                },
            },
            apis={},
        )
        for environment in environments
    ]
    ids = {
        environment.name: {api.subject.name: api.ids[environment.name] for api in apis if environment.name in api.ids}
        for environment in environments
    }
    rules = broken_rules(subject for api in apis for subject in api.members)
    return configuration_text(request.config_schema, with_variables, ids, rules, request.folder)
