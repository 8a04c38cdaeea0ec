"""Responses that no test selects, and branches that no test takes."""

from support.response_tests import METHOD, MISSING, PASSES, PETS, Shelf, document


def test_responses(shelf: Shelf) -> None:
    """Every response of the manifest counts, in whatever method."""
    shelf.test(PASSES)
    coverage = shelf.run().coverage

    assert (2, ["pets: GET /pets/{petId} 200"], 50) == (
        coverage.responses,
        [each.address for each in coverage.unselected],
        coverage.percent,
    )
    assert ["pets.yaml:10:11"] == [str(each.location) for each in coverage.unselected]


def test_manifests_without_tests(shelf: Shelf) -> None:
    """The responses of a manifest that no document tests are not counted."""
    shelf.test(PASSES)

    assert {"pets"} == {each.manifest for each in shelf.run().coverage.unselected}


def test_no_test(shelf: Shelf) -> None:
    """Without a test there is nothing to cover."""
    coverage = shelf.run("pets.yaml").coverage

    assert (0, None) == (coverage.responses, coverage.percent)


TEMPLATE = "200: {responseTemplates: {application/json: '#if($input.path(\"$.a\") == 1)one#else#{end}'}}"
ONE = f"{{name: one, {METHOD}, backend: {{status: 200, body: {{json: {{a: 1}}}}}}, expect: {{status: 200}}}}"
TWO = ONE.replace("name: one", "name: two").replace("a: 1", "a: 2")


def untaken(shelf: Shelf, *tests: str) -> list[tuple[str, bool]]:
    """The branches that tests do not take."""
    shelf.test(*tests)
    return [(each.branch.directive, each.branch.taken) for each in shelf.run().coverage.untaken]


def test_branches(shelf: Shelf) -> None:
    """Each way through an #if is a branch."""
    shelf.write("pets.yaml", PETS.replace("200: {}", TEMPLATE))

    assert [("#else", True)] == untaken(shelf, ONE)
    assert [("#if", True)] == untaken(shelf, TWO)
    assert [] == untaken(shelf, ONE, TWO)


def test_template_that_is_not_rendered(shelf: Shelf) -> None:
    """None of the branches of a template that no test renders is taken."""
    shelf.write("pets.yaml", PETS.replace("200: {}", TEMPLATE))

    assert [("#if", True), ("#else", True)] == untaken(shelf, PASSES)


def test_template_that_does_not_parse(shelf: Shelf) -> None:
    """It has no branches."""
    shelf.write("pets.yaml", PETS.replace("200: {}", "200: {responseTemplates: {application/json: '#if('}}"))

    assert [] == untaken(shelf, PASSES)


def test_template_of_a_set(shelf: Shelf) -> None:
    """A template that several methods have from a set counts once."""
    response_set = (
        "---\napiVersion: reconciler/v1\nkind: ResponseSet\nmetadata: {name: common}\n"
        f"spec:\n  for: RestApi\n  responses: {{{TEMPLATE}}}\n"
    )
    manifest = PETS.replace("GET:\n", "GET:\n        use: [common]\n").replace("          200: {}\n", "")
    shelf.write("pets.yaml", f"{manifest}    /more: {{GET: {{use: [common]}}}}\n{response_set}")
    shelf.test(ONE)
    coverage = shelf.run().coverage

    assert (2, ["#else"], 3) == (
        coverage.branches,
        [each.branch.directive for each in coverage.untaken],
        coverage.responses,
    )


def test_environments(shelf: Shelf) -> None:
    """What one environment reaches counts for all."""
    shelf.write(
        "reconciler.yaml",
        "apiVersion: reconciler/v1\nkind: Config\nmanifests: [m]\n"
        "environments: {dev: {vars: {x: 1}}, prod: {vars: {x: 2}}}\n",
    )
    (shelf.folder / "pets.yaml").unlink()
    shelf.write("m/pets.yaml", PETS.replace("200: {}", TEMPLATE))
    shelf.write("m/test.yaml", document(ONE.replace("{a: 1}", "{a: '${{ vars.x }}'}")))
    coverage = shelf.run("m").coverage

    assert (2, 2, [], ["404"]) == (
        coverage.branches,
        coverage.responses,
        list(coverage.untaken),
        [each.address[-3:] for each in coverage.unselected],
    )


def test_unknown_selection(shelf: Shelf) -> None:
    """A test whose response is unknown selects none."""
    shelf.write("pets.yaml", PETS.replace("200: {}", "400: {selectionPattern: '.*no.*'}"))
    shelf.test(f"{{name: t, {METHOD}, backend: {MISSING}, expect: {{unknown: [selected]}}}}")

    assert ["400", "404"] == [each.address[-3:] for each in shelf.run().coverage.unselected]
