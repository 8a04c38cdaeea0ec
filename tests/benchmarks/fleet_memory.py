"""How much memory and time a drift run over many APIs takes: `python tests/benchmarks/fleet_memory.py [APIS]...`.

Each API has 100 responses and a manifest of its own. The APIs are in memory, and all of them are one API under several
names, so that AWS's side takes no memory of its own. Each size runs in a process of its own, and its peak is compared
with that of the size before it: what each further declared response adds is the number that has a goal.
"""

import gc
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from reconciler.aws.clock import SystemClock
from reconciler.engine.drift.drift import drift
from reconciler.engine.load.request import Request
from reconciler.manifest import Disk
from reconciler.models.live import ApiSummary, LiveApi, LiveMethod, LiveScope
from reconciler.models.targets import Coordinates, Target
from reconciler.ports import Connection
from reconciler.sandbox.building import big_api, big_response
from reconciler.sandbox.gateway import InMemoryCloud, InMemoryReader

VERBS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
STATUSES: Final = (
    *("200", "400", "401", "403", "404", "405", "406", "408", "409", "410"),
    *("412", "413", "415", "422", "429", "500", "501", "502", "503", "504"),
)
PER_API: Final = len(VERBS) * len(STATUSES)

SIZES: Final = (40, 400, 5_000)
JSON: Final = "application/json"
GOAL: Final = 1.5
"""KB for each declared response."""


class _Repeated(InMemoryReader):
    """Reads one API under many names, which are in its templates too: no text is in memory for two APIs."""

    apis = 0
    api_id = ""

    def rest_apis(self) -> Sequence[ApiSummary]:
        """List it once for each name."""
        return [ApiSummary(f"api{number:07}", _name(number)) for number in range(self.apis)]

    def rest_api(self, target: Target) -> LiveApi:
        """Read it again, as every API is read."""
        live = super().rest_api(replace(target, api_id=self.api_id))
        methods = {scope: _named(method, target) for scope, method in live.methods.items()}
        return replace(live, target=target, methods=methods)


def _named(method: LiveScope, target: Target) -> LiveScope:
    if not isinstance(method, LiveMethod):
        return method
    responses = {
        code: replace(response, response_templates={JSON: _own(text, target.api_name or "")})
        for code, response in method.responses.items()
        for text in response.response_templates.values()
    }
    return replace(method, responses=responses)


def _own(template: str, name: str) -> str:
    return template.replace('"status"', f'"{name}"')


class _RepeatedCloud(InMemoryCloud):
    """An account with so many APIs that are one."""

    def __init__(self, apis: int) -> None:
        super().__init__()
        self._reader = _Repeated(self.plane())
        self._reader.apis = apis
        self._reader.api_id = big_api(self.plane(), 1, len(VERBS), len(STATUSES))

    def connect(self, coordinates: Coordinates) -> Connection:
        """Return a connection to it."""
        return replace(super().connect(coordinates), reader=self._reader)


def _name(number: int) -> str:
    return f"api-{number:05}"


def _manifest(name: str) -> Iterator[str]:
    """Yield the lines of a manifest, as people write them."""
    yield f"apiVersion: reconciler/v1\nkind: RestApi\nmetadata: {{name: {name}}}\nspec:\n  api: {{name: {name}}}"
    yield "  resources:\n    /r0000:"
    for verb in VERBS:
        yield f"      {verb}:\n        responses:"
        for status in STATUSES:
            fields = big_response(status)
            yield f"          {status}:"
            if "selectionPattern" in fields:
                yield f"            selectionPattern: '{fields['selectionPattern']}'"
            yield "            responseParameters:"
            yield from (f'              {key}: "{value}"' for key, value in fields["responseParameters"].items())
            yield "            responseTemplates:"
            yield f"              {JSON}: '{_own(fields['responseTemplates'][JSON], name)}'"


class Measured(NamedTuple):
    """Seconds for the whole run, those of them in which it ran, and MB at the peak."""

    seconds: float
    cpu: float
    megabytes: float


def measure(apis: int) -> Measured:
    """Run in a process of its own, because a peak never falls."""
    with tempfile.TemporaryDirectory() as folder:
        for name in map(_name, range(apis)):
            Path(folder, f"{name}.yaml").write_text("\n".join(_manifest(name)), encoding="utf-8")
        child = subprocess.run(
            [sys.executable, __file__, "--child", folder, str(apis)], stdout=subprocess.PIPE, check=True, text=True
        )
    return Measured(*map(float, child.stdout.split()))


def _child(folder: str, apis: int) -> None:
    cloud = _RepeatedCloud(apis)
    gc.set_threshold(100_000)  # as the command does
    started, cpu = time.perf_counter(), time.process_time()
    result = drift(Request((folder,)), cloud, Disk(), SystemClock(threading.Event()))
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    if result.summary.in_sync != apis * PER_API:
        sys.exit(f"not in sync: {result.summary}")
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    sys.stdout.write(f"{seconds} {cpu} {kilobytes / 1024}\n")


def main(arguments: list[str]) -> None:
    """Measure these sizes."""
    if arguments[:1] == ["--child"]:
        _child(arguments[1], int(arguments[2]))
        return
    before: tuple[int, Measured] | None = None
    for apis in map(int, arguments or SIZES):
        measured = measure(apis)
        line = f"{apis:6,} APIs, {apis * PER_API:8,} responses"
        line += f"  {measured.seconds:6.1f} s, cpu {measured.cpu:5.1f} s  {measured.megabytes:5.0f} MB"
        if before:
            further = (apis - before[0]) * PER_API
            each = (measured.megabytes - before[1].megabytes) * 1024 / further
            micros = (measured.cpu - before[1].cpu) / further * 1e6
            line += f"  each further response {each:5.2f} KB (goal: {GOAL}), cpu {micros:4.0f} us"
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
        before = apis, measured


if __name__ == "__main__":
    main(sys.argv[1:])
