"""Explain why a document is not a manifest, without quoting it.

A document without `apiVersion: reconciler/...` gets one diagnostic that quotes neither its keys nor its values, because
the file may be any file of the machine. Pure.
"""

from typing import Final

from reconciler.diagnostics import Diagnostic, error
from reconciler.manifest.schema.shapes import SET_KIND, TEST_KIND
from reconciler.models.project_file import KIND
from reconciler.models.targets import Kind
from reconciler.rules import InputRule
from reconciler.yamlio.nodes import SourceMap

_VERSION: Final = "apiVersion: reconciler/v1"
_KINDS: Final = (*Kind, SET_KIND, TEST_KIND, KIND)


def explain_unrecognized(places: SourceMap) -> Diagnostic:
    """Return why a document is neither a manifest nor a configuration."""
    if not isinstance(places.root, dict):
        return error(InputRule.WRONG_KIND, "a manifest is a map", f"begin with `{_VERSION}`", places.of_value(()))
    if places.root.get("kind") not in _KINDS:
        remedy = f"add `{_VERSION}` and `kind: {Kind.REST_API}`, or exclude files that are not manifests"
        return error(
            InputRule.WRONG_KIND, f"this is not a manifest: it has no `{_VERSION}`", remedy, places.of_value(("kind",))
        )
    if not places.has(("apiVersion",)):
        return error(
            InputRule.MISSING_KEY, "`apiVersion` is missing", f"add `{_VERSION}`", places.of_key(("apiVersion",))
        )
    message = "`apiVersion` must be reconciler/v1"
    return error(InputRule.WRONG_VALUE, message, f"write `{_VERSION}`", places.of_value(("apiVersion",)))
