"""reconciler explain, when it runs."""

import shutil
import sys
from typing import Final

from reconciler.cli.options.format import DisplayOptions, Output
from reconciler.cli.terminal.output import emit
from reconciler.engine.explain import find_rules
from reconciler.errors import ExitCode
from reconciler.views.explain import explain_view, list_view

_WIDEST: Final = 100
_NARROWEST: Final = 40
_NO_TERMINAL: Final = 80


def run(rules: tuple[str, ...], outputs: tuple[Output, ...], display: DisplayOptions) -> ExitCode:
    """Explain the rules, or list all of them."""
    found, style, width = find_rules(rules), display.style(), _width()
    view = explain_view(found, style, width) if found else list_view(style, width)
    return emit(outputs, view, ExitCode.OK)


def _width() -> int:
    """Return the columns of the text: the terminal's, within bounds."""
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else _NO_TERMINAL
    return max(_NARROWEST, min(columns, _WIDEST))
