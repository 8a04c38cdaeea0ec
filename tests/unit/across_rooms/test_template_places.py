"""A problem of a template is reported where the template is written: in its file, or in the YAML."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.engine.load.request import Request
from reconciler.engine.validate import validate
from reconciler.manifest import Disk

MANIFEST = """apiVersion: reconciler/v1
kind: RestApi
metadata: {name: pets}
spec:
  api: {name: pets}
  use: [errors]
  resources:
    /pets:
      GET:
        responses:
          200:
            responseTemplates:
              application/json: |
                #set($root = $input.path('$'))
                {"a": "#if($root.Item)yes#end"}
          404:
            selectionPattern: '404'
            responseTemplates: {application/json: {file: templates/lost.vtl}}
          410:
            selectionPattern: '410'
            responseTemplates: {application/json: '{"it''s": "$gone"}', text/plain: {file: templates/lost.vtl}}
      PUT:
        responses:
          404:
            selectionPattern: '404'
            allow: [unknown-helper]
            responseTemplates: {application/json: {file: templates/lost.vtl}}
---
apiVersion: reconciler/v1
kind: ResponseSet
metadata: {name: errors}
spec:
  for: RestApi
  responses:
    500:
      selectionPattern: '5..'
      responseTemplates:
        application/json: "{\\"a\\": $b}"
"""
LOST = '{"a":\n  $util.toJson($input.body)}\n'


@pytest.fixture
def problems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """The beginnings of what `validate` says of a manifest whose templates are in another folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "manifests" / "templates").mkdir(parents=True)
    (tmp_path / "manifests" / "templates" / "lost.vtl").write_text(LOST)

    def validated(text: str) -> list[str]:
        (tmp_path / "manifests" / "pets.yaml").write_text(text)
        found = validate(Request(("manifests",)), Disk()).diagnostics
        return [f"{one.location} {one.rule} {len(one.also)}" for one in found]

    return validated


def test_every_template_has_its_own_places(problems: Callable[[str], list[str]]) -> None:
    """Of a file, a block, a quoted text, and a set; each once, however many responses have the template."""
    assert [
        "manifests/pets.yaml:15:28 always-true 0",
        "manifests/pets.yaml:21:63 undefined-reference 0",
        "manifests/pets.yaml:38:36 undefined-reference 1",
        "manifests/templates/lost.vtl:2:3 unknown-helper 1",
    ] == problems(MANIFEST)


def test_a_problem_is_silenced_at_its_response(problems: Callable[[str], list[str]]) -> None:
    """The other responses with the same template keep it."""
    silenced = MANIFEST.replace(
        "selectionPattern: '404'\n            resp", "allow: [unknown-helper]\n            resp"
    )

    assert "manifests/templates/lost.vtl:2:3 unknown-helper 1" in problems(MANIFEST)
    assert "manifests/templates/lost.vtl:2:3 unknown-helper 0" in problems(silenced)
