"""Manifests, read but not understood yet, to desired state.

    nodes         the tree as it was written, with places
    placeholders  variables put in
    documents     what a manifest may look like: pydantic models
    validation    tree -> manifest, or every problem of it (`problems` has the sentences)
    rest          manifest -> Desired; several manifests of one API -> one Desired (`origins`: where it was written)

Promise: pure. Files are read before (`reconciler.manifest`); what a manifest says about AWS is judged later.
"""

from reconciler.resolve.rest import merge, resolve

__all__ = ["merge", "resolve"]
