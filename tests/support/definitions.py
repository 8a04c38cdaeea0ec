"""OpenAPI definitions as tests write them, and what is read of them."""

from collections.abc import Mapping
from textwrap import dedent, indent

from reconciler.diagnostics import Diagnostic
from reconciler.engine.call_inputs import InputFile
from reconciler.engine.openapi.definitions import find_definitions
from reconciler.engine.openapi.read import read
from reconciler.models.responses import RestResponse


def defined(paths: str, rest: str = "") -> str:
    """A definition named `pets` with these paths, and what else it has at the top."""
    return "openapi: 3.0.1\ninfo: {title: pets}\n" + dedent(rest) + "paths:\n" + indent(dedent(paths), "  ")


def responses_read(text: str, **values: str) -> dict[str, Mapping[str, RestResponse]]:
    """The responses of each method, by `GET /pets`, of every definition of a file named `api.yaml`."""
    found = find_definitions(InputFile("api.yaml", text.encode()), values)
    return {
        str(key): method.responses
        for definition in found.definitions
        for key, method in read(definition).methods.items()
    }


def problems_read(text: str, **values: str) -> list[str]:
    """Every problem of a file named `api.yaml`, as texts."""
    return [str(problem) for problem in diagnostics_read(text, **values)]


def diagnostics_read(text: str, **values: str) -> list[Diagnostic]:
    """Every problem of a file named `api.yaml`."""
    found = find_definitions(InputFile("api.yaml", text.encode()), values)
    return [
        *found.diagnostics,
        *(problem for definition in found.definitions for problem in read(definition).diagnostics),
    ]
