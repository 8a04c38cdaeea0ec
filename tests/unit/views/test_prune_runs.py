"""What `runs prune` prints."""

import json

from reconciler.documents import FORMAT_VERSION, PrunedRunsDocument, RunDocument
from reconciler.documents.runs import KeptRun
from reconciler.render.style import Style
from reconciler.views.prune_runs import prune_text, prune_view
from reconciler.views.runs import RunsDisplay
from support.run_documents import run_of

KEPT = KeptRun(run="20260101T100000Z-3f9a2c", reason="the newest of pr\x1bod")


def pruned(*deleted: RunDocument, done: bool = True, remaining: int = 1) -> PrunedRunsDocument:
    """The result for these runs."""
    return PrunedRunsDocument(
        format_version=FORMAT_VERSION,
        kind="PrunedRuns",
        tool_version="1",
        folder="runs",
        keep="90d",
        is_done=done,
        deleted=list(deleted),
        kept=[KEPT],
        remaining=remaining,
    )


def test_what_is_deleted_and_what_is_kept() -> None:
    """The runs as a table, then the old ones that stay, with the reason."""
    lines = prune_text(pruned(run_of(), run_of(2)), RunsDisplay()).splitlines()

    assert ["Run", run_of().run, run_of(2).run] == [line.split()[0] for line in lines[:3]]
    assert [f"kept: {KEPT.run} (the newest of pr\\x1bod)", "2 runs deleted; 1 run remains."] == lines[3:]


def test_what_was_shown_before_the_question_is_not_shown_again() -> None:
    """Only the counts."""
    assert "1 run deleted; 2 runs remain." == prune_text(pruned(run_of(), remaining=2), RunsDisplay(), is_shown=True)


def test_what_is_only_planned() -> None:
    """Nothing is claimed to be deleted."""
    assert "1 run to delete; 1 run remains." == prune_text(pruned(run_of(), done=False), RunsDisplay()).splitlines()[-1]


def test_nothing_to_delete() -> None:
    """The runs that stay are counted; when quiet, nothing is said."""
    quiet = RunsDisplay(Style(quiet=True))

    assert "Nothing to delete: 1 run remains." == prune_text(pruned(), RunsDisplay()).splitlines()[-1]
    assert ("", "1 run deleted; 1 run remains.") == (prune_text(pruned(), quiet), prune_text(pruned(run_of()), quiet))


def test_other_formats() -> None:
    """The same as JSON and Markdown."""
    view = prune_view(pruned(run_of()), RunsDisplay(), is_shown=True)
    none = prune_view(pruned(done=False), RunsDisplay(), is_shown=False)["markdown"]()

    assert "kim" == json.loads(view["json"]())["deleted"][0]["actor"]
    assert "### reconciler runs prune: 1 run deleted\n" in view["markdown"]()
    assert "| kim |" in view["markdown"]()
    assert ("### reconciler runs prune: 0 runs to delete\n" in none, "|" in none) == (True, False)
