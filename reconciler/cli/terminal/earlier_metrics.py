"""The file of metrics that a run replaces: it has the totals and last successes of earlier runs."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from reconciler.cli.options.format import METRICS, Output
from reconciler.cli.terminal.output import say
from reconciler.render.style import printable
from reconciler.views.run_metrics import EarlierMetrics

_MOST_BYTES: Final = 32 * 1024 * 1024


def earlier_metrics(outputs: Iterable[Output], read: Callable[[str], EarlierMetrics]) -> EarlierMetrics:
    """Return what `read` finds in the file for metrics; a file that cannot be read is a warning, and counts as new."""
    file = next((output.file for output in outputs if output.format == METRICS and output.file), None)
    if file is None or not Path(file).is_file():  # reading a pipe would wait for a writer
        return EarlierMetrics()
    try:
        with Path(file).open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise ValueError("it is too large")  # noqa: TRY301 - one warning for all that can be wrong
        return read(content.decode())
    except (OSError, ValueError) as failure:
        why = failure.strerror if isinstance(failure, OSError) else failure
        effect = "totals and last successes begin anew"
        say(printable(f"warning: the metrics of the run before cannot be read from {file}: {why}; {effect}"))
        return EarlierMetrics()
