"""Manifests, read but not understood yet, to desired state.

    nodes         the tree as it was written, with places
    placeholders  variables put in (`variables`: what they are)
    configuration reconciler.yaml: environments, and how everything is judged (`configuration_shape`: pydantic models)
    documents     what a document may look like: pydantic models
    validation    tree -> manifest or response set, or every problem of it (`problems` has the sentences)
    resolving     manifest, sets, environment -> Desired (`stacks` of `layers`; `origins`: where it was written)
    merging       several manifests of one API -> one Desired
    bind          Desired beside what is live: routes to integrations, what is not owned, what is ignored

Promise: pure. Files are read before (`reconciler.manifest`); what a manifest says about AWS is judged later.
"""

from reconciler.resolve.merging import merge
from reconciler.resolve.resolving import resolve
from reconciler.resolve.sets import check_sets

__all__ = ["check_sets", "merge", "resolve"]
