"""Installing this source tree as users do, without the network."""

import os
import shutil
import sysconfig
from pathlib import Path
from typing import Final

_OURS: Final = ("PIP_", "GIT_", "PYTHONPYCACHEPREFIX")


def environment() -> dict[str, str]:
    """Environment in which pip asks no index: what is depended on, and what builds, is found where tests find it.

    What is installed has its compiled code beside it, as users have it.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return {
        **kept,
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip's own reading of it: 0 switches the isolation off
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTHONPATH": sysconfig.get_path("purelib"),
    }


def copy(there: Path, here: Path) -> None:
    """Copy a file or a folder, but for what Python left in it."""
    if there.is_dir():
        shutil.copytree(there, here, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    else:
        shutil.copy(there, here)
