"""adopt, from manifests in a folder and an AWS in memory to the manifests afterwards."""

from pathlib import Path

import pytest

from reconciler.engine.adopt.choices import AdoptAnswer, Reply
from reconciler.engine.adopt.proposal import Proposal
from reconciler.engine.load.request import Request
from reconciler.errors import ExitCode
from reconciler.models.keys import MethodKey
from reconciler.models.responses import RestResponse
from support.adopting import adopted, reasons
from support.apis import Method
from support.stage import Stage

GET_PETS = MethodKey("/pets", "GET")
HEAD = """\
# The pets.
apiVersion: reconciler/v1
kind: RestApi
metadata: {name: petstore}
spec:
  api: {name: petstore}
"""


def manifest(body: str) -> str:
    """A manifest with this GET /pets and other entries."""
    lines = "".join(f"        {line}\n" if line else "\n" for line in body.splitlines())
    health = "    /health: {GET: {responses: {200: {}}}}  # alive\n"
    return f"{HEAD}  resources:\n    /pets:\n      GET:\n{lines}{health}"


def live(stage: Stage, **responses: RestResponse) -> None:
    """An AWS that holds these responses (`_404`) of GET /pets, and all that a GET /health needs."""
    found = {code.removeprefix("_"): response for code, response in responses.items()}
    declared: dict[str, list[str]] = {code: [] for code in ("200", "404", "500")} | {
        code: [name.removeprefix("method.response.header.") for name in response.response_parameters]
        for code, response in found.items()
    }
    health = MethodKey("/health", "GET")
    stage.api("petstore", {GET_PETS: Method(found, declared), health: Method({"200": RestResponse()})})


def text(file: str = "petstore.yaml") -> str:
    """What a file holds."""
    return Path(file).read_bytes().decode()


def test_changed_values_are_replaced(stage: Stage) -> None:
    """A value gets its live text, in the quotes that it had and with the comment behind it."""
    live(stage, _404=RestResponse("4\\d\\d"))
    stage.write(manifest("responses:\n  404: {selectionPattern: '404'}  # gone"))
    adopted(stage)

    assert manifest("responses:\n  404: {selectionPattern: '4\\d\\d'}  # gone") == text()


def test_unset_values_are_taken_out(stage: Stage) -> None:
    """A field that AWS has not goes, with its line."""
    live(stage, _404=RestResponse("404"))
    stage.write(manifest("responses:\n  404:\n    selectionPattern: '404'\n    contentHandling: CONVERT_TO_TEXT # why"))
    adopted(stage)

    assert manifest("responses:\n  404:\n    selectionPattern: '404'") == text()


def test_unexpected_responses_are_added(stage: Stage) -> None:
    """A response that only AWS has is inserted between its neighbours."""
    live(stage, _200=RestResponse(), _404=RestResponse("404"), _500=RestResponse("5"))
    stage.write(manifest("responses:\n  200: {}\n\n  # backend\n  500: {selectionPattern: '5'}"))
    adopted(stage)

    wanted = "responses:\n  200: {}\n  404:\n    selectionPattern: '404'\n\n  # backend\n  500: {selectionPattern: '5'}"
    assert manifest(wanted) == text()


def test_drift_is_gone(stage: Stage) -> None:
    """Afterwards there is no drift."""
    live(stage, _200=RestResponse(), _404=RestResponse("a", response_templates={"application/json": "x\ny"}))
    stage.write(manifest("responses:\n  404: {selectionPattern: '404'}\n  500: {selectionPattern: '5'}"))
    adopted(stage, accept_missing=True)

    assert ExitCode.OK is stage.drift().exit_code


def test_missing_responses_stay_unless_accepted(stage: Stage) -> None:
    """A response that AWS lacks is not removed from the manifest, but reported."""
    live(stage, _200=RestResponse())
    before = manifest("responses:\n  200: {}\n  404: {selectionPattern: '404'}")
    stage.write(before)
    made = adopted(stage)

    assert (before, ExitCode.FAILED, ["petstore: GET /pets 404"]) == (
        text(),
        made.exit_code,
        [address for address, _, _ in reasons(made)],
    )


def test_accepted_missing_responses_go(stage: Stage) -> None:
    """With leave, it goes with its line and leaves its neighbours."""
    live(stage, _200=RestResponse())
    stage.write(manifest("responses:\n  # fine\n  200: {}\n  404: {selectionPattern: '404'}  # gone"))
    made = adopted(stage, accept_missing=True)

    assert (manifest("responses:\n  # fine\n  200: {}"), ExitCode.OK) == (text(), made.exit_code)


def test_method_that_is_gone_goes_with_its_path(stage: Stage) -> None:
    """Nothing is left of a path that AWS does not have any more."""
    stage.api("petstore", {MethodKey("/health", "GET"): Method({"200": RestResponse()})})
    stage.write(manifest("responses:\n  200: {}\n  404: {selectionPattern: '404'}"))
    adopted(stage, accept_missing=True)

    assert f"{HEAD}  resources:\n    /health: {{GET: {{responses: {{200: {{}}}}}}}}  # alive\n" == text()


def test_template_files_are_written(stage: Stage) -> None:
    """A template in a file is changed there; the manifest stays."""
    live(stage, _200=RestResponse(response_templates={"application/json": "new\ntext"}))
    before = manifest("responses:\n  200: {responseTemplates: {application/json: {file: pets.vtl}}}")
    stage.write(before)
    stage.write("old\n", "pets.vtl")
    adopted(stage)

    assert (before, "new\ntext\n") == (text(), text("pets.vtl"))


def test_shared_template_files_stay(stage: Stage) -> None:
    """A template that others use is not changed; the response gets its own text."""
    live(
        stage,
        _200=RestResponse(response_templates={"text/plain": "new"}),
        _404=RestResponse("4", response_templates={"text/plain": "old"}),
    )
    shared = "  404: {selectionPattern: '4', responseTemplates: {text/plain: {file: pets.vtl}}}"
    stage.write(manifest(f"responses:\n  200: {{responseTemplates: {{text/plain: {{file: pets.vtl}}}}}}\n{shared}"))
    stage.write("old\n", "pets.vtl")
    adopted(stage)

    assert (manifest(f"responses:\n  200: {{responseTemplates: {{text/plain: new}}}}\n{shared}"), "old\n") == (
        text(),
        text("pets.vtl"),
    )


def test_template_files_shared_with_other_manifests_stay(stage: Stage) -> None:
    """Manifests that the run is not about count as readers too."""
    live(stage, _200=RestResponse(response_templates={"text/plain": "new"}))
    responses = "responses:\n  200: {responseTemplates: {text/plain: {file: pets.vtl}}}"
    stage.write(manifest(responses))
    stage.write(manifest(responses).replace("petstore", "other"), "other.yaml")
    stage.write("old\n", "pets.vtl")
    adopted(stage, request=Request(("petstore.yaml",)))

    assert "old\n" == text("pets.vtl")


def test_template_files_that_all_drifted_alike_are_written(stage: Stage) -> None:
    """If all users of a file have the same text, it is written once."""
    templates = {"text/plain": "new"}
    live(stage, _200=RestResponse("", None, {}, templates), _404=RestResponse("4", None, {}, templates))
    use = "responseTemplates: {text/plain: {file: pets.vtl}}"
    before = manifest(f"responses:\n  200: {{{use}}}\n  404: {{selectionPattern: '4', {use}}}")
    stage.write(before)
    stage.write("old\n", "pets.vtl")
    adopted(stage)

    assert (before, "new\n") == (text(), text("pets.vtl"))


def test_placeholder_look_alikes_are_escaped(stage: Stage) -> None:
    """A live `${{` is text, and stays it."""
    live(stage, _200=RestResponse(response_templates={"text/plain": "${{ vars.x }}"}))
    stage.write(manifest("responses:\n  200: {}"))
    adopted(stage)

    assert ExitCode.OK is stage.drift().exit_code


def test_values_with_a_placeholder_are_told(stage: Stage) -> None:
    """What a variable gives is not replaced by one of its values."""
    live(stage, _404=RestResponse("5"))
    before = manifest('responses:\n  404: {selectionPattern: "${{ vars.pattern }}"}')
    stage.write(before)
    made = adopted(stage, request=Request((".",), variables={"pattern": "4"}))

    assert (before, ExitCode.FAILED, ["selectionPattern"]) == (
        text(),
        made.exit_code,
        [field for _, field, _ in reasons(made)],
    )


@pytest.mark.parametrize("written", ['"${{ vars.gone }}"', '{responseParameters: "${{ vars.gone }}"}'])
def test_absent_by_a_variable_is_told(stage: Stage, written: str) -> None:
    """Neither is the word that takes something away."""
    live(stage, _404=RestResponse("", None, {"method.response.header.A": "'1'"}))
    before = manifest(f"responses:\n  404: {written}")
    stage.write(before)
    made = adopted(stage, request=Request((".",), variables={"gone": "absent"}))

    assert (before, ExitCode.FAILED) == (text(), made.exit_code)


def test_method_responses_are_told(stage: Stage) -> None:
    """An adopted response that lacks its method response is reported."""
    stage.api("petstore", {GET_PETS: Method({"200": RestResponse(), "418": RestResponse("tea")}, declared={"200": []})})
    stage.write(f"{HEAD}  resources: {{/pets: {{GET: {{responses: {{200: {{}}}}}}}}}}\n")
    made = adopted(stage)

    assert (True, ExitCode.FAILED, ["petstore: GET /pets 418"]) == (
        made.written,
        made.exit_code,
        [address for address, _, _ in reasons(made)],
    )


def test_the_word_absent_is_told(stage: Stage) -> None:
    """A live value that a manifest has another meaning for cannot be adopted."""
    live(stage, _200=RestResponse(response_templates={"text/plain": "absent"}))
    before = manifest("responses:\n  200: {responseTemplates: {text/plain: present}}")
    stage.write(before)

    assert (ExitCode.FAILED, before) == (adopted(stage).exit_code, text())


def test_aliases_are_told(stage: Stage) -> None:
    """What others share through an alias is not changed for them."""
    live(
        stage,
        _404=RestResponse("4", response_templates={"text/plain": "new"}),
        _500=RestResponse("5", response_templates={"text/plain": "old"}),
    )
    not_found = "404: {selectionPattern: '4', responseTemplates: &t {text/plain: old}}"
    shared = f"responses:\n  {not_found}\n  500: {{selectionPattern: '5', responseTemplates: *t}}"
    stage.write(manifest(shared))
    made = adopted(stage)

    assert (manifest(shared), ["responseTemplates.text/plain"]) == (text(), [field for _, field, _ in reasons(made)])


def test_in_sync_is_nothing_to_do(stage: Stage) -> None:
    """No drift, no files, no failure."""
    live(stage, _200=RestResponse())
    stage.write(manifest("responses: {200: {}}"))
    made = adopted(stage)

    assert (ExitCode.OK, False, ()) == (made.exit_code, made.written, made.proposal.rewrites)


@pytest.mark.parametrize("answer", [AdoptAnswer.NO, AdoptAnswer.NONE, AdoptAnswer.QUIT])
def test_what_somebody_does_not_take_stays(stage: Stage, answer: AdoptAnswer) -> None:
    """To keep the manifest's version, or to quit, is no failure."""
    live(stage, _404=RestResponse("5"))
    before = manifest("responses: {404: {selectionPattern: '404'}}")
    stage.write(before)
    made = adopted(stage, ask=lambda _: Reply(answer))

    assert (before, ExitCode.OK) == (text(), made.exit_code)


def test_declined_writes_nothing(stage: Stage) -> None:
    """Who does not approve of the files keeps them."""
    live(stage, _404=RestResponse("5"))
    before = manifest("responses: {404: {selectionPattern: '404'}}")
    stage.write(before)
    made = adopted(stage, approve=lambda _: False)

    assert (before, ExitCode.FAILED) == (text(), made.exit_code)


def test_file_that_changed_meanwhile_is_not_overwritten(stage: Stage) -> None:
    """An editor that saved in between wins."""
    live(stage, _404=RestResponse("5"))
    stage.write(manifest("responses: {404: {selectionPattern: '404'}}"))

    def edit(_: Proposal) -> bool:
        stage.write("# mine\n")
        return True

    made = adopted(stage, approve=edit)

    assert ("# mine\n", ExitCode.FAILED) == (text(), made.exit_code)


def test_one_changed_file_keeps_all_others_back(stage: Stage) -> None:
    """Either all files are written or none."""
    live(stage, _200=RestResponse(response_templates={"text/plain": "new"}), _404=RestResponse("5"))
    before = manifest(
        "responses: {200: {responseTemplates: {text/plain: {file: pets.vtl}}}, 404: {selectionPattern: '404'}}"
    )
    stage.write(before)
    stage.write("old\n", "pets.vtl")

    def edit(_: Proposal) -> bool:
        stage.write("mine\n", "pets.vtl")
        return True

    adopted(stage, approve=edit)

    assert before == text()


def test_broken_manifest_writes_nothing(stage: Stage) -> None:
    """A folder with a manifest that does not parse is left as it is."""
    live(stage, _404=RestResponse("5"))
    before = manifest("responses: {404: {selectionPattern: '404'}}")
    stage.write(before)
    stage.write("kind: [\n", "broken.yaml")
    made = adopted(stage)

    assert (before, ExitCode.FAILED, False) == (text(), made.exit_code, made.written)


def test_windows_line_ends_stay(stage: Stage) -> None:
    """New lines of a file with CRLF end so too."""
    live(stage, _200=RestResponse(response_templates={"text/plain": "x\ny"}))
    Path("petstore.yaml").write_bytes(manifest("responses:\n  200: {}").replace("\n", "\r\n").encode())
    adopted(stage)

    assert text().count("\n") == text().count("\r\n")


def test_permissions_stay(stage: Stage) -> None:
    """The permissions of a manifest stay the same."""
    live(stage, _404=RestResponse("5"))
    stage.write(manifest("responses: {404: {selectionPattern: '404'}}"))
    Path("petstore.yaml").chmod(0o640)
    adopted(stage)

    assert 0o640 == Path("petstore.yaml").stat().st_mode & 0o777


def test_links_stay(stage: Stage) -> None:
    """A manifest that is a link is changed where it is."""
    live(stage, _404=RestResponse("5"))
    (stage.folder / "far").mkdir()
    stage.write(manifest("responses: {404: {selectionPattern: '404'}}"), "far/real.txt")
    Path("petstore.yaml").symlink_to("far/real.txt")
    adopted(stage)

    assert (True, manifest("responses: {404: {selectionPattern: '5'}}")) == (
        Path("petstore.yaml").is_symlink(),
        text("far/real.txt"),
    )
