"""The program `jq`, as far as the recipes use it: `--raw-output`, `--exit-status`, a program and a file."""

import argparse
import json
import sys
from pathlib import Path

import jq


def main() -> int:
    """Run a command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--raw-output", action="store_true")
    parser.add_argument("--exit-status", action="store_true")
    parser.add_argument("program")
    parser.add_argument("file")
    given = parser.parse_args()
    values = jq.compile(given.program).input_text(Path(given.file).read_text(encoding="utf-8")).all()
    for value in values:
        sys.stdout.write(f"{value if given.raw_output and isinstance(value, str) else json.dumps(value)}\n")
    return 1 if given.exit_status and (not values or values[-1] in {None, False}) else 0
