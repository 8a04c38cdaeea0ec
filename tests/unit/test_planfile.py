"""Saved plans on disk: whole, or told apart from what is not."""

import json
import stat
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler import planfile
from reconciler.documents import PlanDocument, RequestDocument, dumped, plan_document
from reconciler.errors import ExitCode, ReconcilerError, Refused
from reconciler.guard import judge
from reconciler.models.deferred import Deferred
from reconciler.models.desired import Desired
from reconciler.models.keys import IntegrationKey, MethodKey
from reconciler.models.live import LiveApi, LiveIntegration
from reconciler.models.responses import RestResponse, WebSocketResponse
from reconciler.models.targets import Kind, Target
from reconciler.plan import Plan, make_plan
from reconciler.plan.causes import causes
from reconciler.planfile import PlanFileError, load, save, understood, written
from reconciler.resolve.defer import defer
from reconciler.rules import GuardRule
from support.live import GET_PETS, live_of
from support.states import METHODS, Content, apis, desired_of
from support.websocket import contents, websocket_desired_of

NOW = "2026-01-31T12:00:00Z"
REQUEST = RequestDocument(
    paths=["manifests"],
    config=None,
    environments=["prod"],
    variables={"stage": "prod"},
    selectors=[{"team": "pets"}],
    only=[],
    touched=None,
    force=[GuardRule.MAX_DELETE],
    region=None,
    profile="ci",
    allow_missing=False,
    deploy=True,
    stages=["prod"],
    publish_all=False,
    writes=True,
)
LONG = "x" * 5_000


def document_of(before: Mapping[MethodKey, Content], after: Mapping[MethodKey, Content]) -> PlanDocument:
    """The plan from one state to another, with its request."""
    live = live_of({scope: before.get(scope, {}) for scope in METHODS})
    desired = desired_of(after)
    one = replace(make_plan(desired, live), causes=causes(desired_of(before), desired, live))
    verdict = judge(Plan((one,)), (GuardRule.EMPTY_METHOD,))
    made = plan_document(Plan((one,)), NOW, verdict)
    return made.model_copy(update={"request": REQUEST})


def plan_of(text: str, before: str = "") -> PlanDocument:
    """A plan that changes a template to this."""
    states = [{GET_PETS: {"200": RestResponse(response_templates={"text/plain": one})}} for one in (before, text)]
    return document_of(*states)


def changed(change: Callable[[dict[str, Any]], object], *, checked: bool = True) -> bytes:
    """A saved plan in which something was changed, by somebody who makes the checksum right again or not."""
    raw = json.loads(written(plan_of("new")))
    change(raw)
    if checked:
        raw["checksum"] = planfile._checksum(raw)
    return json.dumps(raw).encode()


def same(before: PlanDocument, after: PlanDocument) -> bool:
    """Whether all is equal but what only the file has."""
    return before == after.model_copy(update={"checksum": None})


@settings(max_examples=60, deadline=None)
@given(before=apis(), after=apis())
def test_what_is_written_is_understood(before: Mapping[MethodKey, Content], after: Mapping[MethodKey, Content]) -> None:
    """A plan comes back as it was, causes, waivers and request with it."""
    document = document_of(before, after)

    assert same(document, understood(written(document).encode(), "plan.json"))


@settings(max_examples=40, deadline=None)
@given(before=contents(), after=contents())
def test_so_is_one_of_a_websocket_api(
    before: Mapping[str, WebSocketResponse], after: Mapping[str, WebSocketResponse]
) -> None:
    """With what waits for its route."""
    scope = IntegrationKey("send", "i1")
    target = Target("123456789012", "eu-west-1", "w1", kind=Kind.WEBSOCKET_API, environment="prod")
    ids = {code: f"r{number}" for number, code in enumerate(before)}
    held = LiveIntegration("i1", "HTTP", responses=before, response_ids=ids)
    waiting = IntegrationKey("later")
    desired = websocket_desired_of({scope: after, waiting: after})
    live = LiveApi(target, frozenset(), {scope: held}, {"send": "i1"})
    made = plan_document(Plan((make_plan(*defer_from(desired, live)),)), NOW)
    document = made.model_copy(update={"request": REQUEST})

    assert same(document, understood(written(document).encode(), "plan.json"))
    assert len(after) == len(document.deferred)


def defer_from(desired: Desired, live: LiveApi) -> tuple[Desired, LiveApi, tuple[Deferred, ...]]:
    """What a plan with `--allow-missing` is made of."""
    ready, deferred = defer(desired, live)
    return ready, live, deferred


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=2_000).map(lambda text: text * 3), key=st.text(min_size=1, max_size=8))
def test_any_text_comes_back(text: str, key: str) -> None:
    """Long or short, under whatever content type."""
    response = RestResponse(response_templates={key: text, "$text": text})
    document = document_of({}, {GET_PETS: {"200": response}})

    assert same(document, understood(written(document).encode(), "plan.json"))


def test_long_texts_stand_once() -> None:
    """Actions and changes refer to them; `plan --format json` has them in place."""
    text = written(plan_of(LONG, "old"))
    raw = json.loads(text)
    (digest,) = raw["texts"]

    assert (1, {"$text": digest}, {"$text": digest}) == (
        text.count(LONG),
        raw["actions"][0]["after"]["responseTemplates"]["text/plain"],
        raw["actions"][0]["changes"][0]["after"],
    )
    assert 2 == dumped(plan_of(LONG, "old")).count(LONG)


def test_short_texts_stay_in_place() -> None:
    """A reader need not look them up."""
    assert {} == json.loads(written(plan_of("x" * 1_000)))["texts"]


def test_it_is_ascii(tmp_path: Path) -> None:
    """So that nothing in it reaches a terminal as a control sequence."""
    save(tmp_path / "plan.json", plan_of("\x1b[31m\u202e\u00e9"))

    assert (tmp_path / "plan.json").read_bytes().isascii()


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    """Templates and variables may be nobody else's business; one that others could read before is replaced."""
    file = tmp_path / "plan.json"
    file.write_text("older")
    file.chmod(0o644)
    save(file, plan_of("new"))

    assert (0o600, ["plan.json"]) == (stat.S_IMODE(file.stat().st_mode), [one.name for one in tmp_path.iterdir()])


def test_link_stays_one(tmp_path: Path) -> None:
    """What it leads to is written."""
    (tmp_path / "link.json").symlink_to("plan.json")
    save(tmp_path / "link.json", plan_of("new"))

    assert (tmp_path / "link.json").is_symlink()
    assert load(tmp_path / "link.json") == load(tmp_path / "plan.json")


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    """Neither the file nor a draft of it."""
    (tmp_path / "plan.json").mkdir()
    with pytest.raises(ReconcilerError, match="cannot be written"):
        save(tmp_path / "plan.json", plan_of("new"))

    assert ["plan.json"] == [one.name for one in tmp_path.iterdir()]


def test_file_that_is_not_there() -> None:
    """It is said, with what now."""
    with pytest.raises(PlanFileError, match=r"nowhere/plan\.json cannot be read: No such file") as failure:
        load(Path("nowhere/plan.json"))

    assert ExitCode.FAILED == failure.value.exit_code


CUT = written(plan_of("new")).encode()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not JSON, or is cut off"),
        (CUT[:-20], "is not JSON, or is cut off"),
        (CUT[: len(CUT) // 2], "is not JSON, or is cut off"),
        (b"\xff\xfe\x00\x01", "is not JSON, or is cut off"),
        (b"[" * 1_000_000, "is not JSON, or is cut off"),
        (b'{"a":' * 200_000 + b"1" + b"}" * 200_000, "is not JSON, or is cut off"),
        (b"[]", "is not a saved plan"),
        (b"3", "is not a saved plan"),
        (b"9" * 10_000, "is not JSON, or is cut off"),
        (b"{}", "is not a plan made by reconciler"),
        (
            b'{"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": []}',
            "is not a plan made by reconciler",
        ),
        (b'{"kind": "Plan", "formatVersion": 1}', "is not a plan made by reconciler"),
        (b'{"kind": "Plan", "formatVersion": "one"}', "is not a plan made by reconciler"),
        (b'{"kind": "Plan", "formatVersion": "' + b"1" * 9_000 + b'.0"}', "is not a plan made by reconciler"),
        (b'{"kind": "Drift", "formatVersion": "1.0"}', "is not a plan made by reconciler"),
        (b'{"kind": "Plan", "formatVersion": "1.0"}', "is a plan's report, not a saved plan"),
        (dumped(plan_of("new")).encode(), "is a plan's report, not a saved plan"),
        (changed(lambda raw: raw.pop("actions")), "is not a valid saved plan"),
        (changed(lambda raw: raw.update(actions=7)), "is not a valid saved plan"),
        (changed(lambda raw: raw.update(actions=[7])), "is not a valid saved plan"),
        (changed(lambda raw: raw.update(extra=1)), "is not a valid saved plan"),
        (changed(lambda raw: raw["request"].update(force=["noSuchRule"])), "is not a valid saved plan"),
        (
            changed(lambda raw: raw["actions"][0]["changes"][0].update(after={"$text": "sha256:0"})),
            "is not a valid saved plan",
        ),
        (changed(lambda raw: raw["actions"][0]["changes"][0].update(after={"$text": []})), "is not a valid saved plan"),
        (changed(lambda raw: raw["actions"][0].update(after={"responseTemplates": 3})), "is not a valid saved plan"),
        (changed(lambda raw: raw["request"].update(paths=["a\0b"])), "is not a valid saved plan"),
        (changed(lambda raw: raw["request"].update(config="\ud800")), "is not a valid saved plan"),
    ],
)
def test_what_is_no_saved_plan_is_told(content: bytes, message: str) -> None:
    """By its kind, and as a failure (exit code 1) that says how to make one; never a traceback."""
    with pytest.raises(PlanFileError) as failure:
        understood(content, "plan.json")

    assert (True, True, ExitCode.FAILED) == (
        failure.value.message.startswith(f"plan.json {message}"),
        "save it with --out" in failure.value.remedy,
        failure.value.exit_code,
    )


@pytest.mark.parametrize("depth", range(800, 1_100, 7))
def test_nesting_that_is_just_read_is_no_traceback(depth: int) -> None:
    """Whatever gives up first, parsing, checksum or validation."""
    nested = b'{"a":' * depth + b"1" + b"}" * depth
    content = CUT.replace(b'"refusals": []', b'"refusals": ' + nested)
    with pytest.raises((PlanFileError, Refused)):
        understood(content, "plan.json")


@pytest.mark.parametrize("version", ["1.1", "2.0", "10.0", "1.999999"])
def test_newer_format_is_refused(version: str) -> None:
    """Whatever else there is in it."""
    with pytest.raises(Refused, match=f"has format {version}, but this version reads formats up to 1.0"):
        understood(json.dumps({"kind": "Plan", "formatVersion": version, "news": [1]}).encode(), "plan.json")


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw["actions"][0]["after"].update(responseTemplates={"text/plain": "evil"}),
        lambda raw: raw["request"].update(force=["maxDelete", "emptyMethod"]),
        lambda raw: raw.update(createdAt="2036-01-01T00:00:00Z"),
        lambda raw: raw["waivers"].append({"rule": "protect", "target": "", "message": ""}),
        lambda raw: raw["targets"].clear(),
        lambda raw: raw.update(checksum="sha256:0"),
    ],
)
def test_edited_plan_is_refused(change: Callable[[dict[str, Any]], object]) -> None:
    """Nobody reviewed it as it is."""
    with pytest.raises(Refused, match="was changed after it was written, or is damaged"):
        understood(changed(change, checked=False), "plan.json")


def test_other_white_space_is_no_edit() -> None:
    """Nor another order of keys: what it says is the same."""
    content = json.dumps(json.loads(CUT), sort_keys=True, indent=8).encode()

    assert plan_of("new").actions == understood(content, "plan.json").actions


def test_more_than_any_plan_is_not_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file without an end fills no memory."""
    monkeypatch.setattr(planfile, "MAX_BYTES", 1_000)
    (tmp_path / "plan.json").write_bytes(b" " * 1_001)

    with pytest.raises(PlanFileError, match="is too large for a saved plan"):
        load(tmp_path / "plan.json")
