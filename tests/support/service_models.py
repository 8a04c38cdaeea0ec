"""What boto3 knows of services: files that each of its sessions reads anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import botocore.session
import pytest


@contextmanager
def read_once() -> Iterator[None]:
    """Let all sessions of this process read them once, which is a third of what a command in a test costs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", cache(botocore.session.create_loader))
        yield
