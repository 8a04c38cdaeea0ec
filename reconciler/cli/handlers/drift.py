"""reconciler drift, when it runs."""

import sys
from dataclasses import replace
from functools import partial

from reconciler.cli.follow_up import follow_up, report_quietly
from reconciler.cli.options.aws import AwsOptions
from reconciler.cli.options.event import check_event
from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.history import HistoryOptions
from reconciler.cli.options.remediate import RemediateOptions
from reconciler.cli.options.scrutiny import ScrutinyOptions
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.options.shard import ShardOptions
from reconciler.cli.options.timeouts import TimeoutOptions
from reconciler.cli.request import request
from reconciler.cli.session import Session, session
from reconciler.cli.terminal.earlier_metrics import earlier_metrics
from reconciler.cli.terminal.input_files import InputFiles, check_files
from reconciler.cli.terminal.output import emit, say
from reconciler.cli.terminal.reading import reading_shown
from reconciler.engine.coverage.drift_coverage import with_coverage as add_coverage
from reconciler.engine.drift.blame import with_blame
from reconciler.engine.drift.connections import ConnectionLog
from reconciler.engine.drift.drift import drift
from reconciler.engine.drift.event import drift_of_events
from reconciler.engine.drift.result import Drift
from reconciler.engine.read.misaddressed import ListingCache
from reconciler.engine.read.watch import run_time
from reconciler.errors import ExitCode, UsageError
from reconciler.fleet.event import MAX_BYTES, REMEDY, ApiEvent, Event, read_event
from reconciler.render.style import printable
from reconciler.views.drift import drift_view
from reconciler.views.drift_metrics import earlier_drift


def run(  # noqa: PLR0913 - the options of the command
    *,
    display: DisplayOptions,
    select: SelectOptions,
    aws: AwsOptions,
    scrutiny: ScrutinyOptions,
    outputs: tuple[Output, ...],
    stages: tuple[str, ...],
    no_stages: bool,
    following: HistoryOptions,
    event_file: str | None,
    with_coverage: bool,
    timeouts: TimeoutOptions,
    log_format: str,
    sharding: ShardOptions,
    remediation: RemediateOptions,
) -> ExitCode:
    """Compare AWS with the manifests and show the drift."""
    if stages and no_stages:
        message = "--stage and --no-stages cannot be used together"
        raise UsageError(message, "omit one of them")
    remediation.check(history=following.history)
    is_measured = any(output.format == "prometheus" for output in outputs)
    is_part = sharding.choice is not None
    check_event(event_file, {"--coverage": with_coverage, "--format prometheus": is_measured, "--shard": is_part})
    if is_measured and select.only:
        message = "--format prometheus and --only cannot be used together: metrics are of whole manifests"
        raise UsageError(message, "omit one of them")
    event = _event(event_file, display) if event_file is not None else None
    load_request = replace(scrutiny.added_to(request(select)), compares_stages=not no_stages, stages=stages)
    load_request = sharding.added_to(timeouts.added_to(load_request))
    load_request = replace(load_request, any_environment=event is not None)
    run_drift = partial(drift_of_events, (event,)) if event else drift
    with session(aws, load_request) as ports, reading_shown(display, ports.clock, log_format) as reading:
        steps = follow_up(following, ports.request, ports.files, ports.clock)
        cloud, cache = ConnectionLog(ports.cloud), ListingCache()
        with run_time(ports.request, ports.clock.monotonic()):
            result = run_drift(ports.request, cloud, ports.files, ports.clock, stop=ports.stop, cache=cache)
            if with_coverage:
                result = add_coverage(result, ports.request, cloud, ports.files, ports.clock, cache)
            if scrutiny.blame:
                result = with_blame(result, cloud, ports.request.parallelism)
        result = steps.begin(result)
        if remediation.remediate:
            result = _remediated(result, remediation, ports)
        result = steps.finish(result)
        if display.quiet:
            report_quietly(result)
        run = result.facts.run
        reading.log_run(result.summary.counts, run.seconds, run.usage, run.stopped, result.exit_code)
        ports.stop.report()
        view = drift_view(result, select.report_key, display.style(), lambda: earlier_metrics(outputs, earlier_drift))
        return emit(outputs, view, result.exit_code)


def _event(name: str, display: DisplayOptions) -> Event:
    """Read the event, and report on stderr what it says."""
    check_files({"--event": name})
    file = InputFiles(MAX_BYTES, REMEDY).read("--event", name)
    event = read_event(file.content, file.name)
    if isinstance(event, ApiEvent) and not display.quiet:
        say(f"event: {printable(event.sentence)}")
    return event


def _remediated(result: Drift, options: RemediateOptions, ports: Session) -> Drift:
    from reconciler.cli.runs_folder import journal_location, journaled_run  # noqa: PLC0415 - few runs remediate
    from reconciler.cli.terminal.prompt import confirmed  # noqa: PLC0415
    from reconciler.engine.drift import remediate  # noqa: PLC0415
    from reconciler.engine.run_ports import Unattended  # noqa: PLC0415

    protected = remediate.protected_environments(result)
    if protected and not options.yes and sys.stdin.isatty() and not confirmed("Apply the manifests?", protected):
        return remediate.not_approved(result)
    location = journal_location(ports.request, options.journal_of_remediation)
    run = journaled_run(ports, Unattended(), location)
    limits = remediate.RemediationLimits(options.expect_revision, options.oldest)
    return remediate.remediate(result, ports.request, run, limits)
