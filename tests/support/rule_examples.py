"""The examples on the pages of rules, as files, and the two APIs that they are about."""

import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from reconciler.cli.main import run
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.rule_pages import RuleExample, Snippet
from reconciler.sandbox.model.plane import ControlPlane
from support.apis import Method, make_api
from support.websocket import Integration, make_websocket_api

_REST: Final = "apiVersion: reconciler/v1\nkind: RestApi\nmetadata: {name: petstore}\nspec:\n  api: {name: petstore}\n"
_CHAT: Final = "apiVersion: reconciler/v1\nkind: WebSocketApi\nmetadata: {name: chat}\nspec:\n  api: {name: chat}\n"
_METHOD: Final = "  resources:\n    /pets/{petId}:\n      GET:\n"
_SHORTENED: Final = "here shortened"
_LONG: Final = "x" * 310_000
_FILE: Final = re.compile(r"# (\S+\.\w+)")


def files_of(example: RuleExample) -> Mapping[str, str]:
    """Name -> text of each file; parts of a manifest get what is around them."""
    snippets = [snippet for snippet in example.snippets if snippet.language != "console"]
    files = dict(map(_file, snippets))
    if _SHORTENED in example.caption:
        files = {name: text.replace("...", _LONG) for name, text in files.items()}
    return files


def _file(snippet: Snippet) -> tuple[str, str]:
    named = _FILE.match(snippet.text)
    if named is None:
        return "petstore.yaml", _whole(snippet.text)
    # The line with the name would be part of a template
    return named[1], snippet.text if snippet.language == "yaml" else snippet.text.partition("\n")[2]


def _whole(text: str) -> str:
    first = text.partition(":")[0]
    if first == "responses":
        return f"{_REST}{_METHOD}{_indented(text, 8)}"
    if first in {"routes", "integrations", "routeResponses"}:
        return f"{_CHAT}{_indented(text, 2)}"
    if first in {"resources", "methodResponses", "prune"}:
        return f"{_REST}{_indented(text, 2)}"
    return text


def _indented(text: str, columns: int) -> str:
    return "".join(f"{'':{columns}}{line}" for line in text.splitlines(keepends=True))


def write_files(folder: Path, example: RuleExample) -> None:
    """Write the files of an example into a folder."""
    for name, text in files_of(example).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())


def commands_of(example: RuleExample) -> Sequence[str]:
    """The command lines of an example."""
    return [
        line.removeprefix("$ ")
        for snippet in example.snippets
        if snippet.language == "console"
        for line in snippet.text.splitlines()
        if line.startswith("$ ")
    ]


def program_of(command: str) -> str:
    """The program that a command line runs, without the variables that it sets."""
    return next(word for word in shlex.split(command) if "=" not in word)


def run_commands(example: RuleExample) -> None:
    """Run the commands of an example that are of this program in this process, and the others in a shell."""
    for command in commands_of(example):
        if program_of(command) == "reconciler":
            run(shlex.split(command)[1:])
        else:
            subprocess.run(["sh", "-c", command], check=True)  # noqa: S607 - as a reader would


def _items() -> Mapping[MethodKey, Method]:
    """The methods of the API store, with 12 responses."""
    responses = {"200": RestResponse(), "400": RestResponse("400"), "404": RestResponse("404")}
    return {MethodKey("/items", verb): Method(responses) for verb in ("GET", "POST", "PUT", "DELETE")}


def _methods() -> Iterator[tuple[MethodKey, Method]]:
    pet = {"200": RestResponse(), "404": RestResponse("404")}
    declared = {"200": ("X-Cache",), "404": ("X-Error",), "500": ()}
    yield MethodKey("/pets/{petId}", "GET"), Method(pet, declared)
    yield MethodKey("/pets/{petId}", "DELETE"), Method(declared={"200": ()}, type=None)
    yield MethodKey("/pets", "GET"), Method(declared={"200": ()})
    yield MethodKey("/pets", "POST"), Method(declared={"200": ()})
    codes: dict[str, tuple[str, ...]] = dict.fromkeys(("200", "400", "404", "500"), ())
    yield MethodKey("/orders", "POST"), Method({"200": RestResponse()}, codes, "AWS")
    yield MethodKey("/photos", "GET"), Method({}, codes, "AWS_PROXY")


def make_apis(plane: ControlPlane) -> None:
    """Set up the REST APIs petstore and store and the WebSocket API chat, as the pages describe them."""
    make_api(plane, "petstore", dict(_methods()))
    make_api(plane, "store", _items())
    default = {"$default": WebSocketResponse()}
    make_websocket_api(
        plane,
        "chat",
        [
            Integration(("history", "archive"), default, id="int1111"),
            Integration(("sendMessage",), default, type="AWS", uri=_FUNCTION),
            Integration(("ping",), default, two_way=False, type="MOCK"),
            Integration(("stream",), type="AWS_PROXY", uri=_FUNCTION),
        ],
    )


_FUNCTION: Final = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/f/invocations"
