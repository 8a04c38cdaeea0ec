"""The look of pages, and what their policy allows."""

import re

from reconciler.render.html_look import FILTER_SCRIPT, STYLESHEET, policy
from reconciler.render.logs import without_commands


def test_a_page_without_a_script_allows_none() -> None:
    """The default forbids everything that is not named."""
    assert re.sub("'sha256-[^']+'", "DIGEST", policy("")) == (
        "default-src 'none'; style-src DIGEST; base-uri 'none'; form-action 'none'"
    )


def test_a_script_is_allowed_by_its_digest() -> None:
    """Another one is not."""
    assert (1, 1) == (policy("a").count("script-src 'sha256-"), policy("b").count("script-src 'sha256-"))
    assert policy("a") != policy("b")


def test_escapes_for_logs_change_neither() -> None:
    """A changed text would no longer be what the policy allows."""
    for fixed in (STYLESHEET, FILTER_SCRIPT):
        assert without_commands(fixed, "html") == fixed


def test_neither_loads_anything() -> None:
    """No address, no import, no way to make code of a text."""
    assert re.findall(r"url\(|@import|https?:|innerHTML|eval|Function\(", STYLESHEET + FILTER_SCRIPT) == []
