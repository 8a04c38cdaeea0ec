"""`validate --watch`: the installed command, until it is stopped."""

import shutil
import signal
from pathlib import Path

from e2e.running import SAMPLES
from e2e.watching import Watching


def test_watch_validates_again(tmp_path: Path) -> None:
    """Manifests, sets and templates that change, appear and vanish are checked again; Ctrl-C ends it with 130."""
    folder = tmp_path / "petstore"
    shutil.copytree(SAMPLES / "petstore", folder)
    watching = Watching(tmp_path, "validate", "petstore")
    watching.wait_for("Valid: 1 manifest")
    (folder / "set.yaml").write_text("apiVersion: reconciler/v1\nkind: Resp")
    watching.wait_for("set.yaml:2:7: error: ")
    (folder / "set.yaml").unlink()
    template = next((folder / "templates").iterdir())
    template.write_text("#if(")
    watching.wait_for(f"{template.name}:1:5: error: ")
    shutil.rmtree(folder)
    watching.wait_for("petstore: error: there is no such file [missing-file]")

    assert 130 == watching.stop(signal.SIGINT)
