"""The file that says where a project's manifests are, and how they are judged."""

from typing import Final

FILE_NAME: Final = "reconciler.yaml"
KIND: Final = "Config"
