"""export --format terraform or cloudformation, when it runs: what to take out of the other tool."""

from collections.abc import Callable, Sequence

from reconciler.cli.exchange import say_problems
from reconciler.cli.options.format import Output
from reconciler.cli.terminal.input_files import InputFiles, check_files
from reconciler.engine.export.export import Exported
from reconciler.engine.takeover.cloudformation import cloudformation_takeover
from reconciler.engine.takeover.responses import taken_responses
from reconciler.engine.takeover.state import StateResource, read_state
from reconciler.engine.takeover.template import TemplateContents, read_template
from reconciler.engine.takeover.terraform import terraform_takeover
from reconciler.errors import ReconcilerError, UsageError
from reconciler.views.takeover import cloudformation_text, terraform_text

_OPTIONS = {"--state": "terraform", "--template": "cloudformation"}


class OtherTool:
    """The formats for other tools, and the files that are read for them."""

    def __init__(self, outputs: Sequence[Output], states: Sequence[str], templates: Sequence[str]) -> None:
        self._formats = {output.format for output in outputs} - {"text"}
        self._names = {"--state": states, "--template": templates}
        self._state: list[StateResource] = []
        self._templates: list[TemplateContents] = []

    def check(self, *, is_live: bool) -> None:
        """Raise UsageError for files that no format needs, and for formats without live APIs."""
        for option, names in self._names.items():
            if names and _OPTIONS[option] not in self._formats:
                raise UsageError(f"{option} is for --format {_OPTIONS[option]}", f"add that format, or omit {option}")
            for name in names:
                check_files({option: name})
        if self._formats and not is_live:
            name = min(self._formats)
            raise UsageError(f"--format {name} needs live APIs", "export them with --rest-api or --websocket-api")

    def read(self) -> None:
        """Read the files, before anything else is done. Raises ReconcilerError."""
        files = InputFiles(remedy="split it")
        for name in dict.fromkeys(self._names["--state"]):
            self._state += read_state(files.read("--state", name))
        for name in dict.fromkeys(self._names["--template"]):
            contents = read_template(files.read("--template", name))
            if contents.diagnostics:
                say_problems(contents.diagnostics)
                raise ReconcilerError(f"--template {name} cannot be read", "fix it, or omit it")
            self._templates.append(contents)

    def renderings(self, exported: Exported, folder: str) -> dict[str, Callable[[], str]]:
        """Return the formats by name; `folder` has the manifests."""
        return {
            "terraform": lambda: self._terraform(exported, folder),
            "cloudformation": lambda: self._cloudformation(exported, folder),
        }

    def _terraform(self, exported: Exported, folder: str) -> str:
        state = self._state if self._names["--state"] else None
        return terraform_text(terraform_takeover(taken_responses(exported), state), folder)

    def _cloudformation(self, exported: Exported, folder: str) -> str:
        takeover = cloudformation_takeover(taken_responses(exported), self._templates)
        return cloudformation_text(takeover, folder, has_templates=bool(self._names["--template"]))
