"""The configuration that an export writes."""

from reconciler.config.configuration import Environment
from reconciler.engine.export.configuration_text import configuration_text
from reconciler.engine.export.verify import MemoryFiles
from reconciler.engine.fmt.fmt import format_files
from reconciler.models.targets import Role

FULL = Environment(
    "prod",
    regions=("eu-west-1", "us-east-1"),
    profile="prod",
    role=Role("arn:aws:iam::123456789012:role/ci", "reader", "x-1"),
    account_id="123456789012",
    is_protected=True,
    variables={"origin": "https://example.com", "retry": "5", "count": 5, "on": True},
)
APIS = {"prod": {"orders": {"eu-west-1": "a1b2c3d4e5", "us-east-1": "f1b2c3d4e5"}}}


def test_text_is_formatted() -> None:
    """`fmt` changes nothing in it."""
    text = configuration_text("schemas/config.schema.json", [FULL], APIS, ["broken-pattern"], ".")
    result = format_files(("reconciler.yaml",), None, MemoryFiles({"reconciler.yaml": text}))

    assert ((), ()) == (tuple(result.changes), tuple(result.diagnostics))
