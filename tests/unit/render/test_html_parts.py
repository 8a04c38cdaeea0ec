"""The pieces of pages."""

from reconciler.render.html_parts import sentence, tag, text


def test_a_text_adds_no_tag() -> None:
    """Nor a control character."""
    assert text('<b title="x">\x1b') == "&lt;b title=&quot;x&quot;&gt;\\x1b"


def test_a_text_adds_no_attribute() -> None:
    """It stays within its quotes; a trailing underscore allows Python's own words."""
    assert tag("li", "x", class_="a", data_e='" onload="x') == '<li class="a" data-e="&quot; onload=&quot;x">x</li>'


def test_commands_in_sentences_are_code() -> None:
    """As in the other formats."""
    assert sentence("run reconciler iam-policy; then <x>") == "run <code>reconciler iam-policy</code>; then &lt;x&gt;"
