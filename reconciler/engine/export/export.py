"""export: live APIs as manifests.

Read-only, and all or nothing: the files are values, and there are none unless every requested API was read completely.
A plan of the exported manifests is empty. Nothing is written here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from reconciler.engine.export.apis import (
    ApiSelector,
    FoundApi,
    account_region_words,
    listed,
    manifest_names,
    read_live,
    selected,
)
from reconciler.errors import ApiNotFound
from reconciler.manifest import writer
from reconciler.manifest.writer import File, Layout, OmittedMethod, Subject
from reconciler.models.live import ApiSummary
from reconciler.models.targets import Coordinates, Kind
from reconciler.parallel import in_parallel
from reconciler.ports import Cloud, Connection

__all__ = ["ApiSelector", "ExportRequest", "Exported", "export"]


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Which APIs to export, and how; `named` None: every API of the region."""

    named: Sequence[ApiSelector] | None
    layout: Layout = field(default_factory=Layout)
    coordinates: Coordinates = field(default_factory=Coordinates)
    parallelism: int = 8


@dataclass(frozen=True, slots=True)
class Exported:
    """The files, the methods that no manifest can express, and the APIs that were skipped, with the reason."""

    files: tuple[File, ...]
    omitted: tuple[OmittedMethod, ...] = ()
    passed_over: tuple[tuple[ApiSummary, str], ...] = ()


def export(request: ExportRequest, cloud: Cloud) -> Exported:
    """Find the APIs, read them in parallel, and make their manifests.

    Raises ApiNotFound (also where `named` is None and no API has a response), WrongProtocol for an HTTP API by its name
    or id, AwsError, Interrupted.
    """
    connection = cloud.connect(request.coordinates)
    kinds = Kind if request.named is None else dict.fromkeys(selector.kind for selector in request.named)
    apis = [api for kind in kinds for api in listed(kind, connection.reader)]
    chosen = selected(request.named, apis, connection)
    lives = in_parallel(lambda api: read_live(api, connection), chosen, request.parallelism)
    names = manifest_names(apis)
    subjects = [api.subject(names[api], live) for api, live in zip(chosen, lives, strict=True)]
    if request.named is None:
        return _everything(apis, subjects, request.layout, connection)
    written = writer.write(_in_order(subjects), request.layout)
    return Exported(written.files, written.omitted)


def _everything(
    apis: Sequence[FoundApi], subjects: Sequence[Subject], layout: Layout, connection: Connection
) -> Exported:
    """Export the APIs that have responses: nobody who names no API wants empty manifests."""
    full = [subject for subject in subjects if subject.contents()]
    if not full:
        raise ApiNotFound(
            f"no API has integration responses in {account_region_words(connection)}", "check region and credentials"
        )
    written = writer.write(_in_order(full), layout)
    ids = {subject.live.target.api_id for subject in full}
    passed_over = [
        (api.summary, "it has no integration responses" if api.has_responses else _no_such_kind(api.summary))
        for api in apis
        if api.summary.id not in ids
    ]
    return Exported(written.files, written.omitted, tuple(passed_over))


def _no_such_kind(api: ApiSummary) -> str:
    return f"an {api.protocol} API has no integration responses"


def _in_order(subjects: Iterable[Subject]) -> list[Subject]:
    return sorted(subjects, key=lambda subject: subject.name)
