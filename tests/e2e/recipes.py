"""What the repository of a recipe and AWS hold of each other."""

from e2e.running import InProcess
from reconciler.sandbox.building import ApiBuilder
from reconciler.sandbox.model.plane import ControlPlane
from support.ci.apis import HEALTH, MANIFEST, TEMPLATE, change
from support.repositories import Repository


def is_live(reconciler: InProcess, repo: Repository) -> bool:
    """Whether AWS holds what the working tree says."""
    return reconciler("drift", repo.folder / MANIFEST).code == 0


def somebody_writes(repo: Repository, reconciler: InProcess, text: str) -> None:
    """A change of the template in AWS, past the repository."""
    before = (repo.folder / TEMPLATE).read_text()
    repo.write(TEMPLATE, text)
    assert reconciler("apply", repo.folder / MANIFEST, "--yes").code == 0
    repo.write(TEMPLATE, before)


def second_api(repo: Repository, plane: ControlPlane, reconciler: InProcess) -> ApiBuilder:
    """An API `other`, with a manifest on main that AWS matches."""
    backend = {"type": "HTTP", "integrationHttpMethod": "GET", "uri": "https://backend.example"}
    other = ApiBuilder(plane, "other")
    other.method("/health", "GET", backend, {"200": [], "503": []})
    manifest = HEALTH.replace("name: health", "name: other").replace("name: minimal", "name: other")
    change(repo, manifest.replace("not-well", "other"), branch="main", file="manifests/other.yaml")
    change(repo, "as it was\n", branch="main", file="manifests/templates/other.vtl")
    assert reconciler("apply", repo.folder / "manifests", "--yes").code == 0
    return other
