"""Build the package of the Lambda function.

    python build.py FOLDER [--python 3.13] [--architecture arm64|x86_64]

FOLDER has `reconciler.yaml` and everything that it names; it becomes the top of the package. The packages in
requirements.txt come as wheels for Lambda's platform, each checked against its hash, whatever platform this is run on.
reconciler itself is the one that is installed where this script runs. boto3 is not packed: Lambda's runtime has it.

The same input gives the same file, byte for byte, and its name has its digest, so that a stack is only updated if
something changed. The script prints that name.
"""

import argparse
import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
PLATFORMS = {"arm64": "aarch64", "x86_64": "x86_64"}
LIBCS = ("manylinux2014", "manylinux_2_28")  # Amazon Linux 2023 takes both
LEFT_OUT = (
    *("__pycache__", "*.pyc", "bin", "direct_url.json", "REQUESTED", "INSTALLER", "RECORD", "sboms"),
    ".*",  # may be secrets
    "reconciler-*.zip",  # built before
)
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP file can have
MOST_BYTES = 250 * 1024 * 1024  # unzipped (Lambda Developer Guide, quotas)


def install(target: Path, python: str, architecture: str) -> None:
    """Download the packages for Lambda's platform."""
    platforms = [f"--platform={libc}_{PLATFORMS[architecture]}" for libc in LIBCS]
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--no-deps", "--only-binary=:all:", "--require-hashes", "--no-compile"),
            *platforms,
            *("--implementation=cp", f"--python-version={python}", f"--target={target}"),
            *("--requirement", str(HERE / "requirements.txt")),
        ],
        check=True,
    )


def copy_reconciler(target: Path) -> None:
    """Copy the package that this Python has."""
    found = importlib.util.find_spec("reconciler")
    if found is None or found.origin is None:
        sys.exit("error: reconciler is not installed for this Python; run the script with the Python that has it")
    copy(Path(found.origin).parent, target / "reconciler")


def copy(folder: Path, target: Path) -> None:
    """Copy a folder, but for what a package does not need. Links are followed, so that the package has none."""
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns(*LEFT_OUT), dirs_exist_ok=True)


def names(folder: Path) -> set[str]:
    """Return the names at the top of a folder."""
    return {path.name for path in folder.iterdir()}


def files(folder: Path) -> Iterator[Path]:
    """Yield every file, in the same order everywhere."""
    yield from sorted((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.as_posix())


def pack(folder: Path, file: Path) -> None:
    """Write the folder as a ZIP file that has no times, owners or order of its own."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for path in files(folder):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), EARLIEST)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, path.read_bytes())


def main() -> None:
    """Build the package in the current folder."""
    parser = argparse.ArgumentParser(description="Build the package of the Lambda function.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="with reconciler.yaml and the manifests")
    parser.add_argument("--python", default="3.13", metavar="VERSION", help="of the function's runtime")
    parser.add_argument("--architecture", default="arm64", choices=PLATFORMS)
    parser.add_argument("--packages", type=Path, metavar="FOLDER", help="use these packages instead of downloading")
    options = parser.parse_args()
    if not (options.folder / "reconciler.yaml").is_file():
        sys.exit(f"error: {options.folder} has no reconciler.yaml; name the folder that has it")
    with tempfile.TemporaryDirectory() as temporary:
        build, package = Path(temporary) / "build", Path(temporary) / "function.zip"
        if options.packages:
            copy(options.packages, build)
        else:
            install(build, options.python, options.architecture)
            copy(build, Path(temporary) / "clean")
            build = Path(temporary) / "clean"
        copy_reconciler(build)
        if clash := names(build) & names(options.folder):
            sys.exit(f"error: {options.folder} has files with the name of a package: {', '.join(sorted(clash))}")
        copy(options.folder, build)
        size = sum(path.stat().st_size for path in files(build))
        if size > MOST_BYTES:
            sys.exit(f"error: the package is {size:,} bytes unzipped, more than the {MOST_BYTES:,} that Lambda takes")
        pack(build, package)
        name = f"reconciler-{hashlib.sha256(package.read_bytes()).hexdigest()[:16]}.zip"
        shutil.move(package, name)
    print(name)


if __name__ == "__main__":
    main()
