"""What views call an API: in a heading, in a sentence, as a suite of test cases."""

from collections.abc import Callable, Iterable

from reconciler.models.desired import ManifestRef
from reconciler.models.targets import Target
from reconciler.render.sections import api_line
from reconciler.render.style import Style, printable


def target_line(target: Target, manifests: Iterable[ManifestRef], style: Style) -> str:
    """Return the heading of an API: its manifests, and where it is."""
    return api_line([manifest.name for manifest in manifests], target, style)


def site_name(target: Target) -> str:
    """Return the environment and region of an API, as a person calls them: `prod, eu-west-1`."""
    return ", ".join(filter(None, (target.environment, target.region)))


def site_notes(targets: Iterable[Target]) -> Callable[[Target], str]:
    """Return the note that tells an API's address from the same address elsewhere.

    The note is "" when all targets are in one environment and region.
    """
    is_one = len(set(map(site_name, targets))) <= 1
    return lambda target: "" if is_one else f" ({site_name(target)})"


def with_environment(address: str, target: Target) -> str:
    """Return an address, followed by environment and region if there are environments."""
    return f"{address} ({site_name(target)})" if target.environment else address


def manifest_names(manifests: Iterable[ManifestRef]) -> str:
    """Return the names of the manifests of an API."""
    return ", ".join(manifest.name for manifest in manifests)


def suite_name(target: Target, manifests: Iterable[ManifestRef]) -> str:
    """Return what the test cases of an API are grouped under."""
    return f"{manifest_names(manifests)} ({site_name(target)})"


def protected_environments(targets: Iterable[Target]) -> tuple[str, ...]:
    """Return the protected environments of these targets, printable, in their order."""
    return tuple(dict.fromkeys(printable(target.environment or "") for target in targets if target.is_protected))
