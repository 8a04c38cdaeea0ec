"""Plans that do more than anybody is likely to mean are refused."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from reconciler.guard import Limits, Refusal, judge
from reconciler.models.keys import MethodKey, ResponseKey
from reconciler.models.responses import RestResponse
from reconciler.plan import Plan, make_plan
from reconciler.plan.causes import causes
from reconciler.rules import GuardRule
from support.live import BROKEN, DEFAULT, GET_PETS, NOT_FOUND, POST_PETS, TARGET, live_of
from support.states import desired_of

State = Mapping[MethodKey, Mapping[str, RestResponse]]
Wish = Mapping[MethodKey, Mapping[str, RestResponse | None]]


def plan_of(before: State, after: Wish, *, protected: frozenset[ResponseKey] = frozenset()) -> Plan:
    """The plan from one state to another."""
    return Plan((make_plan(desired_of(after, protected=protected), live_of(before)),))


def rules(plan: Plan, limits: Limits | None = None) -> list[GuardRule]:
    """The rules that stand against it."""
    return [refusal.rule for refusal in judge(plan, limits=limits).refusals]


def many(count: int, *, changed: int = 0, method: MethodKey = GET_PETS) -> State:
    """So many responses, the default among them; of the others the first so many differ from the usual."""
    codes = [str(number) for number in range(200, 200 + count)]
    texts = {code: "changed" if 0 < number <= changed else "usual" for number, code in enumerate(codes)}
    return {
        method: {
            code: RestResponse("" if code == "200" else code, response_templates={"a/b": text})
            for code, text in texts.items()
        }
    }


@pytest.mark.parametrize(
    ("left", "expected"), [(8, []), (7, []), (6, [GuardRule.MAX_DELETE]), (1, [GuardRule.MAX_DELETE])]
)
def test_deletions_up_to_the_limit(left: int, expected: list[GuardRule]) -> None:
    """Of ten responses three may go, not four: the limit is 30 %."""
    assert expected == rules(plan_of(many(10), many(left)))


@pytest.mark.parametrize(("changed", "expected"), [(4, []), (5, []), (6, [GuardRule.MAX_UPDATE])])
def test_updates_up_to_the_limit(changed: int, expected: list[GuardRule]) -> None:
    """Of ten responses five may change, not six: the limit is 50 %."""
    assert expected == rules(plan_of(many(10), many(10, changed=changed)))


@pytest.mark.parametrize(("live", "expected"), [(9, []), (10, [GuardRule.MAX_DELETE]), (11, [GuardRule.MAX_DELETE])])
def test_shares_count_from_ten_live_responses_up(live: int, expected: list[GuardRule]) -> None:
    """Of few responses any change is a large share."""
    assert expected == rules(plan_of(many(live), many(2)))


@pytest.mark.parametrize(("percent", "live"), [(29, 100), (7, 100), (57, 100), (30, 70), (58, 50)])
def test_a_share_at_the_limit_is_allowed_in_any_arithmetic(percent: int, live: int) -> None:
    """No rounding makes 29 of 100 more than 29 %."""
    plan = plan_of(many(live), many(live - percent * live // 100))

    assert [] == rules(plan, Limits(max_delete=percent / 100))


def test_a_start_of_zero_counts_from_the_first_response() -> None:
    """And an API without responses has no shares."""
    limits = Limits(start=0)

    assert ([GuardRule.MAX_DELETE], []) == (
        rules(plan_of(many(2), many(1)), limits),
        rules(plan_of({GET_PETS: {}}, many(1)), limits),
    )


def test_creations_have_no_limit() -> None:
    """They take nothing away."""
    assert [] == rules(plan_of(many(10), many(100)))


def test_shares_are_of_listed_methods() -> None:
    """What nobody lists makes no share smaller."""
    before = {**many(10), **many(50, method=POST_PETS)}

    assert [GuardRule.MAX_DELETE] == rules(plan_of(before, many(6)))


def test_shares_are_of_all_listed_methods_together() -> None:
    """A method may lose a larger share than the API."""
    before = {**many(10), **many(10, method=POST_PETS)}

    assert [] == rules(plan_of(before, {**many(4), **many(10, method=POST_PETS)}))


def test_each_target_has_its_own_shares() -> None:
    """A large API does not hide what happens to a small one."""
    small, large = plan_of(many(10), many(6)), plan_of(many(100), many(100))

    assert [GuardRule.MAX_DELETE] == rules(Plan((*large.targets, *small.targets)))


def test_parks_count_as_nothing() -> None:
    """Five swaps are ten puts and five parks, of twenty responses: at the limit, not beyond."""
    codes = [str(code) for code in range(201, 220)]
    before = {"200": DEFAULT, **{code: RestResponse(code) for code in codes}}
    swapped = {**before, **{codes[at]: RestResponse(codes[at ^ 1]) for at in range(10)}}
    plan = plan_of({GET_PETS: before}, {GET_PETS: swapped})

    assert ([], 5) == (rules(plan), plan.summary.steps)


def test_declarations_count_as_nothing() -> None:
    """Method responses are made, no response changes."""
    one = make_plan(desired_of(many(10), ensure=True), live_of(many(10), declared={}))

    assert (10, []) == (len(one.actions), rules(Plan((one,))))


def test_a_share_is_told_in_figures() -> None:
    """What the plan does, of how many, what is allowed."""
    refusal = judge(plan_of(many(10), many(6))).refusals[0]

    assert (f"petstore, {TARGET}", "deletes 4 of 10 live responses (40%); the limit is 30%") == (
        refusal.target,
        refusal.message,
    )


def test_a_share_just_above_the_limit_does_not_read_like_the_limit() -> None:
    """31 % is refused as such, and so is 30.5 %."""
    refusal = judge(plan_of(many(200), many(139))).refusals[0]

    assert "deletes 61 of 200 live responses (30.5%); the limit is 30%" == refusal.message


def test_a_method_that_loses_everything() -> None:
    """However few responses there were."""
    assert [GuardRule.EMPTY_METHOD] == rules(plan_of({GET_PETS: {"404": NOT_FOUND}}, {GET_PETS: {}}))


def test_a_method_that_gets_others_is_not_empty() -> None:
    """The set is replaced, not lost."""
    assert [] == rules(plan_of({GET_PETS: {"404": NOT_FOUND}}, {GET_PETS: {"500": BROKEN}}))


def test_a_method_that_has_nothing_loses_nothing() -> None:
    """`responses: {}` on a method without responses changes nothing."""
    assert [] == rules(plan_of({GET_PETS: {}}, {GET_PETS: {}}))


@pytest.mark.parametrize(
    "after", [{"404": NOT_FOUND}, {"200": RestResponse("2.."), "404": NOT_FOUND}, {"200": None, "404": NOT_FOUND}]
)
def test_a_method_that_loses_its_default(after: Mapping[str, RestResponse | None]) -> None:
    """Deleted, declared absent, or given a pattern: what no pattern matches would be a 500."""
    before = {GET_PETS: {"200": DEFAULT, "404": NOT_FOUND}}

    assert [GuardRule.DEFAULT_REMOVED] == rules(plan_of(before, {GET_PETS: after}))


def test_a_default_that_moves_is_not_removed() -> None:
    """Another status is the default afterwards."""
    before = {GET_PETS: {"200": DEFAULT, "404": NOT_FOUND}}

    assert [] == rules(plan_of(before, {GET_PETS: {"200": RestResponse("2.."), "404": DEFAULT}}))


def test_a_method_without_default_has_none_to_lose() -> None:
    """It may go on without."""
    assert [] == rules(plan_of({GET_PETS: {"404": NOT_FOUND, "500": BROKEN}}, {GET_PETS: {"404": NOT_FOUND}}))


def test_an_empty_method_is_said_once() -> None:
    """That the default goes too is understood."""
    assert [GuardRule.EMPTY_METHOD] == rules(plan_of({GET_PETS: {"200": DEFAULT}}, {GET_PETS: {}}))


PROTECTED = frozenset({ResponseKey(GET_PETS, "404")})


def test_a_protected_response_is_not_deleted() -> None:
    """Whatever asks for it."""
    before = {GET_PETS: {"200": DEFAULT, "404": NOT_FOUND}}

    assert [GuardRule.PROTECT] == rules(plan_of(before, {GET_PETS: {"200": DEFAULT, "404": None}}, protected=PROTECTED))


def test_a_protected_response_may_be_updated() -> None:
    """It is there afterwards."""
    before = {GET_PETS: {"404": NOT_FOUND}}

    assert [] == rules(plan_of(before, {GET_PETS: {"404": BROKEN}}, protected=PROTECTED))


def test_protection_cannot_be_forced() -> None:
    """Not even when everything is."""
    plan = plan_of(
        {GET_PETS: {"200": DEFAULT, "404": NOT_FOUND}}, {GET_PETS: {"200": DEFAULT, "404": None}}, protected=PROTECTED
    )
    verdict = judge(plan, tuple(GuardRule))

    assert ([GuardRule.PROTECT], ()) == ([refusal.rule for refusal in verdict.refusals], verdict.waivers)


def test_a_forced_rule_becomes_a_waiver() -> None:
    """It is on record, with the same words."""
    plan = plan_of({GET_PETS: {"404": NOT_FOUND}}, {GET_PETS: {}})

    assert ((), judge(plan).refusals) == (
        judge(plan, [GuardRule.EMPTY_METHOD]).refusals,
        judge(plan, [GuardRule.EMPTY_METHOD]).waivers,
    )


def test_forcing_one_rule_forces_no_other() -> None:
    """Each is asked for by name."""
    plan = plan_of({**many(20), POST_PETS: {"200": DEFAULT}}, {**many(1), POST_PETS: {}})
    verdict = judge(plan, [GuardRule.MAX_DELETE])

    assert ([GuardRule.EMPTY_METHOD], [GuardRule.MAX_DELETE]) == (
        [refusal.rule for refusal in verdict.refusals],
        [waiver.rule for waiver in verdict.waivers],
    )


def test_forcing_what_does_not_apply_waives_nothing() -> None:
    """Only what stands against the plan can be waived."""
    verdict = judge(plan_of(many(10), many(10)), [GuardRule.MAX_DELETE])

    assert ((), ()) == (verdict.refusals, verdict.waivers)


def test_a_plan_of_nothing_is_refused() -> None:
    """No manifest is more likely a wrong path than a wish."""
    assert [GuardRule.EMPTY_SET] == rules(Plan())


def test_a_plan_of_nothing_can_be_forced() -> None:
    """Who means it says so."""
    verdict = judge(Plan(), [GuardRule.EMPTY_SET])

    assert ((), 1) == (verdict.refusals, len(verdict.waivers))


def test_a_plan_without_changes_is_not_a_plan_of_nothing() -> None:
    """There is a target, and it is as it should be."""
    assert [] == rules(plan_of(many(10), many(10)))


@pytest.mark.parametrize("rule", list(GuardRule))
def test_a_refusal_says_what_now(rule: GuardRule) -> None:
    """The option to waive it, or what else is to be done."""
    remedy = Refusal(rule, "", "").remedy

    assert (rule.can_be_forced, True) == (f"--force {rule}" in remedy, bool(remedy))


def test_what_cannot_be_forced() -> None:
    """A deletion of what is protected, and what a deployment must not do."""
    assert [
        GuardRule.PROTECT,
        GuardRule.PUBLISHES_OTHERS,
        GuardRule.UNKNOWN_STAGE,
        GuardRule.ACTIVE_CANARY,
        GuardRule.UNDEPLOYABLE,
    ] == [rule for rule in GuardRule if not rule.can_be_forced]


def test_a_method_of_another_plan_is_judged_by_itself() -> None:
    """Two methods, two refusals, each with its address."""
    plan = plan_of({GET_PETS: {"200": DEFAULT}, POST_PETS: {"200": DEFAULT}}, {GET_PETS: {}, POST_PETS: {}})

    assert ["petstore: GET /pets", "petstore: POST /pets"] == [
        refusal.message.partition(" would")[0] for refusal in judge(plan).refusals
    ]


def test_a_method_that_the_api_lacks_is_no_matter_of_the_guard() -> None:
    """A check speaks of it."""
    one = make_plan(desired_of({GET_PETS: {"200": DEFAULT}}), live_of({}))

    assert () == judge(Plan((one,))).refusals


def beside(base: Wish, plan: Plan) -> Plan:
    """The plan with its causes."""
    return Plan(
        tuple(replace(target, causes=causes(desired_of(base), target.desired, target.live)) for target in plan.targets)
    )


REVERTING = plan_of({GET_PETS: {"200": DEFAULT, "404": BROKEN}}, {GET_PETS: {"200": DEFAULT, "404": NOT_FOUND}})
REFUSE = Limits(reverts_live="refuse")


@pytest.mark.parametrize(
    ("base", "limits", "expected"),
    [
        ({"200": DEFAULT, "404": NOT_FOUND}, REFUSE, [GuardRule.REVERTS_LIVE]),
        ({"200": DEFAULT}, REFUSE, [GuardRule.REVERTS_LIVE]),
        ({"200": DEFAULT, "404": BROKEN}, REFUSE, []),
        ({"200": DEFAULT, "404": NOT_FOUND}, Limits(), []),
        (None, REFUSE, []),
    ],
)
def test_undoing_changes_made_in_aws(
    base: Mapping[str, RestResponse] | None, limits: Limits, expected: list[GuardRule]
) -> None:
    """Refused where somebody asks for it, causes are known, and drift is one of them."""
    plan = REVERTING if base is None else beside({GET_PETS: base}, REVERTING)

    assert expected == rules(plan, limits)


def test_undoing_can_be_forced() -> None:
    """It is a waiver then."""
    plan = beside({GET_PETS: {"200": DEFAULT, "404": NOT_FOUND}}, REVERTING)
    verdict = judge(plan, [GuardRule.REVERTS_LIVE], REFUSE)

    assert ((), [GuardRule.REVERTS_LIVE]) == (verdict.refusals, [waiver.rule for waiver in verdict.waivers])


@pytest.mark.parametrize(
    ("count", "message"),
    [
        (1, "reverts a change made directly in AWS: petstore: GET /pets 201"),
        (
            5,
            (
                "reverts 5 changes made directly in AWS: petstore: GET /pets 201, petstore: GET /pets 202, "
                "petstore: GET /pets 203 and 2 more"
            ),
        ),
    ],
)
def test_refusal_to_undo_names_some(count: int, message: str) -> None:
    """How many there are, and the first of them; what now."""
    usual = many(9)
    (one,) = judge(beside(usual, plan_of(many(9, changed=count), usual)), limits=REFUSE).refusals

    assert (message, True) == (one.message, "reconciler adopt" in one.remedy)
