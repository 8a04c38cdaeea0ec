"""Fingerprints: the stable names of findings."""

from dataclasses import replace

from reconciler.diff import FieldChange
from reconciler.findings import find_drift
from reconciler.fleet.fingerprint import error_fingerprint, fingerprint, lag_fingerprint
from support.live import DEFAULT, GET_PETS, NOT_FOUND, live_of
from support.states import desired_of

DRIFT = find_drift(desired_of({GET_PETS: {"200": DEFAULT, "404": NOT_FOUND}}), live_of({GET_PETS: {}}))
TARGET, FINDING = DRIFT.target, DRIFT.findings[0]


def test_values_do_not_matter() -> None:
    """A value that changes once more is the same finding."""
    other = replace(FINDING, changes=(FieldChange("selectionPattern", "a", "b"),))

    assert fingerprint(TARGET, FINDING) == fingerprint(TARGET, other)


def test_whatever_else_differs_is_another_finding() -> None:
    """API, region, account, address and stage are part of the name."""
    targets = (
        replace(TARGET, api_id="other"),
        replace(TARGET, region="eu-west-9"),
        replace(TARGET, account_id="2" * 12),
    )
    others = [fingerprint(target, FINDING) for target in targets]
    others += [
        fingerprint(TARGET, DRIFT.findings[1]),
        fingerprint(TARGET, FINDING, "live"),
        lag_fingerprint(TARGET, "live"),
    ]

    assert len({fingerprint(TARGET, FINDING), *others}) == len(others) + 1


def test_errors_are_named_by_environment_and_region() -> None:
    """A target that cannot be read may have no id."""
    names = [
        error_fingerprint(environment, region, "pets")
        for environment, region in (("prod", "eu-west-1"), ("prod", "us-east-1"), (None, ""))
    ]

    assert len(set(names)) == len(names)
    assert error_fingerprint("prod", "eu-west-1", "pets") == names[0]


def test_a_lone_surrogate_has_a_name_too() -> None:
    """JSON can hold one, so a path or an id may."""
    assert error_fingerprint("prod", "eu-west-1", "\ud800") != error_fingerprint("prod", "eu-west-1", "\ud801")
