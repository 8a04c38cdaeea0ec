"""Bodies that --update writes into the files of tests."""

import os

import pytest

from reconciler.errors import ExitCode, ReconcilerError
from support.response_tests import METHOD, MISSING, PASSES, PETS, Shelf, document, results

BODY = '{"errorMessage":"[NotFound] no pet 7"}'


def golden(backend: str = MISSING, file: str = "golden/a.json", name: str = "t", more: str = "") -> str:
    """A test with an expected body in a file."""
    return f"{{name: {name}, {METHOD}, backend: {backend}, expect: {{{more}body: {{file: {file}}}}}}}"


def http(body: str) -> str:
    """An HTTP backend with this body."""
    return f"{{status: 200, body: {body}}}"


def test_missing_file(shelf: Shelf) -> None:
    """A file that does not exist is created with its folder; its last line ends with a newline."""
    shelf.test(golden())
    run = shelf.run(update=True)

    assert (("golden/a.json",), f"{BODY}\n".encode()) == (run.written, shelf.read("golden/a.json"))
    assert (ExitCode.OK, [("t", "passed")]) == (run.exit_code, results(run))


def test_without_update(shelf: Shelf) -> None:
    """Without --update nothing is written."""
    shelf.test(golden())
    run = shelf.run()

    assert (ExitCode.FAILED, False) == (run.exit_code, (shelf.folder / "golden").exists())


def test_other_content(shelf: Shelf) -> None:
    """A file with another body is replaced."""
    shelf.write("golden/a.json", "old\n")
    shelf.test(golden())

    assert ("golden/a.json",) == shelf.run(update=True).written
    assert f"{BODY}\n".encode() == shelf.read("golden/a.json")


@pytest.mark.parametrize("content", [BODY, f"{BODY}\n", '{\n  "errorMessage": "[NotFound] no pet 7"\n}\n'])
def test_same_content(shelf: Shelf, content: str) -> None:
    """A file with the expected body stays as it is, byte by byte; the spacing of a function's own value is free."""
    shelf.write("golden/a.json", content)
    shelf.test(golden())

    assert ((), content.encode()) == (shelf.run(update=True).written, shelf.read("golden/a.json"))


def test_second_update(shelf: Shelf) -> None:
    """An update that follows another one changes nothing."""
    shelf.test(golden(http('"two lines\\n\\n"')))
    shelf.run(update=True)

    assert () == shelf.run(update=True).written
    assert ExitCode.OK == shelf.run().exit_code


def test_binary_body(shelf: Shelf) -> None:
    """Bytes are written as they are."""
    backend = "{status: 200, headers: {Content-Type: image/png}, body: {base64: iVBOR/8K}}"
    shelf.test(
        golden(backend, "a.png").replace("backend", "request: {headers: {Accept: image/png}}, backend"),
        more="api: {binaryMediaTypes: [image/png]}",
    )
    run = shelf.run(update=True)

    assert (("a.png",), b"\x89PNG\xff\x0a") == (run.written, shelf.read("a.png"))
    assert [("t", "passed")] == results(shelf.run())


def test_only_tests_that_run(shelf: Shelf) -> None:
    """With --only the files of other tests stay."""
    shelf.test(golden(name="a"), golden(name="b", file="b.json"))
    run = shelf.run(update=True, only=("b",))

    assert (("b.json",), False) == (run.written, (shelf.folder / "golden").exists())


def test_other_differences_stay(shelf: Shelf) -> None:
    """A test that fails for another reason gets its body, and fails."""
    shelf.test(golden(more="status: 200, "))
    run = shelf.run(update=True)

    assert (("golden/a.json",), [("t", "failed")]) == (run.written, results(run))


def test_tests_that_agree(shelf: Shelf) -> None:
    """Several tests may share a file."""
    shelf.test(golden(name="a"), golden(name="b"))

    assert ("golden/a.json",) == shelf.run(update=True).written


def test_tests_that_do_not_agree(shelf: Shelf) -> None:
    """Tests with different bodies cannot share a file, even if one of them has what is in it."""
    shelf.write("golden/a.json", "one")
    shelf.test(golden(http("one"), name="a"), golden(http("two"), name="b"))
    run = shelf.run(update=True)

    assert ((), b"one") == (run.written, shelf.read("golden/a.json"))
    assert [
        (
            "pets.test.yaml:8:101: error: `golden/a.json` is not written: tests that name it get different bodies "
            "[test-file]; name a file that errors: a does not use"
        )
    ] == list(map(str, run.diagnostics))


def in_two_environments(shelf: Shelf) -> None:
    """Put the manifest, with a body that differs, into the folder of a configuration."""
    (shelf.folder / "pets.yaml").unlink()
    shelf.write(
        "reconciler.yaml",
        "apiVersion: reconciler/v1\nkind: Config\nmanifests: [m]\n"
        "environments: {dev: {vars: {x: a}}, prod: {vars: {x: b}}}\n",
    )
    template = "200: {responseTemplates: {application/json: '${{ vars.x }}'}}"
    shelf.write("m/pets.yaml", PETS.replace("200: {}", template))


def test_environments_that_do_not_agree(shelf: Shelf) -> None:
    """Nor can one test whose body differs by environment."""
    in_two_environments(shelf)
    shelf.write("m/test.yaml", document(golden(http("x"))))
    (problem,) = shelf.run("m", update=True).diagnostics

    assert (
        "use a variable in its name, as in `a-${{ vars.NAME }}.json`, so that each environment has its own file"
    ) == problem.remedy


def test_file_of_each_environment(shelf: Shelf) -> None:
    """A variable in the name gives each environment a file of its own."""
    in_two_environments(shelf)
    shelf.write("m/test.yaml", document(golden(http("x")).replace("golden/a.json", "'golden/${{ vars.x }}.json'")))
    run = shelf.run("m", update=True)

    assert ((), ("m/golden/a.json", "m/golden/b.json")) == (run.diagnostics, run.written)


def test_error_of_api_gateway(shelf: Shelf) -> None:
    """The body of an unexpected error of API Gateway is not what should be expected from now on."""
    shelf.write("pets.yaml", PETS.replace("200: {}", "200: {responseTemplates: {application/json: '#if('}}"))
    shelf.test(golden(http("x")), PASSES)
    run = shelf.run(update=True)
    (problem,) = run.diagnostics

    assert ((), "`golden/a.json` is not written: API Gateway answers with its own error") == (
        run.written,
        problem.message,
    )
    assert [("t", "failed"), ("passes", "passed")] == results(run)


def test_expected_error_of_api_gateway(shelf: Shelf) -> None:
    """If the test expects the error, its body is."""
    shelf.write("pets.yaml", PETS.replace("200: {}", "200: {responseTemplates: {application/json: '#if('}}"))
    shelf.test(golden(http("x"), more="error: true, "))
    run = shelf.run(update=True)

    assert (("golden/a.json",), [("t", "passed")]) == (run.written, results(run))


def test_unknown_body(shelf: Shelf) -> None:
    """A body that nobody can know is not written."""
    shelf.test(golden("{lambdaText: a, failed: true}"))
    shelf.write(
        "pets.yaml",
        PETS.replace("200: {}", "200: {}\n          400: {selectionPattern: 'a', responseTemplates: {a/b: x}}").replace(
            "'\\[NotFound\\].*'", "'a+'"
        ),
    )
    run = shelf.run(update=True)

    assert ((), [("t", "unknown")]) == (run.written, results(run))


def test_outside_of_the_root(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No file is written outside of the root, however it is named."""
    outside = tmp_path_factory.mktemp("outside")
    (shelf.folder / "link").symlink_to(outside)
    (shelf.folder / "a.json").symlink_to(outside / "a.json")
    names = ("../a.json", str(outside / "a.json"), "link/a.json", "a.json", ".git/a.json", ".hidden/a.json")
    shelf.test(*(golden(name=f"t{number}", file=file) for number, file in enumerate(names)))
    run = shelf.run(update=True)

    assert ([], (), ["test-file"] * 6) == (
        list(outside.iterdir()),
        run.written,
        [problem.rule.id for problem in run.diagnostics],
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_folder_that_is_not_writable(shelf: Shelf) -> None:
    """If one file cannot be written, none is."""
    (shelf.folder / "golden").mkdir(mode=0o500)
    shelf.test(golden(file="a.json", name="a"), golden(name="b"))
    with pytest.raises(ReconcilerError, match="nothing was written"):
        shelf.run(update=True)

    assert not (shelf.folder / "a.json").exists()


def test_file_in_the_way_of_a_folder(shelf: Shelf) -> None:
    """A file where the folder should be is an error of that test; the others are written."""
    shelf.write("golden", "")
    shelf.test(golden(file="a.json", name="a"), golden(name="b"))
    run = shelf.run(update=True)
    (problem,) = run.diagnostics

    assert (("a.json",), "`golden/a.json` cannot be read: Not a directory") == (run.written, problem.message)


TEMPLATED = PETS.replace("200: {}", "200: {responseTemplates: {application/json: {file: page.vtl}}}")
INPUTS = {
    "the manifest": "pets.yaml",
    "the tests": "pets.test.yaml",
    "a template": "page.vtl",
    "the body of a backend": "sent.json",
}


@pytest.mark.parametrize("file", INPUTS.values(), ids=INPUTS.keys())
def test_input_of_the_run(shelf: Shelf, file: str) -> None:
    """A file that the run reads for anything else is not written over, and the other files are written."""
    shelf.write("pets.yaml", TEMPLATED)
    shelf.write("page.vtl", "page#if(true)s#end")
    shelf.write("sent.json", "sent")
    shelf.test(golden(http("{file: sent.json}"), file), golden(name="other"))
    before = shelf.read(file)
    run = shelf.run(update=True)

    assert (("golden/a.json",), before) == (run.written, shelf.read(file))
    assert [
        (
            f"`{file}` is not written: it is a manifest, template, configuration or document with tests, or a body "
            "that a test sends"
        )
    ] == [problem.message for problem in run.diagnostics]


def test_configuration(shelf: Shelf) -> None:
    """The configuration is not written over either."""
    shelf.write("reconciler.yaml", "apiVersion: reconciler/v1\nkind: Config\nmanifests: [.]\n")
    shelf.test(golden(file="reconciler.yaml"))
    run = shelf.run(update=True)

    assert ((), ["test-file"]) == (run.written, [problem.rule.id for problem in run.diagnostics])


def test_body_that_passes_through(shelf: Shelf) -> None:
    """A test may expect what its backend sends: nothing is to be written then."""
    shelf.write("sent.json", "sent")
    shelf.test(golden(http("{file: sent.json}"), "sent.json"))
    run = shelf.run(update=True)

    assert (ExitCode.OK, (), ()) == (run.exit_code, run.written, run.diagnostics)
