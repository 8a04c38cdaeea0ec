"""Templates rendered as the real API Gateway did, where the recordings are at hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.velocity import rendered

RECORDINGS = Path(__file__).parents[5] / "shared" / "aws-recordings" / "mapping-templates.json"

pytestmark = pytest.mark.skipif(not RECORDINGS.is_file(), reason="there are no recordings next to the project")


def recordings() -> list[Any]:
    """Return the recordings; none where they are missing."""
    return json.loads(RECORDINGS.read_text(encoding="utf-8")) if RECORDINGS.is_file() else []


@pytest.mark.parametrize("recording", recordings(), ids=lambda recording: recording["key"])
def test_recorded_answer(recording: Any) -> None:  # noqa: ANN401 - JSON
    """A template prints what API Gateway answered; the recorder read some answers as JSON."""
    result = rendered(recording["template"], **(recording["context"] or {}))

    assert result.fault is None
    if not isinstance(recording["aws"], str):
        assert recording["aws"] == json.loads(result.output)
    elif recording["ignore_ws"]:
        assert recording["aws"].split() == result.output.split()
    else:
        assert recording["aws"] == result.output
