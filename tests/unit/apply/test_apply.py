"""Actions carried out on the strict model: what becomes of each when all goes well, and when not."""

from collections.abc import Callable

import pytest

from reconciler.apply import ActionResult, Outcome
from reconciler.errors import Interrupted, JournalError
from reconciler.models.responses import MethodResponse, RestResponse
from reconciler.models.targets import ResponseRef, Target
from reconciler.sandbox.gateway import InMemoryReader, InMemoryWriter
from reconciler.sandbox.model.faults import (
    Dropped,
    Fault,
    LostAnswer,
    NoConnection,
    Truncated,
    access_denied,
    quota_exceeded,
    server_error,
    throttled,
)
from support.live import DEFAULT, NOT_FOUND
from support.runs import Journal, StopAfter
from support.scenes import (
    RestScene,
    Scene,
    creation,
    declaration,
    deletion,
    extension,
    results,
    websocket_creation,
    websocket_deletion,
    websocket_replacement,
    websocket_update,
)

PUT, DELETE = "PutIntegrationResponse", "DeleteIntegrationResponse"
DECLARE, EXTEND = "PutMethodResponse", "UpdateMethodResponse"
CREATE, UPDATE = "CreateIntegrationResponse", "UpdateIntegrationResponse"
TOOK_EFFECT = "the answer was lost; a second read shows that the call took effect"

each_write = pytest.mark.parametrize(
    ("scene", "operation", "settling"),
    [
        (creation, PUT, "GetIntegrationResponse"),
        (deletion, DELETE, "GetIntegrationResponse"),
        (declaration, DECLARE, "GetMethodResponse"),
        (extension, EXTEND, "GetMethodResponse"),
        # The list of an integration, for the id of what was created was lost too
        (websocket_creation, CREATE, "GetIntegrationResponses"),
        (websocket_update, UPDATE, "GetIntegrationResponse"),
        (websocket_deletion, DELETE, "GetIntegrationResponse"),
    ],
)
"""A scene, the operation that it begins with, and the one that tells what became of it."""


@pytest.mark.parametrize(
    ("scene", "calls"),
    [
        (creation, [PUT]),
        (deletion, [DELETE]),
        (declaration, [DECLARE, PUT]),
        (extension, [EXTEND, PUT]),
        (websocket_creation, [CREATE]),
        (websocket_update, [UPDATE]),
        (websocket_deletion, [DELETE]),
        (websocket_replacement, [DELETE, CREATE]),
    ],
)
def test_each_action_is_one_call(scene: Callable[[], Scene], calls: list[str]) -> None:
    """And no read, where all goes well."""
    now = scene()

    assert ([ActionResult.APPLIED] * len(calls), calls) == (results(now.run()), now.plane.calls.names())


def test_the_log_hears_of_each_action_before_and_after() -> None:
    """In the order of the calls."""
    scene = declaration()
    scene.run()

    assert [("started", "1"), ("finished", "1"), ("started", "2"), ("finished", "2")] == [
        (line[0], line[2]) for line in scene.journal.lines
    ]


@pytest.mark.parametrize("scene", [deletion, websocket_deletion])
def test_a_delete_that_finds_nothing_is_skipped(scene: Callable[[], Scene]) -> None:
    """Somebody was faster: that is as good as done."""
    now = scene()
    now.delete()
    outcome = now.run()[0]

    assert (ActionResult.SKIPPED, "it was already deleted", True) == (outcome.result, outcome.detail, outcome.is_done)


@pytest.mark.parametrize("fault", [LostAnswer(), Truncated()])
@each_write
def test_a_lost_answer_is_settled_by_reading(
    scene: Callable[[], Scene], operation: str, settling: str, fault: Fault
) -> None:
    """The write took effect: it is applied, and was sent once."""
    now = scene().fault(fault, operation)
    outcome = now.run()[0]

    assert (ActionResult.APPLIED, TOOK_EFFECT, [operation, settling], 1) == (
        outcome.result,
        outcome.detail,
        now.plane.calls.names()[:2],
        len(now.plane.calls.of(operation)),
    )


@pytest.mark.parametrize("fault", [Dropped(), server_error()])
@pytest.mark.parametrize(("scene", "operation"), [(creation, PUT), (deletion, DELETE)])
def test_a_write_that_took_no_effect_has_failed(scene: Callable[[], Scene], operation: str, fault: Fault) -> None:
    """And its words say both what happened and what re-reading shows."""
    outcome = scene().fault(fault, operation).run()[0]

    assert (ActionResult.FAILED, True) == (
        outcome.result,
        outcome.detail.endswith("; a second read shows that it took no effect"),
    )


def test_a_deletion_is_settled_where_the_method_went_too() -> None:
    """No method, no response: 404 of the method settles it as well."""
    scene = deletion().fault(Dropped(), DELETE)
    scene.call("DeleteMethod")

    assert [ActionResult.APPLIED] == results(scene.run())


def test_a_put_is_not_settled_where_the_method_went() -> None:
    """What AWS says then is not that the response is missing, so nothing is known."""
    scene = creation().fault(Dropped(), PUT)
    scene.call("DeleteMethod")

    assert [ActionResult.UNKNOWN] == results(scene.run())


@pytest.mark.parametrize("on_reading", [Dropped(), NoConnection(), Truncated(), access_denied("GET", "/"), throttled()])
@each_write
def test_what_cannot_be_settled_is_unknown(
    scene: Callable[[], Scene], operation: str, settling: str, on_reading: Fault
) -> None:
    """The answer was lost and re-reading fails: neither "applied" nor "failed" would be true."""
    outcomes = scene().fault(LostAnswer(), operation).fault(on_reading, settling, times=9).run()

    assert (ActionResult.UNKNOWN, {ActionResult.NOT_RUN} if outcomes[1:] else set()) == (
        outcomes[0].result,
        set(results(outcomes[1:])),
    )


def test_an_unknown_outcome_tells_both_failures() -> None:
    """That of the write and that of the read."""
    outcome = creation().fault(LostAnswer(), PUT).fault(NoConnection(), "GetIntegrationResponse").run()[0]

    assert (
        "the connection was closed before a response arrived, and reading again failed too: cannot connect"
        == outcome.detail
    )


@each_write
def test_what_never_reached_aws_is_not_settled(scene: Callable[[], Scene], operation: str, settling: str) -> None:
    """Nothing listens there: it failed, and there is nobody to ask either."""
    now = scene().fault(NoConnection(), operation)

    assert (ActionResult.FAILED, [operation], []) == (
        now.run()[0].result,
        now.plane.calls.names(),
        now.plane.calls.of(settling),
    )


@pytest.mark.parametrize("fault", [throttled(), quota_exceeded(), access_denied("PUT", "/")])
def test_a_refusal_has_failed_without_a_read(fault: Fault) -> None:
    """AWS answered: there is nothing to settle."""
    scene = creation().fault(fault, PUT)

    assert ([ActionResult.FAILED], [PUT]) == (results(scene.run()), scene.plane.calls.names())


def test_a_failure_stops_what_comes_after() -> None:
    """The rest is not run, and says after what."""
    scene = RestScene({}, {"200": DEFAULT, "404": NOT_FOUND}).fault(throttled(), PUT)
    outcomes = scene.run()

    assert ([ActionResult.FAILED, ActionResult.NOT_RUN], "after 1 failed", [PUT]) == (
        results(outcomes),
        outcomes[1].detail,
        scene.plane.calls.names(),
    )


def test_the_log_hears_nothing_of_what_is_not_run() -> None:
    """There is no call to tell of."""
    scene = RestScene({}, {"200": DEFAULT, "404": NOT_FOUND}).fault(throttled(), PUT)
    scene.run()

    assert {"1"} == {line[2] for line in scene.journal.lines}


def test_a_declaration_without_effect_is_sent_again() -> None:
    """Reading shows that it was not made, so a second one cannot be refused."""
    scene = declaration().fault(Dropped(), DECLARE)

    assert ([ActionResult.APPLIED, ActionResult.APPLIED], [DECLARE, "GetMethodResponse", DECLARE, PUT]) == (
        results(scene.run()),
        scene.plane.calls.names(),
    )


def test_a_declaration_is_not_sent_for_ever() -> None:
    """After three lost tries it has failed, and every try was settled by one read."""
    scene = declaration().fault(Dropped(), DECLARE, times=9)

    assert ([ActionResult.FAILED, ActionResult.NOT_RUN], [DECLARE, "GetMethodResponse"] * 3) == (
        results(scene.run()),
        scene.plane.calls.names(),
    )


def test_a_declaration_is_not_sent_again_after_a_request_to_stop() -> None:
    """The call in flight is settled, no more."""
    scene = declaration().fault(Dropped(), DECLARE)
    outcomes = scene.run(stop=StopAfter(1))

    assert ([ActionResult.FAILED, ActionResult.NOT_RUN], [DECLARE, "GetMethodResponse"]) == (
        results(outcomes),
        scene.plane.calls.names(),
    )


def test_somebody_else_declared_the_same() -> None:
    """409, and what is needed is there: skipped, and the response is put."""
    scene = declaration()
    parameters = {"method.response.header.X-A": True, "method.response.header.X-Z": True}
    scene.call(DECLARE, statusCode="404", responseParameters=parameters)
    outcomes = scene.run()

    assert ([ActionResult.SKIPPED, ActionResult.APPLIED], "someone else created it in the meantime") == (
        results(outcomes),
        outcomes[0].detail,
    )


def test_somebody_else_declared_less() -> None:
    """409, and the header is not there: failed, in AWS's words; the next plan extends it."""
    scene = declaration()
    scene.call(DECLARE, statusCode="404")
    outcomes = scene.run()

    assert ([ActionResult.FAILED, ActionResult.NOT_RUN], True) == (
        results(outcomes),
        "already exists" in outcomes[0].detail,
    )


def test_a_conflict_that_cannot_be_looked_into_has_failed() -> None:
    """AWS refused, so the answer is known, whatever the read says."""
    scene = declaration()
    scene.call(DECLARE, statusCode="404")
    outcome = scene.fault(Dropped(), "GetMethodResponse", times=9).run()[0]

    assert (ActionResult.FAILED, True) == (outcome.result, "already exists" in outcome.detail)


def test_nothing_is_run_after_a_request_to_stop() -> None:
    """It is heeded before the first call too."""
    scene = creation()

    assert ([(ActionResult.NOT_RUN, "stopped on request")], []) == (
        [(one.result, one.detail) for one in scene.run(stop=StopAfter(0))],
        scene.plane.calls.names(),
    )


def test_a_request_to_stop_is_heeded_between_calls() -> None:
    """What is done is done, the rest is not run."""
    scene = RestScene({}, {"200": DEFAULT, "404": NOT_FOUND})

    assert ([ActionResult.APPLIED, ActionResult.NOT_RUN], [PUT]) == (
        results(scene.run(stop=StopAfter(1))),
        scene.plane.calls.names(),
    )


class _NeverSent(InMemoryWriter):
    """A writer that is asked to stop while it waits for its turn."""

    def put_response(self, ref: ResponseRef, response: RestResponse) -> None:
        raise Interrupted(f"stopped before {ref.code} was sent as {response.selection_pattern}")


def test_a_call_that_was_interrupted_before_it_was_sent_is_not_run() -> None:
    """And neither is what follows."""
    scene = RestScene({}, {"200": DEFAULT, "404": NOT_FOUND})
    outcomes = scene.run(writer=_NeverSent(scene.plane))

    assert [(ActionResult.NOT_RUN, "stopped on request")] * 2 == [
        (outcome.result, outcome.detail) for outcome in outcomes
    ]


class _Interrupted(InMemoryReader):
    """A reader that is asked to stop while it waits for its turn."""

    def method_response(self, ref: ResponseRef) -> MethodResponse | None:
        raise Interrupted(f"stopped before {ref.code} was read")


def test_a_lost_declaration_that_cannot_be_read_for_a_stop_is_unknown() -> None:
    """It went out: "not run" would be wrong."""
    scene = declaration().fault(LostAnswer(), DECLARE)
    outcomes = scene.run(reader=_Interrupted(scene.plane))

    assert [ActionResult.UNKNOWN, ActionResult.NOT_RUN] == results(outcomes)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (ActionResult.APPLIED, True),
        (ActionResult.SKIPPED, True),
        (ActionResult.FAILED, False),
        (ActionResult.UNKNOWN, False),
        (ActionResult.NOT_RUN, False),
    ],
)
def test_applied_and_skipped_are_done(result: ActionResult, expected: bool) -> None:
    """AWS holds what the action was for; of the others nobody can say so."""
    assert expected == Outcome("1", creation().plan.actions[0], result).is_done


class FullJournal(Journal):
    """A run log that has room for so many outcomes, and says so from then on."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room

    def started(self, target: Target, action_id: str, address: str) -> None:
        """Remember, while there is room."""
        if self._room < 0:
            raise JournalError("the disk is full")
        super().started(target, action_id, address)

    def finished(self, target: Target, action_id: str, outcome: str, detail: str) -> None:
        """Remember, while there is room."""
        self._room -= 1
        if self._room < 0:
            raise JournalError("the disk is full")
        super().finished(target, action_id, outcome, detail)


def three_creations(journal: Journal) -> RestScene:
    """201, 404 and 500 are to be made."""
    after = {"200": DEFAULT, "201": RestResponse("201"), "404": NOT_FOUND, "500": RestResponse("5..")}
    return RestScene({"200": DEFAULT}, after, {code: [] for code in after}, journal)


def test_what_cannot_be_logged_is_the_last() -> None:
    """It was done, which is told, and that it is not in the log; nothing of the API follows."""
    scene = three_creations(FullJournal(1))
    outcomes = scene.run()

    assert (
        [
            (ActionResult.APPLIED, "", ""),
            (ActionResult.APPLIED, "", "the disk is full"),
            (ActionResult.NOT_RUN, "the disk is full", ""),
        ],
        [PUT, PUT],
    ) == ([(outcome.result, outcome.detail, outcome.unlogged) for outcome in outcomes], scene.plane.calls.names())


def test_where_nothing_can_be_logged_nothing_is_begun() -> None:
    """A log that is full already (by another API of the run, say) lets no call out."""
    scene = three_creations(FullJournal(-1))

    assert ([(ActionResult.NOT_RUN, "the disk is full")] * 3, []) == (
        [(one.result, one.detail) for one in scene.run()],
        scene.plane.calls.names(),
    )
