"""YAML for a reader that knows nothing of manifests: ruamel.yaml's parser in Python, and YAML 1.2 by the letter."""

from typing import Any

from ruamel.yaml import YAML


def document(text: str) -> Any:  # noqa: ANN401 - whatever YAML holds
    """The one document of a text."""
    return YAML(typ="safe", pure=True).load(text)


def documents(text: str) -> list[Any]:
    """All documents of a text."""
    return list(YAML(typ="safe", pure=True).load_all(text))


def only_texts(text: str) -> Any:  # noqa: ANN401 - as above
    """The one document of a text, in which every scalar is what is written there."""
    return YAML(typ="base", pure=True).load(text)
