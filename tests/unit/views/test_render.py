"""The text of an answer, and the notes on a rendering."""

import dataclasses

import pytest

from reconciler.diagnostics import Location
from reconciler.engine.listed_method import ListedMethod
from reconciler.engine.render import RenderedAnswer, TemplateRendering
from reconciler.mapping.answer.answer import Answer, AnswerError, Considered
from reconciler.mapping.rendering import Overrides, Rendering, TemplateFault, Unknown
from reconciler.models.desired import Desired, ManifestRef, Origin, Ownership
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey
from reconciler.models.targets import ApiRef, Kind
from reconciler.render.style import Style
from reconciler.views.render import answer_text, template_notes

API = ApiRef(name="shop")
GET = MethodKey("/a", "GET")
ROUTE = IntegrationKey("hello")
METHOD = ListedMethod(Desired((ManifestRef("shop", API),), {GET: Ownership("shop")}, {}), GET)
CHAT = ListedMethod(
    Desired((ManifestRef("talk", API, Kind.WEBSOCKET_API),), {ROUTE: Ownership("talk")}, {}), ROUTE, ("dev", "prod")
)
PLAIN, QUIET = Style(), Style(quiet=True)


def shown(answer: Answer, style: Style = QUIET, method: ListedMethod = METHOD) -> list[str]:
    """The lines of an answer."""
    return answer_text(RenderedAnswer(method, answer), style).split("\n")


def test_answer_has_the_form_of_http() -> None:
    """Status with its phrase, headers, an empty line, the body."""
    answer = Answer("404", 404, {"X-A": "1", "Set-Cookie": ("a=1", "b=2")}, "{\n}\n")

    assert ["HTTP/1.1 404 Not Found", "X-A: 1", "Set-Cookie: a=1", "Set-Cookie: b=2", "", "{", "}"] == shown(answer)


def test_status_without_a_phrase() -> None:
    """Not every number has one."""
    assert "HTTP/1.1 599" == shown(Answer("599", 599))[0]


def test_unknown_values_are_marked() -> None:
    """Each is where it would be, and has its reason below, those with the same reason together."""
    answer = Answer(Unknown("a"), Unknown("a"), {"X": Unknown("c")}, Unknown("d"))
    lines = shown(answer, PLAIN)

    assert ["HTTP/1.1 (unknown status)", "X: (unknown)", "", "(unknown body)", ""] == lines[:5]
    assert ["unknown   selected, status: a", "unknown   headers.X: c", "unknown   body: d"] == lines[5:8]


def test_assumed_inputs_are_named() -> None:
    """What a template reads and nobody gives has a note, of an answer and of a template alone."""
    assumed = ("$context.requestId is not given, and empty here",)

    assert f"note      {assumed[0]}" == shown(Answer("200", 200, assumed=assumed), PLAIN)[-1]
    assert [f"note: {assumed[0]}"] == list(
        template_notes(TemplateRendering("t.vtl", Rendering(assumed=assumed)), PLAIN)
    )


def test_known_value_is_not_taken_for_an_unknown_one() -> None:
    """A header that reads like the mark is in quotes."""
    assert 'X: "(unknown)"' == shown(Answer("200", 200, {"X": "(unknown)"}))[1]


def test_binary_body_is_counted() -> None:
    """It is no text for a terminal."""
    assert "(2 bytes of binary data; --format json prints the base64)" == shown(Answer("200", 200, body=b"\0\1"))[-1]


def test_empty_body_is_put_in_words() -> None:
    """Nothing at all could be a mistake of the tool."""
    assert "(empty body)" == shown(Answer("200", 200))[-1]


def test_control_characters_are_escaped() -> None:
    """In headers and in the body; tabs of the body stay."""
    assert ["X: \\x1b", "", "\ta\\r"] == shown(Answer("200", 200, {"X": "\x1b"}, "\ta\r\n"))[1:]


@pytest.mark.parametrize(
    ("delivered", "line"),
    [
        (True, "Message:"),
        (False, "Nothing is delivered: the route has no route response. The message would be:"),
        (Unknown("a"), "Message, if it is delivered:"),
    ],
)
def test_message_of_a_route(delivered: bool | Unknown, line: str) -> None:
    """It has neither status nor headers, and may not be delivered."""
    answer = Answer("$default", None, {}, "hello", is_delivered=delivered)

    assert [line, "", "hello"] == shown(answer, method=CHAT)


def test_selected_response_has_its_reason() -> None:
    """As the notes below the body."""
    answer = Answer("200", 200, considered=(Considered("200", True, "is the default"), Considered("404", False, "no")))

    assert ["", "selected  200: is the default"] == shown(answer, PLAIN)[-2:]


def test_responses_are_listed_where_none_is_selected() -> None:
    """The reason is in the list of what was considered."""
    answer = Answer(None, 500, error=AnswerError("oops", "none matches"), considered=(Considered("404", False, "no"),))

    assert [
        "selected  none",
        "error     API Gateway answers for itself: none matches",
        "",
        "shop: GET /a",
        "  - 404  no",
    ] == shown(answer, PLAIN)[-5:]


def test_environments_are_named() -> None:
    """Those in which the responses are the same."""
    answer = Answer("$default", None, considered=(Considered("$default", True, "yes"),))

    assert "talk: hello (dev, prod)" in shown(answer, Style(full=True), CHAT)


@pytest.mark.parametrize("ownership", [Ownership("shop", prune=False), Ownership("shop", own=("responseTemplates",))])
def test_method_that_is_owned_in_part(ownership: Ownership) -> None:
    """AWS may have more than the manifest says."""
    desired = dataclasses.replace(METHOD.desired, owns={GET: ownership})
    method = dataclasses.replace(METHOD, desired=desired)

    assert (
        "note      shop owns this method in part: what only AWS has is not considered"
        == shown(Answer("200", 200), PLAIN, method)[-1]
    )


def test_notes_on_a_template() -> None:
    """Overrides and what is unknown, printable."""
    rendering = Rendering("a", Overrides(404, {"X": "\x1b"}), None, (Unknown("nobody knows"),))

    assert [
        "note: the template sets the status 404",
        "note: the template sets the header X: \\x1b",
        "note: the output may differ from that of API Gateway: nobody knows",
    ] == list(template_notes(TemplateRendering("t.vtl", rendering), PLAIN))


def test_fault_of_a_template() -> None:
    """At its line and column, as compilers write it."""
    rendering = Rendering(fault=TemplateFault("it is wrong", 2, 3))

    assert ["t.vtl:2:3: error: it is wrong"] == list(template_notes(TemplateRendering("t.vtl", rendering), PLAIN))


def failing(template: str) -> str:
    """The last line on an answer whose template, of two lines, fails in line 2, column 3."""
    places = {(1, 1): Location("shop.yaml", 7, 9), (2, 3): Location("shop.yaml", 8, 5)}
    inside = (lambda line, column: places[line, column]) if template == "exact" else lambda _line, _column: places[1, 1]
    key = ResponseKey(GET, "200")
    origins = {(key, path): Origin(Location("shop.yaml", 7, 1), inside=inside) for path in ("", "responseTemplates.x")}
    method = dataclasses.replace(METHOD, desired=dataclasses.replace(METHOD.desired, origins=origins))
    answer = Answer("200", 500, error=AnswerError("oops", "the template fails", 2, 3), template="x")
    return shown(answer, PLAIN, method)[-1].strip()


def test_place_of_a_fault() -> None:
    """It is exact where the place of the template's text is known; elsewhere the position within it is added."""
    assert ["shop.yaml:8:5", "shop.yaml:7:9 (line 2, column 3 of the template)"] == [
        failing("exact"),
        failing("folded"),
    ]


def test_fault_that_is_a_limit_of_ours() -> None:
    """What is not rendered here may be rendered by API Gateway."""
    rendering = Rendering(fault=TemplateFault("it is too much", 1, 1, is_certain=False))

    assert ["t.vtl:1:1: error: it is too much; API Gateway may render it"] == list(
        template_notes(TemplateRendering("t.vtl", rendering), PLAIN)
    )


def test_overrides_that_are_no_texts() -> None:
    """They are written as JSON."""
    rendering = Rendering("", Overrides("404", {"X": {"a": [1]}}))

    assert ["note: the template sets the status 404", 'note: the template sets the header X: {"a": [1]}'] == list(
        template_notes(TemplateRendering("t.vtl", rendering), PLAIN)
    )


def test_quiet_notes_are_errors() -> None:
    """With -q only those are left."""
    assert [] == list(template_notes(TemplateRendering("t.vtl", Rendering("", Overrides(404))), QUIET))
