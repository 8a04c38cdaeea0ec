"""Manifests on disk: read, understood as YAML, checked for shape.

    files      the disk
    reader     bytes -> trees with places (`scalars`, `syntax`: what texts and YAML's complaints mean)
    loading    PATHs -> sound documents, or every problem of them
    templates  the files that a manifest names
    schema     JSON Schema, for editors

The only part that knows a YAML library.
"""

from reconciler.manifest.files import Disk
from reconciler.manifest.loading import Loaded, load

__all__ = ["Disk", "Loaded", "load"]
