"""reconciler select: which response an answer of the backend selects."""

import json
from pathlib import Path

import pytest

from e2e.running import SAMPLES, InProcess
from e2e.test_output import shortcomings

MANIFEST = r"""
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: shop}
spec:
  api: {name: shop}
  resources:
    /a:
      GET:
        responses:
          400: {selectionPattern: '4\d\d'}
          404: {selectionPattern: '404'}
          503: {selectionPattern: '5\d\d'}
"""

PETS = (SAMPLES / "petstore", "--method", "GET /pets/{petId}")
HISTORY = (SAMPLES / "chat", "--route", "history")


def test_selected_response_comes_first(reconciler: InProcess) -> None:
    """Every response is listed with its reason, the selected one first; the last line names it."""
    ran = reconciler("select", *PETS, "--lambda-error", "[NotFound] no pet 7")
    keys = [line.split()[:2] for line in ran.out.splitlines() if line.startswith(("  *", "  -"))]

    assert (0, ["*", "404"], {"200", "500"}, "Selected: 404.") == (
        ran.code,
        keys[0],
        {key for sign, key in keys if sign == "-"},
        ran.last,
    )


def test_selection_of_a_status(reconciler: InProcess) -> None:
    """An HTTP backend is told by its status, in a WebSocket API as well."""
    assert r"Selected: /4\d\d/." == reconciler("select", *HISTORY, "--status", "404").last


def test_quiet_is_one_line(reconciler: InProcess) -> None:
    """With -q only the last line is left."""
    assert "Selected: $default.\n" == reconciler("select", *HISTORY, "--status", "500", "-q").out


def test_document(reconciler: InProcess) -> None:
    """The document has every response with its place, and is what its schema says."""
    ran = reconciler("select", *HISTORY, "--status", "404", "--format", "json")
    document = json.loads(ran.out)
    files = {response["source"]["file"] for response in document["responses"]}

    assert ([], r"/4\d\d/", {str(SAMPLES / "chat" / "chat.yaml")}) == (
        shortcomings(ran.out, "selection"),
        document["selected"],
        {str(SAMPLES.parent / file) for file in files},
    )


@pytest.fixture
def shop(folder: Path) -> Path:
    """A manifest with a method that has no default response, and two patterns that match one status."""
    file = folder / "shop.yaml"
    file.write_text(MANIFEST)
    return file


def test_nothing_is_selected(reconciler: InProcess, shop: Path) -> None:
    """Without a default response, a backend's answer may select none: exit code 1, and the reason."""
    ran = reconciler("select", shop, "--method", "GET /a", "--status", "200", "--format", "json")
    document = json.loads(ran.out)

    assert (1, None, []) == (ran.code, document["selected"], document["unknown"])
    assert document["error"]["message"] == "Internal server error"


def test_two_responses_match(reconciler: InProcess, shop: Path) -> None:
    """No source says which one AWS takes: it is unknown, which is no error."""
    ran = reconciler("select", shop, "--method", "GET /a", "--status", "404", "--format", "json")
    document = json.loads(ran.out)

    assert (0, None, ["selected"]) == (ran.code, document["selected"], [each["what"] for each in document["unknown"]])


def test_backend_is_read(reconciler: InProcess, shop: Path) -> None:
    """The options on the backend are those of render."""
    (shop.parent / "backend.yaml").write_text("status: 503")
    ran = reconciler("select", shop, "--method", "GET /a", "--backend", "backend.yaml")

    assert (0, "Selected: 503.") == (ran.code, ran.last)


def test_wrong_usage(reconciler: InProcess) -> None:
    """A method has to be named."""
    ran = reconciler("select", SAMPLES / "petstore", "--status", "200")

    assert (64, ["no method is given"]) == (ran.code, ran.failures())


def test_file_that_cannot_be_read(reconciler: InProcess, shop: Path) -> None:
    """The problems of an input file are on stderr, with their places."""
    (shop.parent / "backend.yaml").write_text("stats: 503")
    ran = reconciler("select", shop, "--method", "GET /a", "--backend", "backend.yaml")

    assert (1, "", [("backend.yaml:1:1", "unknown-key")]) == (ran.code, ran.out, ran.problems())
