"""reconciler drift, when it runs."""

from dataclasses import replace

from reconciler.cli.follow_up import follow_up, report_quietly
from reconciler.cli.options.aws import AwsOptions
from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.history import HistoryOptions
from reconciler.cli.options.remediate import RemediateOptions
from reconciler.cli.options.scrutiny import ScrutinyOptions
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.options.shard import ShardOptions
from reconciler.cli.options.timeouts import TimeoutOptions
from reconciler.cli.request import request
from reconciler.cli.session import Session, session
from reconciler.cli.terminal.output import emit
from reconciler.cli.terminal.reading import reading_shown
from reconciler.engine.drift.blame import with_blame
from reconciler.engine.drift.connections import ConnectionLog
from reconciler.engine.drift.drift import drift, run_time
from reconciler.engine.drift.result import Drift
from reconciler.errors import ExitCode, UsageError
from reconciler.views.drift import drift_view


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
    load_request = replace(scrutiny.added_to(request(select)), compares_stages=not no_stages, stages=stages)
    load_request = sharding.added_to(timeouts.added_to(load_request))
    with session(aws, load_request) as ports, reading_shown(display, ports.clock, log_format) as reading:
        steps = follow_up(following, ports.request, ports.files, ports.clock)
        cloud = ConnectionLog(ports.cloud)
        with run_time(ports.request, ports.clock.monotonic()):
            result = drift(ports.request, cloud, ports.files, ports.clock, stop=ports.stop)
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
        return emit(outputs, drift_view(result, select.report_key, display.style()), result.exit_code)


def _remediated(result: Drift, options: RemediateOptions, ports: Session) -> Drift:
    from reconciler.cli.runs_folder import journal_location, journaled_run  # noqa: PLC0415 - few runs remediate
    from reconciler.engine.drift.remediate import RemediationLimits, remediate  # noqa: PLC0415
    from reconciler.engine.run_ports import Unattended  # noqa: PLC0415

    location = journal_location(ports.request, options.journal_of_remediation)
    run = journaled_run(ports, Unattended(), location)
    return remediate(result, ports.request, run, RemediationLimits(options.expect_revision, options.oldest))
