"""The questions of adopt, as a user reads them."""

from dataclasses import replace

from reconciler.atomic_write import FileReplacement
from reconciler.diagnostics import Location
from reconciler.engine.adopt.choices import AdoptQuestion
from reconciler.engine.adopt.proposal import EditedPlace, FilePreview, TargetFinding
from reconciler.findings import find_drift
from reconciler.models.responses import RestResponse
from reconciler.render.style import Style
from reconciler.views.adopt_question import blockers_text, difference_text, help_text, prompt_text, question_text
from support.live import DEFAULT, GET_PETS, live_of
from support.reads import read_of
from support.states import desired_of

REWRITE = FileReplacement("a.yaml", b"a: 1\n", b"a: 2\n")
PLACE = EditedPlace(Location("a.yaml", 3, 5))


def question(
    preview: FilePreview, places: int = 1, wanted: RestResponse | None = DEFAULT, live: RestResponse | None = None
) -> AdoptQuestion:
    """A question about a response of GET /pets, which is missing in AWS unless it is live."""
    desired = desired_of({GET_PETS: {"200": wanted} if wanted else {}})
    state = live_of({GET_PETS: {"200": live} if live else {}})
    (finding,) = find_drift(desired, state).findings
    return AdoptQuestion(1, 3, (TargetFinding(0, read_of(desired, state), finding),) * places, preview)


def shown_lines(asked: AdoptQuestion) -> list[str]:
    """What is shown before the question itself."""
    parts = (question_text, difference_text, blockers_text)
    return [line for part in parts if part(asked, Style()) for line in part(asked, Style()).split("\n")]


def lines(asked: AdoptQuestion) -> list[str]:
    """What is shown, without the first two lines."""
    return shown_lines(asked)[2:]


def test_a_missing_response() -> None:
    """The progress, the response, what adopting does, the place and the change of the file."""
    shown = shown_lines(question(FilePreview((REWRITE,), (PLACE,))))

    assert (
        "(1/3) - petstore: GET /pets 200",
        "missing in AWS; adopting removes it from the manifest",
        "a.yaml:3",
        "@@ -1 +1 @@",
        "-a: 1",
        "+a: 2",
    ) == tuple(shown)


def test_the_kind_of_difference_is_asked_about() -> None:
    """With the answers that make sense for it."""
    none = FilePreview()
    changed = question(none, live=RestResponse("5", "CONVERT_TO_TEXT"))

    assert (
        "(1/3) Remove this response [y,n,a,d,q,?]? ",
        "(1/3) Add this response [y,n,a,d,q,?]? ",
        "(1/3) Adopt this change [y,n,s,e,a,d,q,?]? ",
        "(1/3) Adopt this change in 2 places [y,n,s,e,a,d,q,?]? ",
    ) == (
        prompt_text(question(none)),
        prompt_text(question(none, wanted=None, live=DEFAULT)),
        prompt_text(changed),
        prompt_text(replace(changed, findings=changed.findings * 2)),
    )


def test_places_are_named() -> None:
    """A set, an overlay and a template file; with several files, each change has the name of its file."""
    place = EditedPlace(Location("a.yaml", 3, 5), "errors", "prod", "x.vtl")
    other = replace(REWRITE, file="b.yaml")
    shown = lines(question(FilePreview((REWRITE, other), (place,))))

    assert ["a.yaml:3, set errors, overlay prod, template x.vtl", "a.yaml", "b.yaml"] == [
        shown[0],
        *(line for line in shown if line in {"a.yaml", "b.yaml"}),
    ]


def test_many_places_are_counted() -> None:
    """The first twenty are listed."""
    shown = lines(question(FilePreview(), 23))

    assert ("The same change in 23 places:", "    petstore: GET /pets 200", "    ... and 3 more") == (
        shown[0],
        shown[20],
        shown[21],
    )


def test_without_a_file_the_values_are_shown() -> None:
    """With the reason why a field cannot be adopted."""
    preview = FilePreview(blockers=(("selectionPattern", "it contains a placeholder"),))
    shown = lines(question(preview, live=RestResponse("5")))

    assert "not adoptable: selectionPattern: it contains a placeholder" == shown[-1]
    assert "~ selectionPattern: (default response) -> 5" == shown[0].strip()


def test_help_has_a_line_for_each_answer() -> None:
    """And no other."""
    asked = question(FilePreview())

    assert [*asked.answers, "?"] == [line[0] for line in help_text(asked).split("\n")]
