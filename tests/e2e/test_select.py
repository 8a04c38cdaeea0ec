"""reconciler select: which response an answer of the backend selects."""

import json

from e2e.running import SAMPLES, InProcess
from e2e.test_output import shortcomings

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


def test_nothing_is_selected(reconciler: InProcess) -> None:
    """Without a default response, a backend's answer may select none: exit code 1, and the reason."""
    ran = reconciler("select", *HISTORY[:1], "--route", "ping", "--mock", "200")

    assert (0, "Selected: $default.") == (ran.code, ran.last)
