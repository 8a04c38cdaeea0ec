"""Credentials of roles: which role signs a call, and when a role is assumed again."""

import pytest

from reconciler.aws.response_checks import Raw
from reconciler.aws.role_credentials import MAX_AGE, RoleCredentials, RoleOfTheCall
from reconciler.errors import AccessDenied
from reconciler.parallel import in_parallel
from support.clock import FakeClock


class Sts:
    """Gives a new access key each time a role is assumed, until it refuses."""

    def __init__(self) -> None:
        self.count = 0
        self.refuses = False

    def assume(self) -> Raw:
        """Return the credentials of the role. Raises AccessDenied."""
        if self.refuses:
            raise AccessDenied("not any more")
        self.count += 1
        return {"AccessKeyId": f"KEY{self.count}", "SecretAccessKey": "secret", "SessionToken": f"token{self.count}"}


def signer() -> str:
    """Return the access key that signs a call now."""
    return str(RoleOfTheCall().get_frozen_credentials().access_key)


def test_call_is_signed_by_the_role_of_its_context() -> None:
    """The inner of two contexts counts, and the outer one again after it."""
    sts, clock = Sts(), FakeClock()
    one, other = RoleCredentials(sts.assume, clock), RoleCredentials(sts.assume, clock)
    with one.signing():
        first = signer()
        with other.signing():
            second = signer()
        third = signer()

    assert ("KEY1", "KEY2", "KEY1") == (first, second, third)


def test_call_without_a_role_is_not_signed() -> None:
    """There is no role that could sign it by accident, not even one that signed a call before."""
    with RoleCredentials(Sts().assume, FakeClock()).signing():
        pass

    with pytest.raises(RuntimeError, match="not made within"):
        signer()


def test_threads_sign_as_different_roles_at_the_same_time() -> None:
    """Each thread has a context of its own."""
    sts, clock = Sts(), FakeClock()
    roles = [RoleCredentials(sts.assume, clock) for _ in range(4)]

    def sign(role: RoleCredentials) -> set[str]:
        found = set()
        for _ in range(200):
            with role.signing():
                found.add(signer())
        return found

    assert [{"KEY1"}, {"KEY2"}, {"KEY3"}, {"KEY4"}] == in_parallel(sign, roles, 4)


def test_old_credentials_are_renewed_once() -> None:
    """Before they expire, by the first call that needs them."""
    sts, clock = Sts(), FakeClock()
    role = RoleCredentials(sts.assume, clock)
    clock.time += MAX_AGE + 1
    keys = []
    for _ in range(2):
        with role.signing():
            keys.append(signer())

    assert ["KEY2", "KEY2"] == keys


def test_role_that_may_not_be_assumed_again_signs_nothing() -> None:
    """The refusal is the failure of the call."""
    sts, clock = Sts(), FakeClock()
    role = RoleCredentials(sts.assume, clock)
    sts.refuses = True
    clock.time += MAX_AGE + 1

    with pytest.raises(AccessDenied):
        role.signing()


def test_deferred_property_is_read_when_the_call_is_made() -> None:
    """Botocore asks for a property of the credentials before it knows the call."""
    read_token = RoleOfTheCall().get_deferred_property("token")
    with RoleCredentials(Sts().assume, FakeClock()).signing():
        token = read_token()

    assert "token1" == token
