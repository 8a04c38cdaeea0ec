"""Check a JSON document of reconciler against rules in CEL; exit 1 if one is broken.

python -m pip install common-expression-language ruamel.yaml
python check.py RULES DOCUMENT
"""

import json
import sys
from pathlib import Path

import cel
from ruamel.yaml import YAML


def main(rules: str, document: str) -> int:
    """Write each rule that is broken, with what breaks it, and return the exit code."""
    checked = json.loads(Path(document).read_text(encoding="utf-8"))
    broken = 0
    for rule in YAML(typ="safe").load(Path(rules))["validations"]:
        for subject in cel.evaluate(rule["expression"], {"object": checked}):
            sys.stdout.write(f"{rule['name']}: {subject}\n")
            broken += 1
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
