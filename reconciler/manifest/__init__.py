"""Manifests on disk: read, understood as YAML, checked for shape.

    files      the disk
    reader     bytes -> trees with places (`scalars`, `syntax`: what texts and YAML's complaints mean)
    projects   PATHs -> files, each under the configuration that is nearest to it (`paths`: what each PATH leads to)
    containment  what may be read because a manifest or a configuration says so
    loading    files -> sound documents for an environment, or every problem of them
    discovery  which git repository a command is about
    machine    git as the machine has it
    sealed     that repository, so that nothing in it decides which programs git runs
    git        where a branch left a revision, and which files changed
    revision   the files of one revision (`walking`: what a PATH means there and on disk)
    templates  the files that a manifest names
    schema     JSON Schema, for editors
    writer     APIs as they are -> manifests (`fragments`: values as pieces of YAML)
    edits      a manifest with other values, all else byte for byte (`spans`, `splices`, `flow`)
    replacing  files with other contents, all or none

The only part that knows a YAML library.
"""

from reconciler.manifest.disk import Disk
from reconciler.manifest.loader import DocumentCache, Loaded, load

__all__ = ["Disk", "DocumentCache", "Loaded", "load"]
