"""The table of a status: what is alike is one line."""

from reconciler.models.keys import MethodKey
from reconciler.render.style import Style
from reconciler.views.status_table import legend, shown_stages, status_table, table_rows
from support.live import BROKEN, DEFAULT, NOT_FOUND
from support.states import desired_of
from support.statuses import api_of, stage_of

PATHS = [f"/{name}" for name in "abcdef"]


def table(*paths: str, style: Style | None = None) -> list[str]:
    """The lines for GETs on these paths, all of which lack the same two responses."""
    keys = [MethodKey(path, "GET") for path in paths]
    wanted = desired_of({key: {"200": DEFAULT, "404": NOT_FOUND, "500": BROKEN} for key in keys})
    draft = {key: {"200": DEFAULT} for key in keys}
    api = api_of(wanted, draft)
    rows = [row for row in table_rows(api) if not row.is_in_sync]
    return list(status_table(api, rows, style or Style()))[1:]


def test_responses_of_a_method_share_a_line() -> None:
    """If they compare alike."""
    assert ["-      GET /a 404, 500", "-      GET /b 404, 500"] == table("/a", "/b")


def test_many_methods_that_are_alike_share_a_line() -> None:
    """The first are named, the others counted."""
    assert [
        "-      404, 500 of 6 methods:",
        "         GET /a",
        "         GET /b",
        "         GET /c",
        "         GET /d",
        "         and 2 more (-v shows all)",
    ] == table(*PATHS)


def test_a_single_method_is_not_counted_but_named() -> None:
    """A line that counts one is no shorter than its name."""
    assert "         GET /e" == table(*PATHS[:5])[-1]


def test_in_full_every_method_has_its_line() -> None:
    """Under its own name."""
    assert [f"-      GET {path} 404, 500" for path in PATHS] == table(*PATHS, style=Style(full=True))


def test_columns_are_as_wide_as_the_names_of_stages() -> None:
    """The signs stand under the names."""
    key = MethodKey("/a", "GET")
    wanted, same = desired_of({key: {"200": DEFAULT}}), {key: {"200": DEFAULT}}
    api = api_of(wanted, same, stage_of(wanted, same, {key: {}}, "v1"), stage_of(wanted, same, same, "production"))

    assert ["draft  v1  production", "=      -   =           GET /a 200"] == list(
        status_table(api, table_rows(api), Style())
    )


def test_a_response_that_one_stage_alone_has() -> None:
    """It is unexpected there, and in sync where it is neither wanted nor there."""
    key = MethodKey("/a", "GET")
    wanted, same = desired_of({key: {"200": DEFAULT}}), {key: {"200": DEFAULT}}
    more = {key: {"200": DEFAULT, "404": NOT_FOUND}}
    api = api_of(wanted, same, stage_of(wanted, same, more, "a"), stage_of(wanted, same, same, "b"))
    (_, row) = table_rows(api)

    assert ["a", "b"] == [stage.stage.name for stage in shown_stages(api)]
    assert ("404", "= in sync, + unexpected") == (row.key.code, legend([row], Style()))
