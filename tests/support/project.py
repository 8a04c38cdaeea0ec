"""Where the project's own files are."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
SAMPLES: Final = ROOT / "samples"
OTHER_FILES: Final = frozenset({"atlantis", "codepipeline", "cron", "gitlab-component", "openapi", "policy"})
"""The samples whose YAML is for other tools."""
SCHEMAS: Final = ROOT / "schemas"
