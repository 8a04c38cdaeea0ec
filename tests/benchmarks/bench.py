"""How fast it is: `python tests/benchmarks/bench.py [PART]...`; without PART, all of them.

The parts are start, validate, export, compare, plan, saved, review, journal, render, tests, calls and commands.

Prints numbers beside what they should be; judges nothing, for they say as much about the machine. Start-up, `validate`
and `review` are measured as whole commands, from outside; writing manifests, comparing, planning, saving and journaling
in this process, without reading. "cpu" is what the same would take on a machine with nothing else to do. Calls are
counted, not timed: they take the time of real runs.
"""

import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from reconciler.aws.clock import SystemClock
from reconciler.cli.options.format import FORMATS
from reconciler.diff import compare
from reconciler.documents.canonical import canonical
from reconciler.engine.load.request import Request
from reconciler.engine.plan import plan as plan_workflow
from reconciler.engine.saved_plan import saved_document as saved_plan
from reconciler.guard import judge
from reconciler.journal import Beginning, begin
from reconciler.lint import check, downgrade_unplanned
from reconciler.manifest import Disk
from reconciler.manifest.writer import Layout, Subject, write
from reconciler.mapping.exchange import ClientRequest
from reconciler.mapping.rendering import TemplateInputs
from reconciler.mapping.template import render as render_template
from reconciler.models.desired import Desired
from reconciler.models.live import LiveApi
from reconciler.models.targets import ApiRef, Target
from reconciler.plan import Plan, make_plan
from reconciler.planfile import understood, written
from reconciler.sandbox.building import big_api, big_response
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.sandbox.server import serve

T = TypeVar("T")

ROOT: Final = Path(__file__).parents[2]
COMMAND: Final = str(Path(sys.executable).with_name("reconciler"))

SIZES: Final = (2_500, 5_000, 10_000, 20_000)
VERBS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
STATUSES: Final = (
    *("200", "400", "401", "403", "404", "405", "406", "408", "409", "410"),
    *("412", "413", "415", "422", "429", "500", "501", "502", "503", "504"),
)
PER_RESOURCE: Final = len(VERBS) * len(STATUSES)


# A process of its own, because a child's peak begins with the memory of whoever starts it (Linux, getrusage).
_MEASURE: Final = """
import os, subprocess, sys, time
begun = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, used = os.wait4(process.pid, 0)
seconds = time.perf_counter() - begun
print(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss, os.waitstatus_to_exitcode(status))
"""


class Spent(NamedTuple):
    """What a command took: seconds, those of them in which it ran, and MB at its peak."""

    seconds: float
    cpu: float
    megabytes: float


def spent(*command: str, environment: Mapping[str, str] | None = None, folder: Path = ROOT) -> Spent:
    """Run a command once and measure it. Fails where the command does, except with 2 for differences."""
    measured = subprocess.run(
        [sys.executable, "-c", _MEASURE, *command], cwd=folder, env=environment, stdout=subprocess.PIPE, check=True
    )
    seconds, cpu, peak, code = measured.stdout.split()
    if int(code) not in {0, 2}:
        raise subprocess.CalledProcessError(int(code), command)
    kilobytes = int(peak) / (1024 if sys.platform == "darwin" else 1)
    return Spent(float(seconds), float(cpu), kilobytes / 1024)


def manifest(responses: int, changed: int = 0) -> str:
    """A manifest of the API that `big_api` makes with so many responses; so many of them have another template."""
    lines = ["apiVersion: reconciler/v1", "kind: RestApi", "metadata: {name: big}", "spec:", "  api: {name: big}"]
    lines.append("  resources:")
    number = 0
    for resource in range(responses // PER_RESOURCE):
        lines.append(f"    /r{resource:04}:")
        for verb in VERBS:
            lines += [f"      {verb}:", "        responses:"]
            for status in STATUSES:
                lines += _response(status, changed=number < changed)
                number += 1
    return "\n".join([*lines, ""])


def _response(status: str, *, changed: bool) -> Iterator[str]:
    fields = big_response(status)
    yield f"          {status}:"
    if "selectionPattern" in fields:
        yield f"            selectionPattern: '{fields['selectionPattern']}'"
    yield "            responseParameters:"
    for name, value in fields["responseParameters"].items():
        yield f'              {name}: "{value}"'
    yield "            responseTemplates:"
    for content_type, template in fields["responseTemplates"].items():
        text = template.replace('"status"', '"code"') if changed else template
        yield f"              {content_type}: '{text}'"


@contextmanager
def manifest_file(responses: int, changed: int = 0) -> Iterator[str]:
    """A file with such a manifest."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "big.yaml"
        file.write_text(manifest(responses, changed), encoding="utf-8")
        yield str(file)


def best(measure: Callable[[], Spent], times: int) -> Spent:
    """The least of several measurements: what the machine can do when it does nothing else."""
    return min((measure() for _ in range(times)), key=lambda one: one.cpu)


def seconds(took: Spent) -> str:
    """How long it took."""
    return f"{took.seconds:5.2f} s, cpu {took.cpu:5.2f} s"


def show(what: str, *values: str) -> None:
    """One line of the result."""
    sys.stdout.write(f"{what:<44} {'  '.join(values)}\n")
    sys.stdout.flush()


def start() -> None:
    """Cold starts, beside a bare interpreter."""
    bare = _median(sys.executable, "-c", "pass")
    show("bare interpreter", f"median {bare.seconds * 1e3:4.0f} ms", f"cpu {bare.cpu * 1e3:4.0f} ms")
    for what, arguments, goal in (
        ("--version", ["--version"], "goal: within 5 x bare"),
        ("--help", ["--help"], ""),
        ("validate samples/petstore", ["validate", "samples/petstore"], "goal: 400 ms"),
    ):
        median = _median(COMMAND, *arguments)
        times = f"{median.cpu / bare.cpu:4.1f} x bare"
        show(what, f"median {median.seconds * 1e3:4.0f} ms", f"cpu {median.cpu * 1e3:4.0f} ms", times, goal)


def _median(*command: str) -> Spent:
    runs = [spent(*command) for _ in range(15)]
    return Spent(*(statistics.median(column) for column in zip(*runs, strict=True)))


def validate() -> None:
    """Whole runs of `validate`, by size: linear when what each further response takes stays the same."""
    before = (0, best(lambda: spent(COMMAND, "validate", "samples/minimal.yaml"), 5).cpu)
    for size in SIZES:
        with manifest_file(size) as file:
            took = best(lambda file=file: spent(COMMAND, "validate", file), 5)  # type: ignore[misc]
        goal = "goal: 1.0 s, 200 MB" if size == SIZES[2] else ""
        each = f"{(took.cpu - before[1]) / (size - before[0]) * 1e6:4.0f} us each further one"
        before = (size, took.cpu)
        show(f"validate, {size:,} responses", seconds(took), f"{took.megabytes:4.0f} MB", each, goal)


def export() -> None:
    """Writing a manifest of what was read, by size."""
    for size in SIZES:
        cloud = InMemoryCloud()
        big_api(cloud.plane(), size // PER_RESOURCE, len(VERBS), len(STATUSES))
        subject = Subject("big", ApiRef(name="big"), _read(cloud, size, 0)[1])
        export, took = timed(lambda subject=subject: write([subject], Layout()))  # type: ignore[misc]
        each = f"{took / size * 1e6:4.0f} us each"
        show(f"export, {size:,} responses", f"cpu {took:5.2f} s", each, f"{len(export.files[0].text) / 1e6:5.1f} MB")


def comparing() -> None:
    """Comparing alone, with a change in every response: nearly all of it is DeepDiff."""
    for size in SIZES:
        cloud = InMemoryCloud()
        big_api(cloud.plane(), size // PER_RESOURCE, len(VERBS), len(STATUSES))
        desired, live = _read(cloud, size, size)
        _, took = timed(lambda desired=desired, live=live: compare(desired, live))  # type: ignore[misc]
        goal = "goal: 1.5 s" if size == SIZES[2] else ""
        show(f"compare, {size:,} changed responses", f"cpu {took:5.2f} s", f"{took / size * 1e6:4.0f} us each", goal)


def plan() -> None:
    """Comparing, ordering, checking and judging, by size and number of changes; reading is over by then."""
    for size in SIZES:
        cloud = InMemoryCloud()
        big_api(cloud.plane(), size // PER_RESOURCE, len(VERBS), len(STATUSES))
        for changed in (0, size // 10, size):
            took, actions = min(_planned(*_read(cloud, size, changed)) for _ in range(3))
            goal = f"goal: {0.5 if changed < size else 2.0} s" if size == SIZES[2] else ""
            each = f"{took / size * 1e6:4.0f} us each"
            show(f"plan, {size:,} responses, {actions:,} changes", f"cpu {took:5.2f} s", each, goal)


def _read(cloud: InMemoryCloud, size: int, changed: int) -> tuple[Desired, LiveApi]:
    with manifest_file(size, changed) as file:
        read = plan_workflow(Request((file,)), cloud, Disk(), SystemClock(threading.Event())).reads[0]
    return read.desired, read.live


def _planned(desired: Desired, live: LiveApi) -> tuple[float, int]:
    """Seconds of cpu for all that a plan takes once both sides are read, and how many actions it has."""
    gc.collect()
    begun = time.process_time()
    made = make_plan(desired, live)
    downgrade_unplanned((*check(desired, live), *made.diagnostics), made.written)
    judge(Plan((made,)), ())
    return time.process_time() - begun, len(made.actions)


def saved() -> None:
    """Writing a plan down, reading it back, and whether it is the same work, by number of changes."""
    for size in SIZES:
        cloud = InMemoryCloud()
        big_api(cloud.plane(), size // PER_RESOURCE, len(VERBS), len(STATUSES))
        with manifest_file(size, size) as file:
            request = Request((file,))
            document = saved_plan(
                plan_workflow(request, cloud, Disk(), SystemClock(threading.Event())), request, Disk()
            )
        text, writing = timed(lambda document=document: written(document))  # type: ignore[misc]
        again, reading = timed(lambda text=text: understood(text.encode("ascii"), "plan.json"))  # type: ignore[misc]
        is_same, comparing = timed(lambda one=document, other=again: canonical(one) == canonical(other))  # type: ignore[misc]
        times = f"write {writing:5.2f} s", f"read {reading:5.2f} s", f"compare {comparing:5.2f} s"
        show(
            f"saved plan, {size:,} changes", *times, f"{len(text) / 1e6:5.1f} MB", "same" if is_same else "NOT THE SAME"
        )


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What it gives, and the seconds of cpu that it takes at best."""
    took = []
    for _ in range(3):
        gc.collect()
        begun = time.process_time()
        given = work()
        took.append(time.process_time() - begun)
    return given, min(took)


def review() -> None:
    """Whole runs of `review` on 10,000 responses, between a commit and the working tree."""
    size = SIZES[2]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "big.yaml").write_text(manifest(size), encoding="utf-8")
        for arguments in (["init", "-q", "-b", "main"], ["add", "."], [*_SOMEBODY, "commit", "-q", "-m", "base"]):
            subprocess.run(["git", *arguments], cwd=folder, check=True)  # noqa: S607 - the user's own git
        for changed in (0, size // 10, size):
            (folder / "big.yaml").write_text(manifest(size, changed), encoding="utf-8")
            for one in ("text", "markdown"):
                took = spent(COMMAND, "review", "big.yaml", "--base", "main", "--format", one, folder=folder)
                show(f"review --format {one}, {changed:,} changes", seconds(took), f"{took.megabytes:4.0f} MB")


_SOMEBODY: Final = ("-c", "user.name=a", "-c", "user.email=a@example.com")


def journal() -> None:
    """What a line of the journal, there to stay, adds to an action, beside the bare promise of the disk."""
    times, target = 1_000, Target("123456789012", "eu-west-1", "a1b2c3d4e5")
    clock = SystemClock(threading.Event())
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        run = begin(Path(name, "runs"), "{}", Beginning("apply", "host", os.getpid(), clock.now()), clock.now)
        begun = time.perf_counter()
        for number in range(times):
            run.started(target, str(number), "petstore: GET /pets 404")
            run.finished(target, str(number), "applied", "")
        lines = time.perf_counter() - begun
        run.close()
        with Path(name, "bare").open("wb", buffering=0) as file:
            begun = time.perf_counter()
            for _ in range(times):
                file.write(b"a line\n")
                os.fsync(file.fileno())
            bare = time.perf_counter() - begun
    each = f"{lines / times * 1e6:4.0f} us each", f"of that fsync {bare / times * 1e6:4.0f} us"
    show(f"journal, {times:,} actions", *each)


FLAT_TEMPLATE: Final = (
    """#set($root = $input.path('$'))
{
"""
    + "".join(
        f'  "field{number:02}": "$root.name{number:02}", "id{number:02}": $root.id{number:02},\n'
        for number in range(17)
    )
    + """  "trace": "$input.params('X-Trace')",
  "request": "$context.requestId"
}"""
)
NESTED_TEMPLATE: Final = """#set($root = $input.path('$'))
[
#foreach($order in $root.orders)
  {"id": "$order.id.S", "lines": [
    #foreach($line in $order.lines.L)
    {"sku": "$line.M.sku.S", "count": $line.M.count.N}#if($foreach.hasNext),#end
    #end
  ]}#if($foreach.hasNext),#end
#end
]"""


def render() -> None:
    """Templates rendered per second, by one process."""
    for what, template, body, goal in (
        ("flat template", FLAT_TEMPLATE, _flat_body(), 5_000),
        ("nested loops", NESTED_TEMPLATE, _nested_body(), 1_500),
    ):
        inputs = TemplateInputs(body, ClientRequest(headers={"X-Trace": "t-1"}), {"requestId": "r-1"})
        bytes_read = f"{len(template):5,} bytes over {len(body):5,}"
        wall, cpu = min(_render_often(template, inputs) for _ in range(5))
        rates = (f"{RENDERINGS / took:6,.0f} a second" for took in (wall, cpu))
        show(
            f"render, {what}, {bytes_read}",
            *(f"{name} {rate}" for name, rate in zip(("wall", "cpu"), rates, strict=True)),
            f"goal: {goal:,}",
        )


RENDERINGS: Final = 2_000


def _render_often(template: str, inputs: TemplateInputs) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(RENDERINGS):
        render_template(template, inputs)
    return time.perf_counter() - wall, time.process_time() - cpu


def _flat_body() -> str:
    return json.dumps(
        {f"name{number:02}": f"n{number}" for number in range(17)} | {f"id{number:02}": number for number in range(17)}
    )


def _nested_body() -> str:
    lines = [{"M": {"sku": {"S": f"s{number}"}, "count": {"N": str(number)}}} for number in range(5)]
    return json.dumps({"orders": [{"id": {"S": f"o{number}"}, "lines": {"L": lines}} for number in range(5)]})


def tests() -> None:
    """Response tests of one manifest, each with a template of nested loops, as whole commands."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tests.yaml"
        for number in (1_000, 4_000):
            file.write_text(_response_tests(number), encoding="utf-8")
            for processes in ("1", "2"):
                arguments = ("test", str(file), "--parallelism", processes)
                took = best(lambda arguments=arguments: spent(COMMAND, *arguments), 3)  # type: ignore[misc]
                goal = "goal: 2.0 s" if number == 1_000 else ""
                what = f"test, {number:,} tests, --parallelism {processes}"
                show(what, seconds(took), f"{took.megabytes:4.0f} MB", goal)


def _response_tests(number: int) -> str:
    """A manifest of 100 methods, and tests for them."""
    manifest_ = {
        "apiVersion": "reconciler/v1",
        "kind": "RestApi",
        "metadata": {"name": "orders"},
        "spec": {
            "api": {"name": "orders"},
            "resources": {
                f"/orders{path}": {"GET": {"responses": {"200": {"responseTemplates": {"a/b": NESTED_TEMPLATE}}}}}
                for path in range(100)
            },
        },
    }
    body = json.loads(_nested_body())
    tests_ = [
        {
            "name": f"test {each}",
            "method": f"GET /orders{each % 100}",
            "backend": {"lambda": {**body, "orders": body["orders"][:2]}},
            "expect": {"status": 200, "selected": "200"},
        }
        for each in range(number)
    ]
    document = {
        "apiVersion": "reconciler/v1",
        "kind": "ResponseTest",
        "metadata": {"name": "orders"},
        "spec": {"manifest": "orders", "tests": tests_},
    }
    return f"{json.dumps(manifest_, indent=1)}\n---\n{json.dumps(document, indent=1)}\n"


def calls() -> None:
    """Calls that commands send, on an API of 1,000 responses that one stage serves."""
    with serve() as server, tempfile.TemporaryDirectory() as name:
        plane = server.aws.plane()
        plane.call("CreateDeployment", restApiId=big_api(plane, 10, len(VERBS), len(STATUSES)), stageName="prod")
        environment = server.environment_over(os.environ)
        for what, changed, arguments in (
            ("drift --no-stages", 0, ["drift", "--no-stages"]),
            ("drift", 0, ["drift"]),
            ("status", 0, ["status"]),
            ("plan", 10, ["plan"]),
            ("plan --deploy", 10, ["plan", "--deploy"]),
            ("apply, nothing to do", 0, ["apply", "--yes"]),
            ("apply --deploy, 1 change", 1, ["apply", "--yes", "--deploy"]),
            ("apply --deploy, 10 more changes", 11, ["apply", "--yes", "--deploy"]),
            ("rollback of these", 0, ["rollback", "latest", "--yes"]),
        ):
            file = Path(name, "big.yaml")
            file.write_text(manifest(1_000, changed).replace("spec:\n", f"spec:\n{_PROD}"), encoding="utf-8")
            plane.calls.clear()
            given = [] if arguments[0] == "rollback" else [str(file)]
            spent(COMMAND, *arguments, *given, environment=environment, folder=Path(name))
            told = Counter(call.operation for call in plane.calls)
            show(
                f"calls, {what}", f"{sum(told.values()):4}", ", ".join(f"{times} {one}" for one, times in told.items())
            )


_PROD: Final = "  deploy: {stages: [prod]}\n"


def commands() -> None:
    """Whole commands on 10,000 responses, against the sandbox's server, which has its part in the time."""
    size, forced = SIZES[2], ["plan", "--force", "maxUpdate"]
    with serve() as server:
        big_api(server.aws.plane(), size // PER_RESOURCE, len(VERBS), len(STATUSES))
        environment = server.environment_over(os.environ)
        for what, changed, arguments in (
            ("drift, in sync", 0, ["drift", "-q"]),
            ("plan, no changes", 0, ["plan"]),
            ("plan, 1,000 changes", size // 10, ["plan"]),
            ("plan, 10,000 changes", size, forced),
            *((f"plan --format {one}, 10,000 changes", size, [*forced, "--format", one]) for one in FORMATS[1:]),
        ):
            with manifest_file(size, changed) as file:
                took = spent(COMMAND, *arguments, file, environment=environment)
            show(what, seconds(took), f"{took.megabytes:4.0f} MB")


PARTS: Final = {
    "start": start,
    "validate": validate,
    "export": export,
    "compare": comparing,
    "plan": plan,
    "saved": saved,
    "review": review,
    "journal": journal,
    "render": render,
    "tests": tests,
    "calls": calls,
    "commands": commands,
}


def main(names: list[str]) -> None:
    """Measure these parts, or all of them."""
    for name in names or PARTS:
        PARTS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
