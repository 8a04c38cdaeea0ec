"""Whole stories of reviews: `NNN-name/` has what there was (`base/`), what there is (`head/`) and what one reads.

A new story needs no Python. With RECONCILER_UPDATE_SCENARIOS=1 the tests write what they see, for a look at `git diff`.
"""

import os
import re
import shutil
from pathlib import Path

import pytest

from reconciler.engine.review.review import ReviewResult
from reconciler.render.comment import comment
from reconciler.render.style import Style
from reconciler.views.review import review_report, review_text
from support.reviewing import Workshop, workshop

HERE = Path(__file__).parent
STORIES = sorted(path.parent for path in HERE.glob("*/head"))


@pytest.fixture(params=STORIES, ids=lambda path: path.name)
def story(request: pytest.FixtureRequest) -> Path:
    """A story's folder."""
    folder: Path = request.param
    return folder


@pytest.fixture
def reviewed(story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReviewResult:
    """The review of a repository whose main branch has the base, and whose working tree the head."""
    shop: Workshop = workshop(tmp_path / "shop", monkeypatch)
    shutil.copytree(story / "base", shop.folder, dirs_exist_ok=True)
    shop.commit()
    shop.repository.git("rm", "-rq", ".")
    shutil.copytree(story / "head", shop.folder, dirs_exist_ok=True)
    return shop.review(".")


def told(folder: Path, name: str, seen: str) -> str:
    """What the story says, or is to say from now on."""
    file = folder / name
    if os.environ.get("RECONCILER_UPDATE_SCENARIOS"):
        file.write_text(seen, encoding="utf-8")
    return file.read_text(encoding="utf-8")


def without_commits(text: str) -> str:
    """Dates make them others each time."""
    return re.sub(r"\b[0-9a-f]{10}\b", "0123456789", text)


def test_review_reads_as_told(story: Path, reviewed: ReviewResult) -> None:
    """The review, as text, is the story's `review.txt`."""
    text = review_text(reviewed, Style())
    seen = f"{without_commits(text)}\n(exit code {reviewed.exit_code:d})\n"

    assert told(story, "review.txt", seen) == seen


def test_comment_reads_as_told(story: Path, reviewed: ReviewResult) -> None:
    """The review, as the comment of a pull request, is the story's `review.md`."""
    seen = without_commits(
        comment(
            "review",
            "",
            lambda style: review_report(reviewed, style),
        )
    )

    assert told(story, "review.md", seen) == seen
