"""The history of drift runs on a disk.

    folder    `ports.HistoryStore` in a folder; the one in a bucket is `aws.s3_history`

What the files mean is known in `engine.drift.history`.
"""

from reconciler.history.folder import FolderHistory

__all__ = ["FolderHistory"]
