"""Questions about findings, and what becomes of the answers."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from reconciler.atomic_write import replace_files
from reconciler.engine.adopt.adopt import AdoptContext, AdoptResult, adopt
from reconciler.engine.adopt.choices import KEPT, KEPT_BEFORE, AdoptAnswer, AdoptQuestion, Reply, choose
from reconciler.engine.adopt.proposal import AdoptOptions
from reconciler.errors import ExitCode
from reconciler.manifest import Disk
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse
from support.apis import Method
from support.clock import FakeClock
from support.stage import Stage

GONE: Final = RestResponse("gone")
TWO: Final = RestResponse("two", "CONVERT_TO_TEXT")
MANIFEST: Final = """\
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: NAME}
spec:
  api: {name: NAME}
  resources:
    /a: {GET: {responses: {404: {selectionPattern: '404'}, 500: {selectionPattern: '5'}}}}
    /b: {GET: {responses: {404: {selectionPattern: '404'}}}}
"""


class User:
    """Answers questions, and remembers them."""

    def __init__(self, *replies: str | Reply) -> None:
        self._replies = iter(replies)
        self.questions: list[AdoptQuestion] = []

    def ask(self, question: AdoptQuestion) -> Reply:
        """Give the next answer."""
        self.questions.append(question)
        reply = next(self._replies)
        return reply if isinstance(reply, Reply) else Reply(AdoptAnswer(reply))

    @property
    def progress(self) -> list[tuple[int, int, int]]:
        """The number, the total and the places of each question."""
        return [(one.number, one.total, len(one.findings)) for one in self.questions]


def drifted(stage: Stage, *names: str, first: RestResponse = GONE, second: RestResponse = GONE) -> None:
    """APIs in which these are the 404s of /a and /b, and the 500 of /a is gone."""
    for name in names:
        stage.api(
            name,
            {
                MethodKey("/a", "GET"): Method({"404": first}, {"404": [], "500": []}),
                MethodKey("/b", "GET"): Method({"404": second}, {"404": []}),
            },
        )
        stage.write(MANIFEST.replace("NAME", name), f"{name}.yaml")


def run(stage: Stage, user: User, kept: Iterable[str] = (), **variables: str) -> AdoptResult:
    """Adopt as on a terminal."""
    context = AdoptContext(stage.cloud, Disk(), FakeClock(), replace_files)
    known = frozenset(kept)
    asked: Callable[..., object] = lambda findings, preview: choose(findings, preview, user.ask, known)  # noqa: E731
    return adopt(replace(stage.request(), variables=variables), AdoptOptions(), context, asked, lambda _: True)  # type: ignore[arg-type]


def text(stage: Stage, name: str = "one") -> str:
    """The resources of a manifest, as they are now."""
    return (stage.folder / f"{name}.yaml").read_text().partition("resources:\n")[2]


def after(first: str, second: str, more: str = ", 500: {selectionPattern: '5'}") -> str:
    """The resources with these patterns of the 404s."""
    return (
        f"    /a: {{GET: {{responses: {{404: {{selectionPattern: {first}}}{more}}}}}}}\n"
        f"    /b: {{GET: {{responses: {{404: {{selectionPattern: {second}}}}}}}}}\n"
    )


def test_the_same_difference_is_one_question(stage: Stage) -> None:
    """Of two APIs as well; a response that AWS no longer has is asked about, without any option."""
    drifted(stage, "one", "two")
    user = User("y", "n")
    made = run(stage, user)

    assert ([(1, 2, 4), (2, 2, 2)], 2 * [after("'gone'", "'gone'")], ExitCode.OK) == (
        user.progress,
        [text(stage), text(stage, "two")],
        made.exit_code,
    )


def test_missing_responses_are_removed(stage: Stage) -> None:
    """If the user wants that."""
    drifted(stage, "one")
    run(stage, User("n", "y"))

    assert after("'404'", "'404'", "") == text(stage)


def test_places_are_asked_about_separately(stage: Stage) -> None:
    """A split adds to the total."""
    drifted(stage, "one")
    user = User("s", "n", "y", "n")
    run(stage, user)

    assert ([(1, 2, 2), (1, 3, 1), (2, 3, 1), (3, 3, 1)], after("'404'", "'gone'")) == (user.progress, text(stage))


def test_fields_are_asked_about_separately(stage: Stage) -> None:
    """A finding can be adopted in part; what is kept is reported by field, and drift says the rest."""
    drifted(stage, "one", first=TWO, second=RestResponse("404"))
    user = User("s", "y", "n", "n")
    made = run(stage, user)
    lefts = [(one.field, one.reason, one.by_choice) for one in made.proposal.not_adopted]
    shown = [[change.path for change in one.finding.finding.changes] for one in user.questions[1:3]]

    assert ([["selectionPattern"], ["contentHandling"]], [("contentHandling", KEPT, True), ("", KEPT, True)]) == (
        shown,
        lefts,
    )
    assert "404: {selectionPattern: 'two'}" in text(stage)


def test_splitting_and_adopting_all_is_adopting(stage: Stage) -> None:
    """Fields of a finding that are all adopted leave nothing."""
    drifted(stage, "one", first=TWO, second=RestResponse("404"))
    made = run(stage, User("s", "y", "y", "y"))

    assert ((), 0) == (made.proposal.not_adopted, stage.drift().exit_code)


def test_values_are_edited(stage: Stage) -> None:
    """An edited value is written instead of the live one, in every place; it is not asked about again."""
    drifted(stage, "one")
    made = run(stage, User(Reply(AdoptAnswer.EDIT, {"selectionPattern": "mine"}), "q"))
    again = User("q")
    run(stage, again, made.choices.kept)

    assert (after("'mine'", "'mine'"), (), [(1, 1, 1)]) == (text(stage), made.proposal.not_adopted, again.progress)


def test_an_edit_that_changes_nothing_adopts(stage: Stage) -> None:
    """The live value is the live value, whoever typed it."""
    drifted(stage, "one")
    made = run(stage, User(Reply(AdoptAnswer.EDIT, {"selectionPattern": "gone"}), "y"))

    assert (frozenset(), 0) == (made.choices.kept, stage.drift().exit_code)


def test_only_live_values_can_be_edited(stage: Stage) -> None:
    """Of a response that AWS no longer has, there is nothing to edit or to split."""
    drifted(stage, "one")
    user = User("s", "n", "n", "n")
    run(stage, user)

    assert ["ynseadq", "yneadq", "yneadq", "ynadq"] == ["".join(one.answers) for one in user.questions]


def test_all_of_this_api(stage: Stage) -> None:
    """`a` adopts and `d` keeps what is left of an API; other APIs are asked about."""
    drifted(stage, "one", "two")
    user = User("s", "a", "d")
    run(stage, user)

    assert ([(1, 2, 4), (1, 5, 1), (2, 4, 1)], after("'gone'", "'gone'", ""), after("'404'", "'404'")) == (
        user.progress,
        text(stage),
        text(stage, "two"),
    )


def test_quitting_writes_what_was_adopted(stage: Stage) -> None:
    """The rest is left, and continuing asks about the rest only: neither adopted nor kept findings come again."""
    drifted(stage, "one")
    first = run(stage, User("s", "n", "y", "q"))
    again = User("y")
    second = run(stage, again, first.choices.kept)

    assert (1, ExitCode.OK, [(1, 1, 1)], after("'404'", "'gone'", "")) == (
        len(first.choices.left),
        first.exit_code,
        again.progress,
        text(stage),
    )
    assert [KEPT_BEFORE] == [one.reason for one in second.proposal.not_adopted]


def test_a_kept_finding_that_changes_is_asked_about(stage: Stage) -> None:
    """What was kept is known by its values."""
    drifted(stage, "one")
    first = run(stage, User("n", "q"))
    drifted(stage, "other", first=RestResponse("new"))
    (stage.folder / "one.yaml").write_text((stage.folder / "one.yaml").read_text().replace("'404'", "'4..'"))
    again = User("q")
    run(stage, again, first.choices.kept)

    assert again.questions[0].findings


def test_kept_fields_are_known(stage: Stage) -> None:
    """A field that was kept is not asked about when its finding is split again."""
    drifted(stage, "one", first=TWO, second=RestResponse("404"))
    first = run(stage, User("s", "n", "q"))
    again = User("s", "y", "n")
    run(stage, again, first.choices.kept)

    assert [["selectionPattern", "contentHandling"], ["contentHandling"]] == [
        [change.path for change in one.finding.finding.changes] for one in again.questions[:2]
    ]


def test_what_cannot_be_adopted_is_not_asked_about(stage: Stage) -> None:
    """A value with a placeholder is reported with its reason."""
    drifted(stage, "one", second=RestResponse("404"))
    file = stage.folder / "one.yaml"
    file.write_text(
        file.read_text().replace("{404: {selectionPattern: '404'}, ", "{404: {selectionPattern: '${{ vars.p }}'}, ")
    )
    user = User("n")
    made = run(stage, user, p="404")

    assert (1, ["placeholder" in one.reason for one in made.proposal.not_adopted]) == (
        len(user.questions),
        [True, False],
    )


def test_the_question_says_where(stage: Stage) -> None:
    """The place, and the change of the file."""
    drifted(stage, "one", second=RestResponse("404"))
    user = User("n", "n")
    run(stage, user)
    shown = user.questions[0].preview

    assert (["one.yaml:7:34"], [("one.yaml", True)]) == (
        [str(place.location) for place in shown.places],
        [(rewrite.file, b"'gone'" in rewrite.after) for rewrite in shown.rewrites],
    )
