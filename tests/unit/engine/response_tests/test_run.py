"""Running response tests: which manifests and environments, what is left out, and the exit code."""

import pytest

from reconciler.errors import ExitCode, UsageError
from support.response_tests import FAILS, METHOD, MISSING, PASSES, PETS, Shelf, differences, document, results

CONFIG = """\
apiVersion: reconciler/v1
kind: Config
manifests: [manifests]
environments:
  dev: {region: eu-west-1, vars: {status: 404}}
  prod: {region: eu-west-1, vars: {status: 410}}
"""


def configured(shelf: Shelf, manifest: str = PETS) -> None:
    """Put the manifest into the folder of a configuration with two environments."""
    shelf.write("reconciler.yaml", CONFIG)
    shelf.write("manifests/pets.yaml", manifest)
    (shelf.folder / "pets.yaml").unlink()


def test_all_pass(shelf: Shelf) -> None:
    """A run in which every test passes has exit code 0."""
    shelf.test(PASSES)
    run = shelf.run()

    assert (ExitCode.OK, [("passes", "passed")], ()) == (run.exit_code, results(run), run.diagnostics)


def test_one_fails(shelf: Shelf) -> None:
    """A test that does not pass makes it 1, and the others run."""
    shelf.test(FAILS, PASSES)
    run = shelf.run()

    assert (ExitCode.FAILED, [("fails", "failed"), ("passes", "passed")]) == (run.exit_code, results(run))
    assert [("status", 200, 404)] == differences(run)


def test_no_test(shelf: Shelf) -> None:
    """PATHs without any test are an error: the path is probably wrong."""
    run = shelf.run("pets.yaml")

    assert ExitCode.FAILED == run.exit_code
    assert [
        (
            "error: no response test was found in pets.yaml [no-tests]; "
            "check the path, write a document of `kind: ResponseTest`, or use --allow-no-tests"
        )
    ] == list(map(str, run.diagnostics))


def test_no_test_is_allowed(shelf: Shelf) -> None:
    """A run that allows it ends well without any test."""
    run = shelf.run("pets.yaml", allows_no_tests=True)

    assert (ExitCode.OK, (), ()) == (run.exit_code, run.results, run.diagnostics)


def test_broken_tests_are_not_no_tests(shelf: Shelf) -> None:
    """A document that cannot be read is an error, also where no test is allowed."""
    shelf.write("pets.test.yaml", document(PASSES).replace("tests:", "test:"))

    assert ExitCode.FAILED == shelf.run(allows_no_tests=True).exit_code


def test_manifest_beside_the_tests(shelf: Shelf) -> None:
    """A manifest that PATH leaves out is found in the folder of the tests."""
    shelf.test(PASSES)

    assert [("passes", "passed")] == results(shelf.run("pets.test.yaml"))


def test_tests_in_the_file_of_the_manifest(shelf: Shelf) -> None:
    """Tests and the manifest may be documents of one file."""
    shelf.write("pets.yaml", f"{PETS}---\n{document(PASSES)}")

    assert [("passes", "passed")] == results(shelf.run("pets.yaml"))


def test_manifest_of_the_configuration(shelf: Shelf) -> None:
    """A manifest that PATH leaves out is found in the files of the configuration."""
    configured(shelf)
    shelf.write("tests/pets.yaml", document(PASSES))

    assert [("passes", "passed"), ("passes", "passed")] == results(shelf.run("tests"))


def test_neighbours_with_errors(shelf: Shelf) -> None:
    """Other broken files in the folder of the tests are none of a run's business."""
    shelf.test(PASSES)
    shelf.write("broken.yaml", "a: {")
    run = shelf.run("pets.test.yaml")

    assert ([("passes", "passed")], ()) == (results(run), run.diagnostics)


def test_broken_neighbour_with_the_manifest(shelf: Shelf) -> None:
    """If the file that does not parse may have the manifest, its problem is reported."""
    shelf.test(PASSES)
    shelf.write("pets.yaml", f"{PETS}  x: {{\n")
    rules = [diagnostic.rule.id for diagnostic in shelf.run("pets.test.yaml").diagnostics]

    assert ["faulty-manifest", "syntax"] == rules


def test_neighbour_that_is_a_link(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A link in the folder of the tests is followed within that folder only."""
    outside = tmp_path_factory.mktemp("outside") / "pets.yaml"
    shelf.test(PASSES)
    (shelf.folder / "pets.yaml").rename(outside)
    (shelf.folder / "pets.yaml").symlink_to(outside)

    assert ["unknown-manifest"] == [problem.rule.id for problem in shelf.run("pets.test.yaml").diagnostics]


def test_unknown_manifest(shelf: Shelf) -> None:
    """A name that no manifest has is an error at its place, with the nearest one."""
    assert [
        "5:13: error: there is no manifest `pet` [unknown-manifest]; did you mean `pets`?",
    ] == shelf.problems(PASSES, manifest="pet")


def test_every_environment(shelf: Shelf) -> None:
    """Without --env a test runs in all of them, one after the other."""
    configured(shelf)
    shelf.write("manifests/test.yaml", document(PASSES))
    run = shelf.run("manifests")

    assert ["dev", "prod"] == [result.ready.environment for result in run.results]


def test_one_environment(shelf: Shelf) -> None:
    """With --env it runs there only."""
    configured(shelf)
    shelf.write("manifests/test.yaml", document(PASSES))
    run = shelf.run("manifests", environments=("prod",))

    assert ["prod"] == [result.ready.environment for result in run.results]


def test_variables(shelf: Shelf) -> None:
    """Placeholders in tests are those of the environment."""
    configured(shelf)
    test = f"{{name: t, {METHOD}, backend: {MISSING}, expect: {{status: '${{{{ vars.status }}}}'}}}}"
    shelf.write("manifests/test.yaml", document(test))
    run = shelf.run("manifests")

    assert [("t", "passed"), ("t", "failed")] == results(run)
    assert [("status", 410, 404)] == differences(run)


def test_undefined_variable(shelf: Shelf) -> None:
    """A test with a variable that is not defined does not run; the others do."""
    shelf.test(FAILS.replace("200", "'${{ vars.nothing }}'"), PASSES)
    run = shelf.run()

    assert (["undefined-variable"], [("passes", "passed")]) == (
        [diagnostic.rule.id for diagnostic in run.diagnostics],
        results(run),
    )


def test_undefined_variable_outside_of_the_tests(shelf: Shelf) -> None:
    """In the defaults, say, it concerns them all."""
    shelf.test(PASSES, more="defaults: {stageVariables: {tier: '${{ vars.nothing }}'}}")
    run = shelf.run()

    assert (["undefined-variable"], []) == ([diagnostic.rule.id for diagnostic in run.diagnostics], results(run))


def test_command_line_variable(shelf: Shelf) -> None:
    """A variable that only tests read is one that is read."""
    shelf.test(PASSES.replace("404", "'${{ vars.status }}'"))
    run = shelf.run(variables={"status": "404"})

    assert ([("passes", "passed")], ()) == (results(run), run.diagnostics)


def test_method_of_one_environment(shelf: Shelf) -> None:
    """A test of a method that only an overlay lists runs in that environment."""
    overlay = "  overlays: {prod: {resources: {/extra: {GET: {responses: {200: {}}}}}}}\n"
    configured(shelf, PETS + overlay)
    test = "{name: t, method: GET /extra, backend: {status: 200}, expect: {status: 200}}"
    shelf.write("manifests/test.yaml", document(test))
    run = shelf.run("manifests")

    assert ([("t", "passed")], ["prod"]) == (results(run), [result.ready.environment for result in run.results])


def test_manifest_of_one_environment(shelf: Shelf) -> None:
    """The tests of a manifest run in the environments that it is for."""
    configured(shelf, PETS.replace("{name: pets,", "{name: pets, environments: [dev],"))
    shelf.write("manifests/test.yaml", document(PASSES))
    run = shelf.run("manifests")

    assert ["dev"] == [result.ready.environment for result in run.results]


def test_selector(shelf: Shelf) -> None:
    """The tests of manifests without the label do not run."""
    chat = "{name: c, route: sendMessage, backend: {status: 200}, expect: {selected: $default}}"
    shelf.test(PASSES)
    shelf.write("chat.test.yaml", document(chat, name="chat", manifest="chat"))
    run = shelf.run(selectors=({"team": "pets"},))

    assert [("passes", "passed")] == results(run)


def test_touched(shelf: Shelf) -> None:
    """With --changed-since the tests of a changed manifest run, and those of a document that changed itself."""
    shelf.test(PASSES)
    changed = (str(shelf.folder.resolve() / "pets.test.yaml"),)

    assert [("passes", "passed")] == results(shelf.run(touched=changed))
    assert [] == results(shelf.run(touched=(str(shelf.folder.resolve() / "other.yaml"),)))


def test_only(shelf: Shelf) -> None:
    """A glob chooses tests by name, or by document and name."""
    shelf.test(PASSES, FAILS)

    assert [("fails", "failed")] == results(shelf.run(only=("fai*",)))
    assert [("passes", "passed")] == results(shelf.run(only=("errors: pass?s",)))


def test_only_without_a_match(shelf: Shelf) -> None:
    """A glob that matches no test is wrong usage."""
    shelf.test(PASSES)
    with pytest.raises(UsageError) as raised:
        shelf.run(only=("pases",))

    assert "--only 'pases' matches no test; did you mean `passes`?" == str(raised.value)


def test_only_hides_the_problems_of_other_tests(shelf: Shelf) -> None:
    """What keeps other tests from running does not matter."""
    missing = f"{{name: missing, {METHOD}, backend: {MISSING}, expect: {{body: {{file: nothing.json}}}}}}"
    shelf.test(PASSES, missing)
    shelf.write("other.yaml", document(FAILS, name="other", manifest="nothing"))
    run = shelf.run(only=("passes",))

    assert (ExitCode.OK, (), 0) == (run.exit_code, run.diagnostics, run.not_run)
    assert ["test-file"] == [problem.rule.id for problem in shelf.run(only=("missing",)).diagnostics]


def test_only_in_a_broken_document(shelf: Shelf) -> None:
    """Where documents cannot be read, a glob without a match may be right."""
    shelf.test(PASSES, manifest="[pets]")
    run = shelf.run(only=("passes",))

    assert (ExitCode.FAILED, ["wrong-type"]) == (run.exit_code, [problem.rule.id for problem in run.diagnostics])


def test_lint_errors(shelf: Shelf) -> None:
    """Tests run on a manifest with lint errors: clients get an answer all the same."""
    shelf.write("pets.yaml", PETS.replace("200: {}", "200: {responseParameters: {method.response.header.X: '*'}}"))
    shelf.test(PASSES)
    run = shelf.run()

    assert (ExitCode.OK, [("passes", "passed")]) == (run.exit_code, results(run))


FAULTS = {
    "a wrong type": "200: {selectionPattern: 5}",
    "an unknown key": "200: {selectionPatern: '5'}",
    "a missing template": "200: {responseTemplates: {application/json: {file: nothing.vtl}}}",
    "an undefined variable": "200: {selectionPattern: '${{ vars.x }}'}",
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_manifest_with_errors(shelf: Shelf, fault: str) -> None:
    """The tests of a manifest with errors do not run; those of other manifests do."""
    shelf.write("pets.yaml", PETS.replace("200: {}", fault))
    chat = "{name: c, route: sendMessage, backend: {status: 200}, expect: {selected: $default}}"
    shelf.test(PASSES)
    shelf.write("chat.test.yaml", document(chat, name="chat", manifest="chat"))
    run = shelf.run()

    assert (ExitCode.FAILED, [("c", "passed")], 1) == (run.exit_code, results(run), run.not_run)
    assert (
        "pets.test.yaml:5:13: error: the manifest `pets` has errors, so its tests do not run [faulty-manifest]; "
        "fix the errors of the manifest"
    ) in map(str, run.diagnostics)
    assert {"pets.yaml", "pets.test.yaml"} == {
        diagnostic.location.file for diagnostic in run.diagnostics if diagnostic.location
    }


def test_unknown_set(shelf: Shelf) -> None:
    """A set that does not exist is an error of the manifest."""
    shelf.write("pets.yaml", PETS.replace("GET:\n", "GET:\n        use: [nothing]\n"))
    shelf.test(PASSES)
    run = shelf.run()

    assert ({"unknown-set", "faulty-manifest"}, []) == ({each.rule.id for each in run.diagnostics}, results(run))


def test_set_with_errors(shelf: Shelf) -> None:
    """So is an error in a set that it uses."""
    response_set = (
        "---\napiVersion: reconciler/v1\nkind: ResponseSet\nmetadata: {name: common}\nspec:\n  for: RestApi\n"
        "  responses: {500: {responseTemplates: {application/json: {file: nothing.vtl}}}}\n"
    )
    shelf.write("pets.yaml", PETS.replace("GET:\n", "GET:\n        use: [common]\n") + response_set)
    shelf.test(PASSES)
    run = shelf.run()

    assert ({"template-file", "faulty-manifest"}, []) == ({each.rule.id for each in run.diagnostics}, results(run))
