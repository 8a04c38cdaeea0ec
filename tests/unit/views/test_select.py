"""The text of a selection."""

import pytest

from reconciler.engine.listed_method import ListedMethod
from reconciler.engine.render import SelectedResponse
from reconciler.mapping.answer.answer import Answer, AnswerError, Considered
from reconciler.mapping.rendering import Unknown
from reconciler.models.desired import Desired, ManifestRef, Ownership
from reconciler.models.keys import MethodKey
from reconciler.models.targets import ApiRef
from reconciler.render.style import Style
from reconciler.views.select import select_json, select_text

GET = MethodKey("/a", "GET")
METHOD = ListedMethod(Desired((ManifestRef("shop", ApiRef(name="shop")),), {GET: Ownership("shop")}, {}), GET)
CONSIDERED = (Considered("404", True, "matches"), Considered("$default", False, "another one matches"))


def shown(answer: Answer, style: Style | None = None) -> list[str]:
    """The lines of a selection."""
    return select_text(SelectedResponse(METHOD, answer), style or Style()).split("\n")


def test_every_response_has_its_reason() -> None:
    """In columns, the selected one marked."""
    assert [
        "shop: GET /a",
        "  * 404       matches",
        "  - $default  another one matches",
        "",
        "Selected: 404.",
    ] == shown(Answer("404", 404, considered=CONSIDERED))


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (Answer("404", 404), "Selected: 404."),
        (Answer(Unknown("two match"), Unknown("two match")), "Unknown: two match."),
        (
            Answer(None, 500, error=AnswerError("oops", "none matches")),
            "Selected: none. API Gateway answers 500: none matches.",
        ),
        (Answer(None, 500), "Selected: none. API Gateway answers 500."),
    ],
)
def test_last_line_is_the_result(answer: Answer, line: str) -> None:
    """It is all that is left with -q."""
    assert [line] == shown(answer, Style(quiet=True))


def test_unknown_selection_in_the_document() -> None:
    """It is null, with the reason; other unknown values are none of this command's."""
    document = select_json(SelectedResponse(METHOD, Answer(Unknown("two match"), Unknown("two match"))))

    assert '"selected": null' in document
    assert document.count('"why": "two match"') == 1
