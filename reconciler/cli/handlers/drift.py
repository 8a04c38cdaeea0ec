"""reconciler drift, when it runs."""

from dataclasses import asdict, replace

from reconciler.cli.follow_up import follow_up, report_quietly
from reconciler.cli.options.aws import AwsOptions
from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.options.history import HistoryOptions
from reconciler.cli.options.scrutiny import ScrutinyOptions
from reconciler.cli.options.select import SelectOptions
from reconciler.cli.options.shard import ShardOptions
from reconciler.cli.options.timeouts import TimeoutOptions
from reconciler.cli.request import request
from reconciler.cli.session import session
from reconciler.cli.terminal.output import emit
from reconciler.cli.terminal.reading import ReadingProgress
from reconciler.engine.drift.blame import with_blame
from reconciler.engine.drift.connections import ConnectionLog
from reconciler.engine.drift.drift import drift
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
) -> ExitCode:
    """Compare AWS with the manifests and show the drift."""
    if stages and no_stages:
        message = "--stage and --no-stages cannot be used together"
        raise UsageError(message, "omit one of them")
    load_request = replace(scrutiny.added_to(request(select)), compares_stages=not no_stages, stages=stages)
    load_request = timeouts.added_to(load_request)
    load_request = replace(load_request, choice=sharding.choice)
    with session(aws, load_request) as ports:
        steps = follow_up(following, ports.request, ports.files, ports.clock)
        cloud = ConnectionLog(ports.cloud)
        reading = ReadingProgress(ports.clock, log_format, verbose=display.verbose, quiet=display.quiet)
        with reading as progress:
            result = drift(ports.request, cloud, ports.files, ports.clock, stop=ports.stop, progress=progress)
        result = steps.begin(result)
        if scrutiny.blame:
            result = with_blame(result, cloud, ports.request.parallelism)
        result = steps.finish(result)
        if display.quiet:
            report_quietly(result)
        run = result.facts.run
        reading.log_run(asdict(result.summary), run.seconds, run.usage, run.stopped, result.exit_code)
        ports.stop.report()
        return emit(outputs, drift_view(result, select.report_key, display.style()), result.exit_code)
