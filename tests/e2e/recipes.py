"""What the repository of a recipe and AWS hold of each other."""

from e2e.running import InProcess
from support.ci.apis import MANIFEST, TEMPLATE
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
