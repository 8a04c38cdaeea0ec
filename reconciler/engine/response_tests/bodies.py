"""Read the bodies of tests, in whatever form they are written."""

import base64
import json
from dataclasses import dataclass

from reconciler.engine.response_tests.compare import Body, BodyText, MissingBody
from reconciler.engine.response_tests.sources import NotRunnable
from reconciler.manifest.body_files import BodyFiles
from reconciler.manifest.schema.documents import ResponseTestDocument
from reconciler.manifest.schema.response_test import BodyModel
from reconciler.manifest.templates import UnusableFile
from reconciler.mapping.exchange import Payload
from reconciler.rules import InputRule
from reconciler.yamlio.nodes import Path


@dataclass(frozen=True, slots=True)
class BodyReader:
    """Reads the bodies of one document.

    `creates`: a missing file with an expected body is no problem. `update_command` creates it.
    """

    document: ResponseTestDocument
    files: BodyFiles
    creates: bool = False
    update_command: str = ""

    def body(self, written: str | BodyModel, path: Path) -> Payload:
        """Return a body in whatever form it is written. Raises NotRunnable."""
        if isinstance(written, str):
            return written
        if written.file:
            return self.file(written.file, (*path, "file"))
        if "base64" in written.model_fields_set:
            return base64.b64decode(written.base64)
        return json_text(written.json_, (*path, "json"))

    def file(self, name: str, path: Path) -> Payload:
        """Return the body in a file. Raises NotRunnable."""
        try:
            return self.files.read(self.document, name)
        except UnusableFile as reason:
            raise NotRunnable(InputRule.TEST_FILE, reason.message, reason.remedy, path) from None

    def golden(self, name: str, path: Path) -> Body:
        """Return the expected body in a file, which may be missing if it is created. Raises NotRunnable."""
        try:
            return BodyText(self.files.read(self.document, name))
        except UnusableFile as reason:
            if not reason.is_missing:
                remedy = reason.remedy
            elif self.creates:
                return MissingBody()
            else:
                question = f"{reason.remedy} " if reason.remedy.endswith("?") else ""
                remedy = f"{question}to create it: {self.update_command}"
            raise NotRunnable(InputRule.TEST_FILE, reason.message, remedy, path) from None


def json_text(value: object, path: Path) -> str:
    """Return the JSON of a value, as compact as JavaScript writes it. Raises NotRunnable."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except ValueError:
        message = "JSON has no number that is infinite or not a number"
        raise NotRunnable(InputRule.WRONG_VALUE, message, "write a text or a finite number", path) from None
