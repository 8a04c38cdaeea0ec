"""The table of environments and APIs."""

from reconciler.engine.drift.result import Drift
from reconciler.views.drift_groups import placed_findings
from reconciler.views.drift_table import SiteRows, drift_table, shortened
from support.fleet_reports import NOW, fleet_drift, of_api, set_change


def table(drift: Drift) -> list[SiteRows]:
    """The table of a report."""
    return drift_table(drift, placed_findings(drift))


def test_every_api_of_every_environment_has_a_row() -> None:
    """Failed ones too, with their environment, though their account is unknown."""
    assert [(str(site.site), [", ".join(row.manifests) for row in site.rows]) for site in table(fleet_drift())] == [
        ("dev, eu-west-1", ["catalog", "orders", "users", "billing", "search", "chat"]),
        ("stage, eu-west-1", ["catalog", "orders", "users", "billing", "search", "chat", "legacy"]),
        ("prod, us-east-1", ["catalog", "orders", "users", "chat", "billing", "search"]),
    ]


def test_the_counts_are_those_of_the_summary() -> None:
    """Over all rows; nothing is counted twice."""
    drift = fleet_drift()
    rows = [row for site in table(drift) for row in site.rows]
    summary = drift.summary

    assert (
        summary.in_sync,
        summary.changed,
        summary.missing,
        summary.unexpected,
        summary.unmanaged,
        summary.deployed,
        summary.errors,
    ) == tuple(
        sum(count)
        for count in zip(
            *(
                (row.in_sync, row.changed, row.missing, row.unexpected, row.unmanaged, row.deployed, row.errors)
                for row in rows
            ),
            strict=True,
        )
    )


def test_a_row_knows_its_oldest_finding_and_how_many_are_new() -> None:
    """From the ages of its findings."""
    billing = table(fleet_drift())[1].rows[3]

    assert (billing.oldest, billing.new, billing.missing) == ("2026-11-10T06:00:00Z", 2, 4)


def test_a_failed_api_says_why() -> None:
    """It is not in sync, and it is not in drift either."""
    legacy = table(fleet_drift())[1].rows[-1]

    assert (legacy.failure, legacy.errors, legacy.is_in_sync) == ("the API a1b2c3 does not exist", 1, False)


def test_a_long_table_leaves_out_what_is_in_sync() -> None:
    """And counts it for each environment."""
    targets = tuple(of_api("dev", f"api{number}", in_sync=2) for number in range(70))
    drifted = of_api("dev", "catalog", *set_change("catalog"))
    (site,) = shortened(table(Drift((*targets, drifted), (), (), NOW)))

    assert ([(("catalog",), 16, 1), ((), 0, 70)], 140, 71, 1) == (
        [(row.manifests, row.changed, row.apis) for row in site.rows],
        site.rows[-1].in_sync,
        site.apis,
        site.drifted,
    )


def test_an_environment_without_anything_in_sync_has_no_row_for_it() -> None:
    """There is nothing to count."""
    targets = tuple(of_api("dev", f"api{number}", *set_change(f"api{number}")[:1]) for number in range(3))
    (site,) = shortened(table(Drift(targets, (), (), NOW)), 2)

    assert [row.manifests for row in site.rows] == [("api0",), ("api1",), ("api2",)]
