"""Merge manifests, response sets and overlays into desired state.

    resolving         a manifest in an environment -> Desired
    layers_by_method  the layers of responses for each listed method: sets, body, overlay
    layers            layers -> one response
    sets              response sets -> layers
    origins           where each merged value is written
    merging           several manifests of one API -> one Desired
    bind              Desired under the names of the live state (`routes`); live values for what is not owned or ignored
    defer             Desired without the methods that do not exist yet

Pure: all files are read before (`reconciler.manifest`), and lint judges later what the values mean to AWS.
"""

from reconciler.resolve.merging import merge
from reconciler.resolve.resolving import resolve
from reconciler.resolve.sets import check_sets

__all__ = ["check_sets", "merge", "resolve"]
