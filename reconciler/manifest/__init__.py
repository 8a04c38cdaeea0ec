"""Manifests: find their files, check what may be read, load them, and write them.

    loader           files -> valid documents for an environment, and every problem of the others
    paths            PATHs -> files; `disk` implements `ports.Files` on the disk (`git.revision`: in a revision)
    containment      which files a manifest or configuration may name
    placeholders     `${{ vars.NAME }}` and `${{ env.NAME }}`, with the values of `variables`
    templates        the template files that a manifest names
    parsed_documents documents as they are written in files; `loaded_documents`: as they are in an environment
    response_tests   documents with response tests; `body_files`: the files with bodies that they name
    unrecognized     what to report for a file that is not a manifest
    schema/          the shape of manifests, and their JSON Schema for editors
    writer           the state of APIs -> manifests: `shared_sets`, `template_files`, `unique_names`, and
                     `export_blockers` for what a manifest cannot express

YAML itself is in `yamlio`, edits of manifests in `engine.adopt`, response sets and overlays are merged in `resolve`.
"""

from reconciler.manifest.disk import Disk
from reconciler.manifest.loaded_documents import LoadedManifests
from reconciler.manifest.loader import DocumentCache, load

__all__ = ["Disk", "DocumentCache", "LoadedManifests", "load"]
