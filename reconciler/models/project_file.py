"""The configuration file of a project."""

from typing import Final

FILE_NAME: Final = "reconciler.yaml"
KIND: Final = "Config"
