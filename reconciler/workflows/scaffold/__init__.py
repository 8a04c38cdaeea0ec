"""The files that `init` begins with, as they are written."""

from importlib import resources

CONFIGURATION = "reconciler.yaml"
EXAMPLE = "example.yaml"
EDITOR = "settings.json"
CI = {"github": "github.yml", "gitlab": "gitlab.yml"}


def text(name: str) -> str:
    """One of them, by its name here."""
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
