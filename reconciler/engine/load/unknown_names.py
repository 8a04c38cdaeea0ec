"""Report the names in manifests, configurations and options that nothing has."""

import shlex
from collections.abc import Collection, Iterable, Iterator, Sequence

from reconciler.config.projects import Project
from reconciler.diagnostics import Diagnostic, Location, error, warning
from reconciler.engine.load.request import Request
from reconciler.manifest.parsed_documents import DocumentNames
from reconciler.rules import InputRule
from reconciler.wording import code, did_you_mean


def unknown_names(project: Project, documents: Sequence[DocumentNames], request: Request) -> Iterator[Diagnostic]:
    """Report unknown environments that manifests name, and unknown manifests that environments name."""
    configuration = project.configuration
    known = configuration.environments if configuration else {}
    for document in documents:
        for name, at in document.environments:
            if name not in known:
                yield _unknown_environment(name, known, at)
    if configuration is None or request.paths:
        return  # a run of some PATHs does not see all manifests
    names = dict.fromkeys(document.name for document in documents if document.name)
    for environment in configuration.environments.values():
        for name in environment.apis:
            if name not in names:
                at = configuration.places.of_key(("environments", environment.name, "apis", name))
                remedy = did_you_mean(name, names, "name a manifest that the configuration loads, or remove the entry")
                yield error(InputRule.UNKNOWN_MANIFEST, f"there is no manifest {code(name)}", remedy, at)


def _unknown_environment(name: str, known: Collection[str], at: Location) -> Diagnostic:
    choices = f"choose one of {', '.join(known)}" if known else "define it in a reconciler.yaml in or above this folder"
    message = f"there is no environment {code(name)}"
    return error(InputRule.UNKNOWN_ENVIRONMENT, message, did_you_mean(name, known, choices), at)


def unused_variables(documents: Iterable[DocumentNames], request: Request) -> Iterator[Diagnostic]:
    """Warn of every `--var` that no manifest reads: most are misspelt."""
    known = {name for document in documents for name in document.variables}
    for name in request.variables:
        if name not in known:
            remedy = did_you_mean(name, known, f"remove --var {shlex.quote(name)}=...")
            yield warning(InputRule.UNREAD_VARIABLE, f"no manifest reads the variable {code(name)} of --var", remedy)
