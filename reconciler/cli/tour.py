"""demo: the guided tour, for real, against an API in memory.

Promise: the texts between the explanations are what the commands print (but that `apply` shows its plan once more);
nothing is faked. It stops with an error if a step ends otherwise than told.
"""

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from reconciler.engine.adopt.adopt import AdoptContext, adopt
from reconciler.engine.adopt.proposal import AdoptOptions, Proposal
from reconciler.engine.apply import Applied, Context, apply
from reconciler.engine.drift import drift
from reconciler.engine.plan import Planned, Request, plan
from reconciler.errors import ExitCode, ReconcilerError
from reconciler.findings import summarise_drift
from reconciler.invocation import command_line
from reconciler.models.targets import Target
from reconciler.ports import Clock
from reconciler.render.style import Style, counted
from reconciler.replace_files import FileReplacement
from reconciler.sandbox import demo
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.views.adopt import AdoptText, adopt_report, preview
from reconciler.views.apply import Aftermath, apply_report
from reconciler.views.drift import drift_report
from reconciler.views.plan import plan_report


class _Folder:
    """`ports.Files` of the tour: its manifests, in memory, where they may change."""

    def __init__(self) -> None:
        self.contents = {name: demo.manifest(name) for name in (demo.BOOKSHOP, demo.CHAT)}

    def replace(self, replacements: Iterable[FileReplacement]) -> None:
        """Hold what the manifests are to be."""
        self.contents |= {replacement.file: replacement.after for replacement in replacements}

    def expand(self, path: str) -> Sequence[str]:
        return (path,)

    def start(self, path: str) -> str:  # noqa: ARG002 - the port's signature
        return "."

    def read(self, file: str, at_most: int) -> bytes:
        if file not in self.contents:
            raise FileNotFoundError(file)
        return self.contents[file][:at_most]

    def real(self, file: str) -> str:
        return f"/{file}"

    def names(self, folder: str) -> Sequence[str]:  # noqa: ARG002 - the port's signature
        return sorted(self.contents)

    def ignored(self, files: Mapping[str, str]) -> Collection[str]:  # noqa: ARG002 - the port's signature
        return ()


class _Silent:
    """`ports.RunLog` of the tour: nobody listens."""

    def started(self, target: Target, action_id: str, address: str) -> None:
        pass

    def finished(self, target: Target, action_id: str, outcome: str, detail: str) -> None:
        pass

    def deploying(self, target: Target, stage: str) -> None:
        """Say nothing."""

    def deployed(self, target: Target, stage: str, before: str | None, after: str | None, detail: str) -> None:
        pass


class Tour:
    """Seven steps, each an explanation and the text of a command."""

    def __init__(self, clock: Clock, style: Style) -> None:
        self._style = style
        self._clock = clock
        self._cloud = InMemoryCloud()
        self._bookshop = demo.Bookshop(self._cloud.plane())
        demo.build_chat(self._cloud.plane())
        self._files = _Folder()
        self._request = Request((demo.BOOKSHOP,))

    def steps(self) -> Iterator[str]:
        """The texts, one after the other, as things happen."""
        yield self._say(
            "A REST API `bookshop` lives in an AWS account (a strict imitation, in this process). Somebody set its\n"
            "integration responses up by hand. From today on they are kept in a manifest:"
        )
        yield demo.manifest(demo.BOOKSHOP).decode()
        yield self._say(
            "1. What is the difference? One call reads the whole API, however many responses it has.",
            "reconciler plan bookshop.yaml --detailed-exitcode",
        )
        yield self._plan(ExitCode.DIFFERENCES)
        yield self._say(
            "2. That is what we want. Every write below is one call; a fresh read afterwards proves the result.",
            "reconciler apply bookshop.yaml --yes",
        )
        yield self._apply()
        yield self._say("3. Is there anything left to do?", "reconciler plan bookshop.yaml --detailed-exitcode")
        yield self._plan(ExitCode.OK)
        yield self._say(
            "4. At three in the morning somebody edits the pattern of 500 in the console: `.*`, which on a Lambda\n"
            "   integration turns every success into a 500 too. A cron job sees it.",
            "reconciler drift bookshop.yaml",
        )
        self._bookshop.edit_by_hand()
        self._cloud.plane().calls.clear()
        yield self._drift(ExitCode.DIFFERENCES)
        yield self._say(
            "5. The manifest still says what is right: apply puts it back.", "reconciler apply bookshop.yaml --yes"
        )
        yield self._apply()
        yield self._say(
            "6. At noon somebody adds a header to 500, also in the console. This one is meant: adopt writes it into\n"
            "   the manifest, and leaves every other byte of it as it is. AWS is only read.",
            "reconciler adopt bookshop.yaml --yes",
        )
        self._bookshop.fix_by_hand()
        self._cloud.plane().calls.clear()
        yield self._adopt()
        yield self._say("   Manifest and AWS say the same again:", "reconciler drift bookshop.yaml")
        yield self._drift(ExitCode.OK)
        yield self._say(
            "7. WebSocket APIs go the same way. Their update is a merge that cannot take a template away: the plan\n"
            "   says so, and shows the delete and the create that do.",
            "reconciler plan chat.yaml --detailed-exitcode; reconciler apply chat.yaml --yes",
        )
        self._request = Request((demo.CHAT,))
        yield self._plan(ExitCode.DIFFERENCES)
        yield self._apply()
        yield self._say(
            f"This was the tour. The README continues with your own API. For a local AWS: {command_line('sandbox')}"
        )

    def _say(self, explanation: str, command: str = "") -> str:
        shown = f"\n\n{self._style.paint(f'$ {command}', 'step')}" if command else ""
        return f"\n{self._style.paint(explanation, 'strong')}{shown}\n"

    def _told(self, text: str, code: ExitCode, expected: ExitCode) -> str:
        if code is not expected:
            message = f"the tour went wrong: exit code {code:d} instead of {expected:d}"
            raise ReconcilerError(message, text)
        calls = self._cloud.plane().calls
        counts = f"{counted(len(calls.reads()), 'read')}, {counted(len(calls.writes()), 'write')}"
        calls.clear()
        return f"{text}\n{self._style.paint(f'(exit code {code:d}; {counts})', 'faint')}"

    def _plan(self, expected: ExitCode) -> str:
        planned = plan(self._request, self._cloud, self._files, self._clock)
        return self._told(self._planned(planned), planned.exit_code(detailed=True), expected)

    def _planned(self, planned: Planned) -> str:
        return plan_report(planned.plan, planned.diagnostics, planned.verdict, self._style)

    def _apply(self) -> str:
        world = Context(self._cloud, self._files, self._clock, _Silent(), threading.Event())
        applied = apply(self._request, world, None, lambda _: None)
        return self._told(self._applied(applied), applied.exit_code, ExitCode.OK)

    def _applied(self, applied: Applied) -> str:
        return apply_report(applied.planned.plan, applied.outcomes, Aftermath(applied.leftovers), self._style)

    def _adopt(self) -> str:
        previews: list[str] = []

        def approve(proposal: Proposal) -> bool:
            previews.append(preview(proposal.rewrites, self._style))
            return True

        desk = AdoptContext(self._cloud, self._files, self._clock, self._files.replace)
        made = adopt(self._request, AdoptOptions(), desk, None, approve)
        text = AdoptText(len(made.proposal.adopted), len(made.proposal.rewrites), (), made.written)
        report = adopt_report(text, made.diagnostics, self._style)
        return self._told("\n".join([*previews, report]), made.exit_code, ExitCode.OK)

    def _drift(self, expected: ExitCode) -> str:
        found = drift(self._request, self._cloud, self._files, self._clock)
        text = drift_report(found.targets, found.diagnostics, summarise_drift(found.targets, 0), self._style)
        return self._told(text, found.exit_code, expected)
