"""The guided tour of `reconciler demo`: real commands against APIs in memory.

The texts between the explanations are what the commands print, except that `apply` would show its plan again. The tour
stops with an error if a step ends with an unexpected exit code.
"""

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from reconciler.atomic_write import FileReplacement
from reconciler.engine.adopt.adopt import AdoptContext, adopt
from reconciler.engine.adopt.proposal import AdoptOptions, Proposal
from reconciler.engine.apply import Applied, Context, apply
from reconciler.engine.drift.drift import drift
from reconciler.engine.plan import Planned, Request, plan
from reconciler.engine.response_tests.run import run_tests
from reconciler.errors import ExitCode, ReconcilerError
from reconciler.invocation import command_line
from reconciler.models.targets import Target
from reconciler.ports import Clock
from reconciler.render.style import Style, plural
from reconciler.sandbox import demo
from reconciler.sandbox.gateway import InMemoryCloud
from reconciler.views.adopt import adopt_text, preview
from reconciler.views.drift import drift_text
from reconciler.views.plan import plan_text
from reconciler.views.run_result import RunEnd, run_text
from reconciler.views.test import response_tests_text


class _Folder:
    """`ports.Files` of the tour: its manifests, in memory."""

    def __init__(self) -> None:
        self.contents = {name: demo.manifest(name) for name in (demo.BOOKSHOP, demo.BOOKSHOP_TEST, demo.CHAT)}

    def edit(self, file: str, before: bytes, after: bytes) -> None:
        """Change a text of a manifest, as somebody does in an editor."""
        self.contents[file] = self.contents[file].replace(before, after)

    def replace(self, replacements: Iterable[FileReplacement]) -> None:
        """Change the manifests."""
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


class _TourLog:
    """`ports.RunLog` of the tour: shows no progress."""

    def started(self, target: Target, action_id: str, address: str) -> None:
        pass

    def finished(self, target: Target, action_id: str, outcome: str, detail: str) -> None:
        pass

    def deploying(self, target: Target, stage: str) -> None:
        """Show nothing."""

    def deployed(self, target: Target, stage: str, before: str | None, after: str | None, detail: str) -> None:
        pass


class Tour:
    """Eight steps, each an explanation and the output of a command."""

    def __init__(self, clock: Clock, style: Style) -> None:
        self._style = style
        self._clock = clock
        self._cloud = InMemoryCloud()
        self._bookshop = demo.Bookshop(self._cloud.plane())
        demo.build_chat(self._cloud.plane())
        self._files = _Folder()
        self._request = Request((demo.BOOKSHOP,))

    def steps(self) -> Iterator[str]:
        """Run the tour; yield each text as it happens."""
        yield self._say(
            "The REST API `bookshop` runs in an AWS account (a strict imitation, in this process). Its integration\n"
            "responses were set up by hand. From today on, this manifest declares them:"
        )
        yield demo.manifest(demo.BOOKSHOP).decode()
        yield self._say(
            "1. A response test says what a client should get when a book does not exist:",
        )
        yield demo.manifest(demo.BOOKSHOP_TEST).decode()
        yield self._say(
            "   Somebody renames a parameter in the template: $input.params('isbn') becomes $input.params('id'). AWS\n"
            "   would accept that. The test runs without AWS and shows what clients would get:",
            "reconciler test bookshop.test.yaml",
        )
        self._files.edit(demo.BOOKSHOP, b"params('isbn')", b"params('id')")
        yield self._test(ExitCode.FAILED)
        yield self._say("   Undo that, and the test passes:", "reconciler test bookshop.test.yaml")
        self._files.edit(demo.BOOKSHOP, b"params('id')", b"params('isbn')")
        yield self._test(ExitCode.OK)
        yield self._say(
            "2. Compare the manifest with AWS. One call reads the whole API, however many responses it has.",
            "reconciler plan bookshop.yaml --detailed-exitcode",
        )
        yield self._plan(ExitCode.DIFFERENCES)
        yield self._say(
            "3. Apply the plan. Each action is one write; reading the API again verifies the result.",
            "reconciler apply bookshop.yaml --yes",
        )
        yield self._apply()
        yield self._say("4. Plan again: nothing is left to do.", "reconciler plan bookshop.yaml --detailed-exitcode")
        yield self._plan(ExitCode.OK)
        yield self._say(
            "5. At three in the morning, somebody changes the pattern of 500 to `.*` in the console. On a Lambda\n"
            "   integration, this also turns every success into a 500. A cron job reports the drift:",
            "reconciler drift bookshop.yaml",
        )
        self._bookshop.edit_by_hand()
        self._cloud.plane().calls.clear()
        yield self._drift(ExitCode.DIFFERENCES)
        yield self._say("6. The manifest is still right, so apply restores it:", "reconciler apply bookshop.yaml --yes")
        yield self._apply()
        yield self._say(
            "7. At noon, somebody adds a header to 500, again in the console. This change should stay: adopt writes\n"
            "   it into the manifest and keeps every other byte. AWS is only read.",
            "reconciler adopt bookshop.yaml --yes",
        )
        self._bookshop.fix_by_hand()
        self._cloud.plane().calls.clear()
        yield self._adopt()
        yield self._say("   The manifest and AWS match again:", "reconciler drift bookshop.yaml")
        yield self._drift(ExitCode.OK)
        yield self._say(
            "8. WebSocket APIs work the same way. AWS merges their updates and cannot remove a template that way, so\n"
            "   the plan deletes the response and creates it again:",
            "reconciler plan chat.yaml --detailed-exitcode; reconciler apply chat.yaml --yes",
        )
        self._request = Request((demo.CHAT,))
        yield self._plan(ExitCode.DIFFERENCES)
        yield self._apply()
        yield self._say(
            f"End of the tour. The README continues with your own API. To start a local AWS: {command_line('sandbox')}"
        )

    def _say(self, explanation: str, command: str = "") -> str:
        prompt = f"\n\n{self._style.paint(f'$ {command}', 'step')}" if command else ""
        return f"\n{self._style.paint(explanation, 'strong')}{prompt}\n"

    def _checked(self, text: str, code: ExitCode, expected: ExitCode) -> str:
        if code is not expected:
            message = f"a step of the tour failed: exit code {code:d} instead of {expected:d}"
            raise ReconcilerError(message, text)
        calls = self._cloud.plane().calls
        counts = f"{plural(len(calls.reads()), 'read')}, {plural(len(calls.writes()), 'write')}"
        calls.clear()
        return f"{text}\n{self._style.paint(f'(exit code {code:d}; {counts})', 'faint')}"

    def _test(self, expected: ExitCode) -> str:
        run = run_tests(Request((demo.BOOKSHOP_TEST,)), self._files)
        return self._checked(response_tests_text(run, self._style), run.exit_code, expected)

    def _plan(self, expected: ExitCode) -> str:
        planned = plan(self._request, self._cloud, self._files, self._clock)
        return self._checked(self._planned(planned), planned.exit_code(detailed=True), expected)

    def _planned(self, planned: Planned) -> str:
        return plan_text(planned, self._style)

    def _apply(self) -> str:
        context = Context(self._cloud, self._files, self._clock, _TourLog(), threading.Event())
        applied = apply(self._request, context, None)
        return self._checked(self._applied(applied), applied.exit_code, ExitCode.OK)

    def _applied(self, applied: Applied) -> str:
        return run_text(applied.planned.plan, applied.outcomes, RunEnd(applied.leftovers), self._style)

    def _adopt(self) -> str:
        previews: list[str] = []

        def approve(proposal: Proposal) -> bool:
            previews.append(preview(proposal.rewrites, self._style))
            return True

        context = AdoptContext(self._cloud, self._files, self._clock, self._files.replace)
        adopted = adopt(self._request, AdoptOptions(), context, None, approve)
        report = adopt_text(adopted, self._style)
        return self._checked("\n".join([*previews, report]), adopted.exit_code, ExitCode.OK)

    def _drift(self, expected: ExitCode) -> str:
        result = drift(self._request, self._cloud, self._files, self._clock)
        text = drift_text(result, self._style)
        return self._checked(text, result.exit_code, expected)
