"""reconciler render: what a client gets, and what a template gives."""

import io
import json
import signal
import sys
from pathlib import Path

import pytest

from e2e.running import SAMPLES, InProcess, Ran, execute
from e2e.terminals import Terminal
from e2e.test_output import shortcomings
from e2e.watching import Watching

MANIFEST = r"""
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: shop}
spec:
  api: {name: shop}
  resources:
    /carts/{id}:
      GET:
        responses:
          200:
            responseParameters:
              method.response.header.X-Stage: stageVariables.tier
              method.response.header.X-Call: context.requestId
            responseTemplates:
              application/json: '{"cart": $input.body, "id": "$input.params(''id'')", "by": "$context.caller"}'
          404:
            selectionPattern: '\[NotFound\].*'
            responseTemplates:
              application/json: {file: templates/problem.vtl}
    /pages:
      GET:
        responses:
          200: {}
          503: {selectionPattern: '5\d\d'}
"""

CHAT = """
apiVersion: reconciler/v1
kind: WebSocketApi
metadata: {name: talk}
spec:
  api: {name: talk}
  routes:
    hello:
      responses:
        $default:
          templateSelectionExpression: said
          responseTemplates: {said: '{"hello": $input.body}'}
  integrations:
    - id: a1b2c3d
      responses:
        $default: {}
"""

CARTS = ("shop.yaml", "--method", "GET /carts/{id}")
PAGES = ("shop.yaml", "--method", "GET /pages")


@pytest.fixture(autouse=True)
def shop(folder: Path) -> Path:
    """A folder with a manifest of each kind."""
    (folder / "shop.yaml").write_text(MANIFEST)
    (folder / "talk.yaml").write_text(CHAT)
    (folder / "templates").mkdir()
    (folder / "templates" / "problem.vtl").write_text('{"problem": "$input.path(\'$.errorMessage\')"}\n')
    return folder


def head(ran: Ran) -> tuple[int, str, str]:
    """The exit code, the status line and the body of an answer."""
    lines = ran.out.split("\n")
    empty = lines.index("")
    return ran.code, lines[0], lines[empty + 1]


def document(ran: Ran) -> dict[str, object]:
    """The JSON document."""
    loaded: dict[str, object] = json.loads(ran.out)
    return loaded


def values(ran: Ran, *members: str) -> list[object]:
    """Some members of the JSON document."""
    return [document(ran)[member] for member in members]


# What the backend answers


def test_lambda_error(reconciler: InProcess) -> None:
    """`--lambda-error` is the message of a function that failed."""
    ran = reconciler("render", *CARTS, "--lambda-error", "[NotFound] no cart 7")

    assert (0, "HTTP/1.1 404 Not Found", '{"problem": "[NotFound] no cart 7"}') == head(ran)


def test_notes_say_where_it_comes_from(reconciler: InProcess) -> None:
    """The selected response and its template are named with their files, and the line of the response."""
    ran = reconciler("render", *CARTS, "--lambda-error", "[NotFound] no cart 7")

    assert ("shop.yaml:17\n" in ran.out, "templates/problem.vtl:1\n" in ran.out) == (True, True)


def test_lambda_result(reconciler: InProcess, folder: Path) -> None:
    """`--lambda` is what a function returned, spacing included."""
    (folder / "cart.json").write_text('{"items": [ 1 ]}')
    ran = reconciler("render", *CARTS, "--lambda", "cart.json", "--format", "json")

    assert ["200", 200, '{"cart": {"items": [ 1 ]}, "id": "", "by": ""}'] == values(ran, "selected", "status", "body")


def test_lambda_result_with_an_error_message(reconciler: InProcess, folder: Path) -> None:
    """A result with `errorMessage` at its top is that of a function that failed."""
    (folder / "failure.json").write_text('{"errorMessage": "[NotFound] x"}')

    assert ["404"] == values(reconciler("render", *CARTS, "--lambda", "failure.json", "--format", "json"), "selected")


def test_status_headers_and_body(reconciler: InProcess, folder: Path) -> None:
    """`--status`, `--header` and `--body` are the answer of an HTTP backend."""
    (folder / "page.html").write_text("<p>later</p>")
    ran = reconciler("render", *PAGES, "--status", "502", "--header", "Content-Type: text/html", "--body", "page.html")

    assert (0, "HTTP/1.1 503 Service Unavailable", "<p>later</p>") == head(ran)


def test_status_alone(reconciler: InProcess) -> None:
    """A backend may answer without a body."""
    assert (0, "HTTP/1.1 503 Service Unavailable", "(empty body)") == head(
        reconciler("render", *PAGES, "--status", "500")
    )


def test_mock(reconciler: InProcess) -> None:
    """`--mock` is the status of a mock integration."""
    assert ["503"] == values(reconciler("render", *PAGES, "--mock", "500", "--format", "json"), "selected")


@pytest.mark.parametrize(
    ("backend", "selected"),
    [
        ('{"lambda": {"errorMessage": "[NotFound] x"}}', "404"),
        ("lambda: {a: 1}", "200"),
        ("lambdaText: all is well", "200"),
        ("{lambda: {a: 1}, failed: false}", "200"),
    ],
)
def test_backend_of_a_test(reconciler: InProcess, folder: Path, backend: str, selected: str) -> None:
    """`--backend` has the forms of `backend` in a test, YAML or JSON."""
    (folder / "backend.yaml").write_text(backend)

    assert [selected] == values(
        reconciler("render", *CARTS, "--backend", "backend.yaml", "--format", "json"), "selected"
    )


def test_backend_with_a_body_in_a_file(reconciler: InProcess, folder: Path) -> None:
    """`{file: ...}` is relative to the file that names it."""
    (folder / "answers").mkdir()
    (folder / "answers" / "backend.yaml").write_text("{status: 500, body: {file: body.json}}")
    (folder / "answers" / "body.json").write_text("[1]\n")

    assert ["503", "[1]"] == values(
        reconciler("render", *PAGES, "--backend", "answers/backend.yaml", "--format", "json"), "selected", "body"
    )


def test_backend_that_does_not_answer(reconciler: InProcess, folder: Path) -> None:
    """A timeout is API Gateway's own error, and the exit code 1."""
    (folder / "backend.yaml").write_text("error: timeout")
    ran = reconciler("render", *PAGES, "--backend", "backend.yaml")

    assert (1, True) == (ran.code, "API Gateway answers for itself" in ran.out)


# What templates can read


def test_request_context_stage_variables(reconciler: InProcess, folder: Path) -> None:
    """The files of the client's request, of $context and of the stage variables are what templates and mappings see."""
    (folder / "request.yaml").write_text("path: {id: '7'}\nheaders: {Accept: application/json}\n")
    (folder / "context.json").write_text('{"requestId": "r-1", "caller": "c"}')
    (folder / "stage.yaml").write_text("tier: gold")
    (folder / "cart.json").write_text("{}")
    ran = reconciler(
        *("render", *CARTS, "--lambda", "cart.json", "--request", "request.yaml", "--context", "context.json"),
        *("--stage-variables", "stage.yaml", "--format", "json"),
    )
    headers, body = values(ran, "headers", "body")

    assert isinstance(headers, dict)
    assert ("gold", "r-1", '{"cart": {}, "id": "7", "by": "c"}') == (headers["X-Stage"], headers["X-Call"], body)


def test_state_of_the_request_template(reconciler: InProcess, folder: Path) -> None:
    """What the request template left in $context.responseOverride applies."""
    (folder / "state.yaml").write_text("responseOverride: {status: 418}")

    assert (0, "HTTP/1.1 418 I'm a Teapot", "(empty body)") == head(
        reconciler("render", *PAGES, "--mock", "200", "--state", "state.yaml")
    )


def test_binary_media_type(reconciler: InProcess, folder: Path) -> None:
    """A body of such a type is binary for a client that accepts it."""
    (folder / "logo.png").write_bytes(b"\x89PNG\xff")
    (folder / "request.yaml").write_text("headers: {Accept: image/png}")
    ran = reconciler(
        *("render", *PAGES, "--status", "200", "--header", "Content-Type: image/png", "--body", "logo.png"),
        *("--binary-media-type", "image/*", "--request", "request.yaml", "--format", "json"),
    )

    assert [{"base64": "iVBOR/8="}] == values(ran, "body")


def test_facts_of_the_api(reconciler: InProcess, folder: Path) -> None:
    """`--api` says what a manifest does not hold: a status that the method does not declare is API Gateway's 500."""
    (folder / "api.yaml").write_text("methodResponses: [200]")
    ran = reconciler("render", *PAGES, "--status", "500", "--api", "api.yaml", "--format", "json")

    assert (1, ["503", 500]) == (ran.code, values(ran, "selected", "status"))


def test_backend_that_the_integration_cannot_have(reconciler: InProcess, folder: Path) -> None:
    """A mock has no HTTP answer: that is wrong usage, whatever the manifest says."""
    (folder / "api.yaml").write_text("integrationType: MOCK")
    ran = reconciler("render", *PAGES, "--status", "200", "--api", "api.yaml")

    assert (64, 1) == (ran.code, len(ran.failures()))


# WebSocket APIs


def test_route(reconciler: InProcess, folder: Path) -> None:
    """`--route` names a route; the answer has no status."""
    (folder / "result.json").write_text("1")
    ran = reconciler("render", "talk.yaml", "--route", "hello", "--lambda", "result.json")

    assert (0, "Message:", '{"hello": 1}') == head(ran)


def test_integration(reconciler: InProcess, folder: Path) -> None:
    """`--integration` names an integration that no route targets."""
    (folder / "result.json").write_text("1")
    ran = reconciler("render", "talk.yaml", "--integration", "a1b2c3d", "--lambda", "result.json", "--format", "json")

    assert ["integration a1b2c3d", None, "1"] == values(ran, "method", "status", "body")


def test_one_way_route(reconciler: InProcess, folder: Path) -> None:
    """Without a route response, nothing is delivered."""
    (folder / "api.yaml").write_text("routeResponse: false")
    (folder / "result.json").write_text("1")
    arguments = ("render", "talk.yaml", "--route", "hello", "--lambda", "result.json", "--api", "api.yaml")

    assert ("Nothing is delivered: the route has no route response.", [False]) == (
        head(reconciler(*arguments))[1][: len("Nothing is delivered: the route has no route response.")],
        values(reconciler(*arguments, "--format", "json"), "delivered"),
    )


def test_facts_of_an_integration(reconciler: InProcess, folder: Path) -> None:
    """`--api` takes what fits the kind of API only."""
    (folder / "api.yaml").write_text("methodResponses: [200]")
    (folder / "result.json").write_text("1")
    ran = reconciler(
        *("render", "talk.yaml", "--integration", "a1b2c3d", "--lambda", "result.json", "--api", "api.yaml"),
    )

    assert (1, "api.yaml:1:18: error: WebSocket APIs have no method responses [") == (
        ran.code,
        ran.err[: len("api.yaml:1:18: error: WebSocket APIs have no method responses [")],
    )


# Formats


def test_json_is_what_its_schema_says(reconciler: InProcess) -> None:
    """The document of an answer, and that of a template."""
    answer = reconciler("render", *CARTS, "--lambda-error", "[NotFound] x", "--format", "json")
    template = reconciler("render", "--template", "templates/problem.vtl", "--format", "json")

    assert ([], []) == (shortcomings(answer.out, "answer"), shortcomings(template.out, "rendering"))


def test_quiet_has_no_notes(reconciler: InProcess) -> None:
    """With -q there is only what the client gets."""
    ran = reconciler("render", *PAGES, "--status", "500", "-q")

    assert "(empty body)\n" == ran.out[-len("(empty body)\n") :]


def test_verbose_lists_every_response(reconciler: InProcess) -> None:
    """With -v, each response has the reason why it was selected or not."""
    ran = reconciler("render", *PAGES, "--status", "500", "-v")

    assert ("  * 503  " in ran.out, "  - 200  " in ran.out) == (True, True)


def test_terminal_sequences_are_escaped(reconciler: InProcess, folder: Path) -> None:
    """What a backend answers does not reach a terminal as a control sequence; tabs stay."""
    (folder / "body.txt").write_text("\x1b[2J\tx")

    assert "\\x1b[2J\tx" == head(reconciler("render", *PAGES, "--status", "200", "--body", "body.txt"))[2]


# Templates alone


def test_output_of_a_template_is_exact(reconciler: InProcess, folder: Path) -> None:
    """Stdout gets the text byte for byte: the final newline of the file is dropped, and none is added."""
    (folder / "t.vtl").write_text("::a $input.body\n\n")
    (folder / "body.txt").write_text("\x1b\u00e9 ##[b")

    assert (0, "::a \x1b\u00e9 ##[b\n", "") == (
        (ran := reconciler("render", "--template", "t.vtl", "--body", "body.txt")).code,
        ran.out,
        ran.err,
    )


def test_template_into_a_file_and_as_a_document(reconciler: InProcess, folder: Path) -> None:
    """The text goes to a file as exactly as to stdout."""
    (folder / "t.vtl").write_text("a")
    ran = reconciler("render", "--template", "t.vtl", "--format", "json", "--format", "text=out.txt")

    assert ("a", "a") == (document(ran)["output"], (folder / "out.txt").read_text())


def test_document_of_a_template(reconciler: InProcess, folder: Path) -> None:
    """The document has the output, the overrides, no error and nothing unknown."""
    (folder / "t.vtl").write_text(
        "#set($context.responseOverride.status = 404)#set($context.responseOverride.header.X = 'y')b"
    )
    ran = reconciler("render", "--template", "t.vtl", "--format", "json")

    assert document(ran) == {
        "formatVersion": "1.0",
        "kind": "Rendering",
        "output": "b",
        "overrides": {"status": 404, "headers": {"X": "y"}},
        "error": None,
        "unknown": [],
    }


def test_overrides_of_a_template_are_notes(reconciler: InProcess, folder: Path) -> None:
    """Stderr says what else than the body the client would get."""
    (folder / "t.vtl").write_text(
        "#set($context.responseOverride.status = 404)#set($context.responseOverride.header.X = 'y')b"
    )
    ran = reconciler("render", "--template", "t.vtl")

    assert ("b", "note: the template sets the status 404\nnote: the template sets the header X: y\n") == (
        ran.out,
        ran.err,
    )


def test_inputs_of_a_template(reconciler: InProcess, folder: Path) -> None:
    """A template alone reads the request, $context, the stage variables and the state of the request template."""
    (folder / "t.vtl").write_text(
        "$input.params('id') $context.requestId $stageVariables.tier $context.requestOverride.path.x"
    )
    (folder / "request.yaml").write_text("{path: {id: '7'}, query: {}, headers: {}, body: ''}")
    (folder / "context.yaml").write_text("requestId: r-1")
    (folder / "stage.yaml").write_text("tier: gold")
    (folder / "state.yaml").write_text("requestOverride: {path: {x: '1'}}")
    ran = reconciler(
        *("render", "--template", "t.vtl", "--request", "request.yaml", "--context", "context.yaml"),
        *("--stage-variables", "stage.yaml", "--state", "state.yaml"),
    )

    assert (0, "7 r-1 gold 1") == (ran.code, ran.out)


def test_template_that_does_not_parse(reconciler: InProcess, folder: Path) -> None:
    """The error is at its line and column in the template; nothing is on stdout, and the exit code is 1."""
    (folder / "t.vtl").write_text("a\n  #if($x)\nb\n")
    ran = reconciler("render", "--template", "t.vtl")

    assert (1, "", True) == (ran.code, ran.out, ran.err.startswith("t.vtl:2:3: error: "))


def test_document_of_a_template_that_does_not_parse(reconciler: InProcess, folder: Path) -> None:
    """The document has the position, and the exit code is 1."""
    (folder / "t.vtl").write_text("a\n  #if($x)\nb\n")
    ran = reconciler("render", "--template", "t.vtl", "--format", "json")
    error = document(ran)["error"]

    assert isinstance(error, dict)
    assert (1, 2, 3) == (ran.code, error["line"], error["column"])


def test_template_of_a_method_that_does_not_parse(reconciler: InProcess, folder: Path) -> None:
    """The client gets API Gateway's own 500; the note has the place in the template's file."""
    (folder / "templates" / "problem.vtl").write_text("a\n  #if($x)\nb\n")
    ran = reconciler("render", *CARTS, "--lambda-error", "[NotFound] x")

    assert (1, "HTTP/1.1 500 Internal Server Error", True) == (
        *head(ran)[:2],
        "templates/problem.vtl:2:3\n" in ran.out,
    )


def test_body_that_is_not_json(reconciler: InProcess, folder: Path) -> None:
    """A template that looks into it fails, at its place, alone and as part of an answer."""
    (folder / "body.txt").write_text("{a")
    (folder / "templates" / "problem.vtl").write_text("\n $input.json('$')")
    alone = reconciler("render", "--template", "templates/problem.vtl", "--body", "body.txt")
    (folder / "shop.yaml").write_text(
        MANIFEST.replace("503: {", "503: {responseTemplates: {a/b: {file: templates/problem.vtl}}, ")
    )
    answer = reconciler("render", *PAGES, "--status", "500", "--body", "body.txt")

    assert (1, True) == (alone.code, alone.err.startswith("templates/problem.vtl:2:2: error: "))
    assert (1, "HTTP/1.1 500 Internal Server Error", True) == (
        *head(answer)[:2],
        "templates/problem.vtl:2:2\n" in answer.out,
    )


# Stdin


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> io.BytesIO:
    """What is typed into the command."""
    typed = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(typed))
    return typed


def test_file_may_be_stdin(reconciler: InProcess, folder: Path, stdin: io.BytesIO) -> None:
    """A FILE `-` is stdin."""
    (folder / "t.vtl").write_text("<$input.body>")
    stdin.write(b"typed")
    stdin.seek(0)

    assert "<typed>" == reconciler("render", "--template", "t.vtl", "--body", "-").out


def test_template_may_be_stdin(reconciler: InProcess, stdin: io.BytesIO) -> None:
    """Its errors are at lines of `stdin`."""
    stdin.write(b"#if($x)")
    stdin.seek(0)

    assert reconciler("render", "--template", "-").err.startswith("stdin:1:1: error: ")


# Bad input


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            (*PAGES, "--status", "200", "--body", "nope.json"),
            "error: --body nope.json cannot be read: No such file or directory; check the name and its permissions",
        ),
        (
            ("--template", "templates"),
            "error: --template templates cannot be read: Is a directory; check the name and its permissions",
        ),
        (
            (*PAGES, "--lambda", "shop.yaml"),
            (
                "error: shop.yaml:2:1: the result of a Lambda function is JSON, and this is not; "
                "fix the JSON, or use --backend with `lambdaText: TEXT`"
            ),
        ),
    ],
)
def test_unreadable_files(reconciler: InProcess, arguments: tuple[str, ...], says: str) -> None:
    """A file that cannot be read is a message and exit code 1, without a document."""
    ran = reconciler("render", *arguments, "--format", "json")

    assert (1, "", f"{says}\n") == (ran.code, ran.out, ran.err)


@pytest.mark.parametrize(
    ("option", "text", "says"),
    [
        (
            "--request",
            "paht: {}",
            "in.yaml:1:1: error: `paht` is not a key of this map [unknown-key]; did you mean `path`?",
        ),
        ("--request", "[1]", "in.yaml:1:1: error: `request` must be a map, not a list [wrong-type]"),
        ("--request", "a: [\n", "in.yaml:2:1: error: "),
        ("--request", "", "in.yaml: error: the file contains no document [empty]; write {} for none"),
        ("--request", "{}\n---\n{}", "in.yaml:3:1: error: "),
        ("--context", "text", "in.yaml:1:1: error: `context` must be a map, not the text 'text' [wrong-type]"),
        ("--stage-variables", "tier: 3", "in.yaml:1:7: error: `tier` must be text, not the number 3 [wrong-type]"),
        ("--state", "[]", "in.yaml:1:1: error: `state` must be a map, not a list [wrong-type]"),
        ("--request", "body: {file: nope.json}", "in.yaml:1:14: error: the file `nope.json` does not exist"),
    ],
)
def test_malformed_inputs(reconciler: InProcess, folder: Path, option: str, text: str, says: str) -> None:
    """A problem of an input file is at its line and column."""
    (folder / "in.yaml").write_text(text)
    ran = reconciler("render", *PAGES, "--status", "200", option, "in.yaml")

    assert (1, "", says) == (ran.code, ran.out, ran.err[: len(says)])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{mock: 200, status: 200}", "in.yaml:1:8: error: a backend cannot have both `status` and `mock` [backend]"),
        ("{}", "in.yaml:1:1: error: "),
        ("error: boom", "in.yaml:1:8: error: `error` must be timeout or connection, not the text 'boom'"),
    ],
)
def test_malformed_backends(reconciler: InProcess, folder: Path, text: str, says: str) -> None:
    """A backend is of one kind."""
    (folder / "in.yaml").write_text(text)
    ran = reconciler("render", *PAGES, "--backend", "in.yaml")

    assert (1, "", says) == (ran.code, ran.out, ran.err[: len(says)])


def test_broken_manifest(reconciler: InProcess, folder: Path) -> None:
    """Its errors are on stderr, at their places, and nothing is rendered."""
    (folder / "broken.yaml").write_text("apiVersion: reconciler/v1\nkind: RestApi\nspec: [\n")
    ran = reconciler("render", "broken.yaml", "--method", "GET /", "--status", "200")

    assert (1, "", ["syntax"]) == (ran.code, ran.out, [rule for _, rule in ran.problems()])


def test_no_manifest(reconciler: InProcess, folder: Path) -> None:
    """A folder without manifests is an error."""
    (folder / "empty").mkdir()
    ran = reconciler("render", "empty", "--method", "GET /", "--status", "200")

    assert (1, True) == (ran.code, "no manifest was found in empty" in ran.err)


MISUSES = {
    "render shop.yaml --status 200": "no method is given; "
    "add --method 'GET /pets'; for a WebSocket API --route KEY or --integration ID",
    "render shop.yaml --method /pages --status 200": "--method '/pages' is not a verb and a path; "
    "write it as in --method 'GET /pets/{petId}'",
    "render shop.yaml --method= --status 200": "--method is empty; give it a name",
    "render shop.yaml --route a --integration b --status 200": "--route and --integration cannot be used together; "
    "omit --integration",
    "render shop.yaml --route a": "the backend's answer is missing; "
    "add one of --lambda, --lambda-error, --status, --mock, --backend",
    "render shop.yaml --route a --backend b --status 200": "--status and --backend cannot be used together; "
    "omit --backend",
    "render shop.yaml --route a --body b": "--body needs --status; add --status N, or omit --body",
    "render shop.yaml --route a --header a:b --mock 200": "--header needs --status, which cannot be used with --mock; "
    "add --status N, or omit --header",
    "render shop.yaml --route a --status 200 --header nothing": "--header 'nothing' is not NAME:VALUE; "
    "write --header 'Content-Type: text/plain'",
    "render --template a --method b": "--method and --template cannot be used together; "
    "omit --method: a template is rendered for the answer in --body",
    "render shop.yaml --template a": "PATH and --template cannot be used together; "
    "omit PATH: a template is rendered for the answer in --body",
    "render --template - --body -": "--template and --body both read stdin; put one of them into a file",
    "render --template=": "--template is empty; give it the name of a file, or - for stdin",
    "render shop.yaml --route hello --status 200": "the manifests do not list `hello`; they list no route",
    "render talk.yaml --route hallo --status 200": "the manifests do not list `hallo`; did you mean `hello`?",
    "render talk.yaml --integration x --status 200": "the manifests do not list `x`; they list `a1b2c3d`",
    "render talk.yaml --manifest talk --integration x --status 200": "the manifest talk does not list `x`; "
    "they list `a1b2c3d`",
    "render shop.yaml --manifest shpo --route hello --status 200": "there is no manifest 'shpo' here; "
    "did you mean `shop`?",
}


@pytest.mark.parametrize("arguments", MISUSES, ids=lambda arguments: arguments.replace(" ", "_"))
def test_misuse(reconciler: InProcess, arguments: str) -> None:
    """Wrong usage is exit code 64 and one sentence with what to do, before anything is rendered."""
    ran = reconciler(*arguments.split())

    assert (64, "", f"error: {MISUSES[arguments]}\n") == (ran.code, ran.out, ran.err)


def test_unknown_method(reconciler: InProcess) -> None:
    """A method that is not listed is suggested from those that are."""
    ran = reconciler("render", "shop.yaml", "--method", "get /page", "--status", "200")

    assert (64, "error: the manifests do not list `GET /page`; did you mean `GET /pages`?\n") == (ran.code, ran.err)


# Which manifest


def test_ambiguous_manifest(reconciler: InProcess, folder: Path) -> None:
    """Where several manifests list the method, each is named with its place."""
    (folder / "other.yaml").write_text(MANIFEST.replace("name: shop", "name: other"))
    ran = reconciler("render", ".", "--method", "GET /pages", "--status", "200")

    assert (64, "error: 2 manifests list `GET /pages`: other (other.yaml:22:7), shop (shop.yaml:22:7); ") == (
        ran.code,
        ran.err[: len("error: 2 manifests list `GET /pages`: other (other.yaml:22:7), shop (shop.yaml:22:7); ")],
    )


def test_manifest_by_name(reconciler: InProcess, folder: Path) -> None:
    """`--manifest` chooses among them."""
    (folder / "other.yaml").write_text(MANIFEST.replace("name: shop", "name: other"))
    ran = reconciler(
        "render", ".", "--method", "GET /pages", "--status", "200", "--manifest", "other", "--format", "json"
    )

    assert ["other"] == values(ran, "manifest")


CONFIGURATION = """
apiVersion: reconciler/v1
kind: Config
manifests: [shop.yaml]
environments:
  dev: {}
  prod: {}
"""
OVERLAY = """
  overlays:
    prod:
      resources:
        /pages:
          GET: {responses: {503: {responseTemplates: {application/json: later}}}}
"""


def test_environments_that_are_alike(reconciler: InProcess, folder: Path) -> None:
    """A method with the same responses in all environments is rendered once."""
    (folder / "reconciler.yaml").write_text(CONFIGURATION)

    assert [["dev", "prod"]] == values(
        reconciler("render", *PAGES[1:], "--status", "200", "--format", "json"), "environments"
    )


def test_environments_that_differ(reconciler: InProcess, folder: Path) -> None:
    """Where the responses differ, --env has to choose."""
    (folder / "reconciler.yaml").write_text(CONFIGURATION)
    (folder / "shop.yaml").write_text(MANIFEST.rstrip() + OVERLAY)
    ran = reconciler("render", *PAGES[1:], "--status", "500")
    message = "the responses of `GET /pages` in shop differ between environments: dev, prod; add --env dev"
    chosen = reconciler("render", *PAGES[1:], "--status", "500", "--env", "prod", "--format", "json")

    assert ((64, f"error: {message}\n"), [["prod"], "later"]) == (
        (ran.code, ran.err),
        values(chosen, "environments", "body"),
    )


def test_warnings_on_manifests(reconciler: InProcess, folder: Path) -> None:
    """A variable that is not set stays in the answer as it is written; stderr says so, and that one is not used."""
    (folder / "shop.yaml").write_text(MANIFEST.replace("200: {}", "200: {responseTemplates: {a/b: '${{ env.SHOP }}'}}"))
    (folder / "reconciler.yaml").write_text(CONFIGURATION.replace("environments:", "env: [SHOP]\nenvironments:"))
    arguments = ("render", *PAGES, "--mock", "200", "--var", "a=1")
    ran = reconciler(*arguments)

    assert {"unset-variable", "unread-variable"} == {
        line.rpartition("[")[2].partition("]")[0] for line in ran.err.splitlines()
    }
    assert "" == reconciler(*arguments, "-q").err


# --watch


def test_watch_renders_again(folder: Path) -> None:
    """A change of the template is rendered, an error is shown, and Ctrl-C ends it."""
    template = folder / "t.vtl"
    template.write_text("one\n\n")
    watching = Watching(folder, "render", "--template", "t.vtl")
    watching.wait_for("one\n")
    template.write_text("#if(")
    watching.wait_for("t.vtl:1:5: error: ")
    template.write_text("two\n\n")
    watching.wait_for("two\n")

    assert (130, "one\ntwo\n", 2) == (
        watching.stop(signal.SIGINT),
        watching.out,
        watching.err.count(" changed: t.vtl ---\n"),
    )


def test_watch_follows_every_file(folder: Path) -> None:
    """The manifest, its template, the inputs and a file that does not exist yet are watched."""
    watching = Watching(folder, "render", *CARTS, "--lambda", "result.json", "--context", "context.yaml", "-q")
    watching.wait_for("error: --context context.yaml cannot be read: No such file")
    (folder / "context.yaml").write_text("{}")
    watching.wait_for("error: --lambda result.json cannot be read: No such file")
    (folder / "result.json").write_text('{"errorMessage": "[NotFound] x"}')
    watching.wait_for('{"problem": "[NotFound] x"}\n')
    (folder / "templates" / "problem.vtl").write_text("$context.requestId")
    watching.wait_for("HTTP/1.1 404 Not Found\nContent-Type: application/json\n\n(empty body)\n")
    (folder / "context.yaml").write_text("requestId: r-1")
    watching.wait_for("r-1\n")
    (folder / "shop.yaml").write_text("spec: [")
    watching.wait_for(" error: ")
    (folder / "shop.yaml").write_text(MANIFEST.replace("404:", "410:"))
    watching.wait_for("HTTP/1.1 410 Gone\n")

    assert 130 == watching.stop(signal.SIGTERM)


def test_watch_on_a_terminal(folder: Path) -> None:
    """Each rendering begins on an empty screen, and control characters of the output are escaped."""
    template = folder / "t.vtl"
    template.write_text("one\x1b")
    terminal = Terminal("render", "--template", template, "--watch", controls=True)
    terminal.wait_for("Watching 1 file until Ctrl-C.")
    template.write_text("two")
    terminal.wait_for("two\r\n")
    terminal.type("\x03")

    assert (130, True, True) == (terminal.end(), "one\\x1b\r\n" in terminal.text, "\x1b[2J" in terminal.text)


# The installed command


def test_installed_command() -> None:
    """The command works as it is installed, and prints the body last."""
    ran = execute("render", SAMPLES / "minimal.yaml", "--method", "GET /health", "--status", "503", "-q")

    assert (0, "HTTP/1.1 503 Service Unavailable") == head(ran)[:2]
