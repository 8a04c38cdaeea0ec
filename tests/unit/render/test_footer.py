"""The last line of a report."""

from reconciler.render.comment import footer_line
from reconciler.render.footer import Footer

FOOTER = Footer(
    commit="4fe8345e02" + "0" * 30,
    branch="feature/messages",
    words=("reconciler", "plan", "--only", "orders: *"),
    can_repeat=True,
    version="1.2.3",
    created_at="2026-01-31T00:00:00Z",
    seconds=3.25,
)


def test_everything_that_is_known() -> None:
    """Commit, branch, command line, version, time, elapsed time."""
    assert [
        ("commit", "4fe8345e02"),
        ("branch", "feature/messages"),
        ("", "reconciler plan --only 'orders: *'"),
        ("", "reconciler 1.2.3"),
        ("", "2026-01-31T00:00:00Z"),
        ("", "3.2 s"),
    ] == [(part.label, part.text) for part in FOOTER.parts]


def test_nothing_is_known() -> None:
    """Then there is no line."""
    assert "" == footer_line(Footer())


def test_a_command_that_waives_rules() -> None:
    """It is the command line with --force for each rule."""
    assert "reconciler plan --only 'orders: *' --force maxDelete --force protect" == FOOTER.forcing(
        ("maxDelete", "protect")
    )


def test_no_command_where_something_was_left_out() -> None:
    """A command line with a hidden value cannot be run."""
    assert "" == Footer(words=("reconciler", "plan", "--var", "token=***")).forcing(("maxDelete",))


def test_a_branch_is_no_markup() -> None:
    """Whoever names a branch cannot mention people, nor make a link."""
    line = footer_line(Footer(branch="@team/<b>#1"))

    assert "<sub>branch <code>&#64;team&#47;&#60;b&#62;&#35;1</code></sub>" == line
