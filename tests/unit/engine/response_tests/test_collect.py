"""Tests that cannot run: a problem at its place, and the others run."""

from support.response_tests import METHOD, MISSING, PASSES, Shelf, document, results


def test_unlisted_method(shelf: Shelf) -> None:
    """A method that the manifest does not list is an error with the nearest one."""
    test = f"{{name: t, method: 'GET /pets/{{pet}}', backend: {MISSING}, expect: {{status: 404}}}}"

    assert [
        (
            "7:23: error: the manifest `pets` does not list `GET /pets/{pet}` [tested-method]; "
            "did you mean `'GET /pets/{petId}'`?"
        )
    ] == shelf.problems(test)


def test_route_of_a_rest_api(shelf: Shelf) -> None:
    """REST APIs have no routes."""
    test = "{name: t, route: sendMessage, backend: {status: 200}, expect: {selected: '200'}}"

    assert [
        (
            "7:22: error: `pets` is a RestApi, which has no `route` [tested-method]; "
            "name a method, as in `method: GET /pets/{petId}`"
        )
    ] == shelf.problems(test)


def test_method_of_a_websocket_api(shelf: Shelf) -> None:
    """WebSocket APIs have no methods."""
    test = "{name: t, method: GET /pets, backend: {status: 200}, expect: {selected: $default}}"

    assert [
        (
            "7:23: error: `chat` is a WebSocketApi, which has no `method` [tested-method]; "
            "name a `route` or an `integration`"
        )
    ] == shelf.problems(test, manifest="chat")


def test_unlisted_integration(shelf: Shelf) -> None:
    """An integration that the manifest does not list by its id."""
    test = "{name: t, integration: abc124, backend: {status: 200}, expect: {selected: $default}}"

    assert [
        "7:28: error: the manifest `chat` does not list `integration abc124` [tested-method]; did you mean `abc123`?"
    ] == shelf.problems(test, manifest="chat")


def test_integration(shelf: Shelf) -> None:
    """An integration is tested by the id that the manifest lists."""
    test = "{name: t, integration: abc123, backend: {status: 200}, expect: {selected: $default}}"

    assert "passed" == shelf.outcome(test, manifest="chat")


def test_two_tests_of_one_name(shelf: Shelf) -> None:
    """The second one does not run."""
    shelf.test(PASSES, PASSES)
    run = shelf.run()

    assert [
        (
            "pets.test.yaml:8:12: error: `passes` is already the name of another test, at pets.test.yaml:7:5 "
            "[duplicate-test]; give each test of a document a unique name"
        )
    ] == list(map(str, run.diagnostics))
    assert ([("passes", "passed")], 1) == (results(run), run.not_run)


def test_two_documents_of_one_name(shelf: Shelf) -> None:
    """Documents with tests are told apart by their names."""
    shelf.write("a.test.yaml", document(PASSES))
    shelf.test(PASSES)

    assert [
        (
            "pets.test.yaml:3:18: error: `errors` is already the name of another document with response tests, at "
            "a.test.yaml:3:18 [duplicate-name]; give each document with response tests a unique name"
        )
    ] == list(map(str, shelf.run().diagnostics))


def test_unsound_test(shelf: Shelf) -> None:
    """A test with a wrong value does not run, and the others do."""
    shelf.test("{name: t, backend: {status: many}}", PASSES)
    run = shelf.run()

    assert (["wrong-type"], [("passes", "passed")], 1) == (
        [diagnostic.rule.id for diagnostic in run.diagnostics],
        results(run),
        run.not_run,
    )


def test_impossible_backend(shelf: Shelf) -> None:
    """A backend that the type of the integration cannot have is an error, not a result."""
    test = f"{{name: t, {METHOD}, api: {{integrationType: MOCK}}, backend: {MISSING}, expect: {{status: 404}}}}"
    shelf.test(test, PASSES)
    run = shelf.run()
    (problem,) = run.diagnostics

    assert ("backend", [("passes", "passed")]) == (problem.rule.id, results(run))
    assert "change `backend` or `integrationType`" == problem.remedy


def test_order_of_the_results(shelf: Shelf) -> None:
    """Results come in the order in which the tests are written, document by document."""
    shelf.test(PASSES)
    shelf.write("a.test.yaml", document(PASSES.replace("passes", "first"), name="first"))

    assert [("first", "passed"), ("passes", "passed")] == results(shelf.run())
