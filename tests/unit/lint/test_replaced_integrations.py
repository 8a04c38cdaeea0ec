"""Integrations that somebody replaced, and their responses with them."""

import pytest

from reconciler.lint import check, replaced_integrations
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse
from support.live import live_of
from support.states import desired_of

GET = MethodKey("/pets", "GET")
POST = MethodKey("/pets", "POST")
WANTED = {GET: {"200": RestResponse()}, POST: {"200": RestResponse()}}


def test_several_methods_without_any_of_their_responses() -> None:
    """What is gone from several listed methods at once is told once, with the methods."""
    (told,) = replaced_integrations(desired_of(WANTED), live_of({GET: {}, POST: {}}))

    assert ("responses-wiped", True) == (told.rule, "GET /pets, POST /pets" in told.message)


def test_one_method_may_be_new() -> None:
    """One method without responses is nothing special."""
    live = live_of({GET: {}, POST: {"200": RestResponse()}})

    assert () == replaced_integrations(desired_of(WANTED), live)


@pytest.mark.parametrize("type_", ["AWS_PROXY", "HTTP_PROXY"])
def test_proxies_have_none_to_lose(type_: str) -> None:
    """Proxy integrations answer without responses."""
    assert () == replaced_integrations(desired_of(WANTED), live_of({GET: {}, POST: {}}, type_=type_))


def test_methods_that_want_none_have_lost_none() -> None:
    """`responses: {}` is met by a method without responses."""
    assert () == replaced_integrations(desired_of({GET: {}, POST: {}}), live_of({GET: {}, POST: {}}))


def test_the_checks_before_a_plan_say_it_too() -> None:
    """A plan warns as drift does."""
    told = check(desired_of(WANTED), live_of({GET: {}, POST: {}}, declared={"200": ()}))

    assert ["responses-wiped"] == [one.rule for one in told]
