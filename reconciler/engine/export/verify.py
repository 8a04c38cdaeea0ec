"""Verify an export: a plan on its files, against the state that was read, has to be empty.

Nothing is read again, from AWS or from the disk.
"""

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, Final

from reconciler import file_tree
from reconciler.engine.load.request import Request
from reconciler.engine.plan import Planned, plan
from reconciler.errors import ReconcilerError
from reconciler.models.keys import Scope
from reconciler.models.live import ApiSummary, LiveApi, LiveIntegration, LiveScope
from reconciler.models.project_file import FILE_NAME
from reconciler.models.targets import Coordinates, Target
from reconciler.ports import Clock, Cloud, Connection, IntegrationSelection

_ROOT: Final = "/export"
_MOST_NAMED: Final = 3


def verify(files: Mapping[str, str], overrides: Coordinates, cloud: Cloud, clock: Clock) -> None:
    """Plan the files of an export in every environment. Raises ReconcilerError unless all plans are empty."""
    request = Request((FILE_NAME,), overrides, environments=("all",))
    planned = plan(request, cloud, MemoryFiles(files), clock)
    problems = list(_problems(planned))
    if problems:
        more = f" and {len(problems) - _MOST_NAMED} more" if len(problems) > _MOST_NAMED else ""
        message = f"the manifests would not be exact: {'; '.join(problems[:_MOST_NAMED])}{more}"
        raise ReconcilerError(message, "export the environments one at a time, each into a folder of its own")


def _problems(planned: Planned) -> Iterator[str]:
    for diagnostic in planned.diagnostics:
        if diagnostic.is_error:
            yield diagnostic.message
    for refusal in planned.verdict.refusals:
        yield refusal.message
    for target in planned.plan.targets:
        for address in target.written:
            yield f"{address} differs in {target.target.environment}"


class MemoryFiles:
    """`ports.Files` of texts in memory."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._contents = {self.real(name): text.encode() for name, text in texts.items()}
        folders = {str(parent) for name in self._contents for parent in PurePath(name).parents}
        self._folders = {*folders, _ROOT}

    def expand(self, path: str) -> Sequence[str]:
        """Return the files that a PATH stands for."""
        return file_tree.expand(path, self)

    def start(self, path: str) -> str:
        """Return the folder that a PATH starts from."""
        return str(file_tree.start_folder(path, self))

    def read(self, file: str, at_most: int) -> bytes:
        """Return the content of a file."""
        content = self._contents.get(self.real(file))
        if content is None:
            raise FileNotFoundError(file)
        return content[:at_most]

    def real(self, file: str) -> str:
        """Return the absolute name."""
        return posixpath.normpath(posixpath.join(_ROOT, file))

    def names(self, folder: str) -> Sequence[str]:
        """Return the names in a folder."""
        return sorted(self.entries(PurePath(folder)))

    def ignored(self, files: Mapping[str, str]) -> Collection[str]:  # noqa: ARG002 - the port's signature
        """Return nothing: there is no repository."""
        return ()

    def is_folder(self, path: PurePath) -> bool:
        """Whether the path is a folder."""
        return self.real(str(path)) in self._folders

    def is_file(self, path: PurePath) -> bool:
        """Whether the path is a file."""
        return self.real(str(path)) in self._contents

    def is_there(self, path: PurePath) -> bool:
        """Whether the path is either."""
        return self.is_folder(path) or self.is_file(path)

    def is_link(self, path: PurePath) -> bool:  # noqa: ARG002 - the port's signature
        """Return False: nothing is linked."""
        return False

    def entries(self, folder: PurePath) -> Iterable[str]:
        """Return the names in a folder."""
        place = PurePath(self.real(str(folder)))
        return {
            PurePath(name).relative_to(place).parts[0]
            for name in self._contents
            if PurePath(name).is_relative_to(place) and PurePath(name) != place
        }


@dataclass(frozen=True, slots=True)
class ReadState:
    """What was read in an account and region: the listings by kind, and the APIs by id."""

    connection: Connection
    rest: Sequence[ApiSummary]
    websocket: Sequence[ApiSummary]
    lives: Mapping[str, LiveApi]


class ReplayedCloud:
    """A `Cloud` that answers with what was read before: `states` by environment and region."""

    def __init__(self, states: Mapping[tuple[str | None, str | None], ReadState]) -> None:
        self._states = states

    def connect(self, coordinates: Coordinates) -> Connection:
        """Return a connection to the state that was read there."""
        state = self._states[coordinates.environment, coordinates.region]
        return replace(state.connection, reader=_ReadStateReader(state))


class _ReadStateReader:
    """A `Reader` of a state that was read before; a plan on drafts calls no other method."""

    def __init__(self, state: ReadState) -> None:
        self._state = state

    def rest_apis(self) -> Sequence[ApiSummary]:
        """Return the listing."""
        return self._state.rest

    def websocket_apis(self) -> Sequence[ApiSummary]:
        """Return the listing."""
        return self._state.websocket

    def rest_api(self, target: Target) -> LiveApi:
        """Return the API that was read."""
        return replace(self._state.lives[target.api_id], target=target)

    def websocket_api(self, target: Target, listed: IntegrationSelection) -> LiveApi:
        """Return the API that was read, without the responses of integrations that are not listed."""
        live = self._state.lives[target.api_id]
        integrations = [method for method in live.methods.values() if isinstance(method, LiveIntegration)]
        methods: dict[Scope, LiveScope] = {
            listed.key(each): each if listed.covers(each) else _unread(each) for each in integrations
        }
        return replace(live, target=target, methods=methods)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any method
        """Delegate every other call."""
        return getattr(self._state.connection.reader, name)


def _unread(integration: LiveIntegration) -> LiveIntegration:
    return replace(integration, responses={}, response_ids={}, is_read=integration.is_proxy)
