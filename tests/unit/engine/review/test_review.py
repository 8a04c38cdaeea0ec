"""A review of what changed in a repository."""

from pathlib import Path

import pytest

from reconciler.errors import ExitCode, UsageError
from reconciler.review import Counts
from support.reviewing import CONFIGURATION, Workshop, response_set, rest, workshop

USE = "use: [{set: errors}]"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """One API, of which everything comes up: sets, variables, overlays, template files, in two environments."""
    made = workshop(tmp_path / "shop", monkeypatch)
    made.write("reconciler.yaml", CONFIGURATION)
    made.write(
        "manifests/petstore.yaml",
        rest(
            """
            GET /pets: {200: {}}
            POST /pets/{id}: {200: {}, 404: {selectionPattern: '404'}}
            """,
            api="petstore-${{ vars.stage }}",
            spec=USE,
        ),
    )
    made.write(
        "sets/errors.yaml",
        response_set("{500: {selectionPattern: '5..', responseTemplates: {text/plain: {file: error.vtl}}}}"),
    )
    made.write("sets/error.vtl", "one\ntwo\nthree\n")
    made.commit()
    return made


def edit(shop: Workshop, name: str, old: str, new: str) -> None:
    """Replace a text that a file has."""
    text = (shop.folder / name).read_text(encoding="utf-8")
    assert old in text
    shop.write(name, text.replace(old, new))


def rows(shop: Workshop, *paths: str) -> list[tuple[str | None, str, str]]:
    """Environment, address and effect of every response that changes."""
    found = shop.review(*paths).review
    return [
        (api.place.environment, response.address, response.effect.value)
        for api in found.apis
        for response in api.review.responses
    ]


def test_nothing_changed(shop: Workshop) -> None:
    """Nothing is reported, and the exit code is 0."""
    found = shop.review()

    assert (True, Counts(unchanged=5), (), ExitCode.OK) == (
        found.review.is_empty,
        found.review.counts,
        found.diagnostics,
        found.exit_code,
    )


def test_reformatted(shop: Workshop) -> None:
    """Comments, moved lines, other quotes, a moved template and a set that is inlined are no change."""
    shop.write("templates/moved.vtl", "one\ntwo\nthree\n")
    shop.remove("sets/error.vtl")
    shop.remove("sets/errors.yaml")
    shop.write(
        "manifests/petstore.yaml",
        """
# a comment
kind: RestApi
apiVersion: "reconciler/v1"
metadata:
  name: petstore
spec:
  resources:
    "/pets/{id}":
      POST:
        responses:
          "404":
            selectionPattern: "404"
          "500": &error
            responseTemplates: {text/plain: {file: ../templates/moved.vtl}}
            selectionPattern: 5..
          200: {}
    /pets: {GET: {responses: {500: *error, 200: {}}}}
  api:
    name: petstore-${{ vars.stage }}
""",
    )
    edit(shop, "reconciler.yaml", "manifests: [manifests/, sets/]", "manifests: [manifests/]\nroot: .")

    assert [] == rows(shop)


def test_renamed_and_moved(shop: Workshop) -> None:
    """A manifest of another name in another file is no change, nor is a method that another manifest lists now."""
    shop.remove("manifests/petstore.yaml")
    api = "petstore-${{ vars.stage }}"
    shop.write("manifests/a.yaml", rest("GET /pets: {200: {}}", name="a", api=api, spec=USE))
    shop.write(
        "manifests/deep/b.yaml",
        rest("POST /pets/{id}: {200: {}, 404: {selectionPattern: '404'}}", name="b", api=api, spec=USE),
    )

    assert (True, [], []) == (
        shop.review().review.is_empty,
        rows(shop, "manifests/a.yaml"),
        rows(shop, "manifests/petstore.yaml"),
    )


def test_moved_configuration(shop: Workshop) -> None:
    """A configuration that moves with all that it names is for the same APIs."""
    (shop.folder / "deep").mkdir()
    shop.repository.git("mv", "reconciler.yaml", "manifests", "sets", "deep")

    assert [] == rows(shop, ".")


def test_set_changes_every_response(shop: Workshop) -> None:
    """A change in one template file of a set shows every response that it changes, in every environment."""
    shop.write("sets/error.vtl", "one\n2\nthree\n")

    assert [
        (environment, f"petstore: {method} 500", "update")
        for environment in ("dev", "prod")
        for method in ("GET /pets", "POST /pets/{id}")
    ] == rows(shop)


def test_variable_changes_one_environment(shop: Workshop) -> None:
    """A variable of one environment changes what that one has."""
    edit(shop, "sets/errors.yaml", "'5..'", "'${{ vars.pattern }}'")
    edit(shop, "reconciler.yaml", "{stage: dev}", "{stage: dev, pattern: '5..'}")
    edit(shop, "reconciler.yaml", "{stage: prod}", "{stage: prod, pattern: '50.'}")

    assert {"prod"} == {environment for environment, _, _ in rows(shop)}


def test_environment_comes_and_goes(shop: Workshop) -> None:
    """What is in a new environment is new, what was in another is released."""
    edit(shop, "reconciler.yaml", "  prod: {region: eu-west-1, vars: {stage: prod}}", "  test: {vars: {stage: test}}")
    found = shop.review().review

    assert (("dev", "test", "prod"), Counts(create=5, release=5)) == (found.environments, found.counts)


def test_removed_manifest(shop: Workshop) -> None:
    """Its responses are released, also when it is asked for by its name."""
    shop.remove("manifests/petstore.yaml")

    assert [Counts(release=5)] * 2 == [
        shop.review().review.counts,
        shop.review("manifests/petstore.yaml").review.counts,
    ]


def test_manifest_for_another_api(shop: Workshop) -> None:
    """One is new, the other released, and the review says that both are of one manifest."""
    edit(shop, "manifests/petstore.yaml", "petstore-${{ vars.stage }}", "shop-${{ vars.stage }}")
    found = shop.review(environments=("dev",)).review

    assert [("name 'shop-dev'", "name 'petstore-dev'", True, False), ("name 'petstore-dev'", "", False, True)] == [
        (api.place.api, api.instead_of, api.is_new, api.is_gone) for api in found.apis
    ]


def test_id_of_an_environment(shop: Workshop) -> None:
    """The environment's API counts, whatever the manifest is called."""
    edit(shop, "reconciler.yaml", "{stage: dev}", "{stage: dev}, apis: {petstore: a1b2c3d4e5}")
    shop.commit()
    shop.branch()
    edit(shop, "manifests/petstore.yaml", "petstore-${{ vars.stage }}", "other-${{ vars.stage }}")

    assert {"prod"} == {environment for environment, _, _ in rows(shop)}


def test_settings_of_a_configuration(shop: Workshop) -> None:
    """Where an environment is, how much a plan may do, what is checked and what is ignored: once each."""
    edit(shop, "reconciler.yaml", "dev: {region: eu-west-1", "dev: {regions: [eu-west-1, us-east-1]")
    more = (
        'guard: {maxDelete: 10%, revertsLive: allow}\nlint: {remapped-header: "off"}\n'
        'ignore: [{match: "petstore: *", fields: [contentHandling], reason: r}]\n'
    )
    edit(shop, "reconciler.yaml", "environments:", f"{more}environments:")

    assert [
        ("dev", "regions", "eu-west-1", "eu-west-1, us-east-1"),
        (None, "guard", "", "maxDelete 10%, revertsLive allow"),
        (None, "lint", "", "remapped-header off"),
        (None, "ignore", "", "petstore: * [contentHandling]"),
    ] == [(one.environment, one.name, one.before, one.after) for one in shop.review().review.configuration]


def test_base_is_where_the_branch_left(shop: Workshop) -> None:
    """What happened on the main branch meanwhile is no part of it."""
    shop.branch()
    shop.write("sets/error.vtl", "other\n")
    shop.commit()
    shop.repository.git("checkout", "main")
    edit(shop, "manifests/petstore.yaml", "404: {selectionPattern: '404'}", "410: {selectionPattern: '410'}")
    shop.commit()
    shop.repository.git("checkout", "topic")

    assert {"petstore: GET /pets 500", "petstore: POST /pets/{id} 500"} == {address for _, address, _ in rows(shop)}


def test_two_revisions(shop: Workshop) -> None:
    """A head that is named is read through git as well; the working tree has no part in it."""
    shop.write("sets/error.vtl", "other\n")
    second = shop.commit()
    shop.write("sets/error.vtl", "broken\n")
    shop.write("manifests/petstore.yaml", "broken: [")
    found = shop.review(base="HEAD~1", head="HEAD").review

    assert (Counts(update=2, unchanged=3), second) == (found.counts, found.head.commit)


def test_broken_base(shop: Workshop) -> None:
    """The warning says where, and what can be read is compared."""
    good = (shop.folder / "manifests/petstore.yaml").read_text(encoding="utf-8")
    manifest = rest("GET /pets: {200: {}}", name="broken", api="broken")
    shop.write("manifests/broken.yaml", manifest.replace("200", "2000"))
    shop.commit()
    shop.branch()
    shop.write("manifests/broken.yaml", manifest)
    shop.write("manifests/petstore.yaml", good.replace("'404'", "'4..'"))
    found = shop.review(environments=("dev",))
    (said,) = found.diagnostics

    assert (ExitCode.OK, Counts(create=1, update=1, unchanged=4), True) == (
        found.exit_code,
        found.review.counts,
        "have 1 error, so unchanged responses may be shown as new: manifests/broken.yaml:7:" in said.message,
    )


def test_nothing_at_base(shop: Workshop) -> None:
    """Without a configuration at the base everything is new, and a warning says why."""
    shop.repository.git("checkout", "--orphan", "empty")
    shop.repository.git("rm", "-rf", "--cached", ".")
    shop.repository.git("commit", "--allow-empty", "-m", "nothing")
    found = shop.review(base="HEAD")

    assert (Counts(create=5), ["nothing-at-base"], True) == (
        found.review.counts,
        [diagnostic.rule for diagnostic in found.diagnostics],
        "so everything is shown as new" in found.diagnostics[0].message,
    )


def test_new_path(shop: Workshop) -> None:
    """A PATH that does not exist at the base is new, without a warning."""
    shop.write("more/new.yaml", rest("GET /new: {200: {}}", name="new", api="new"))
    found = shop.review("more/new.yaml", environments=("dev",))

    assert (Counts(create=1), ()) == (found.review.counts, found.diagnostics)


def test_broken_head(shop: Workshop) -> None:
    """Then there is no review: what cannot be read would be shown as released."""
    shop.write("manifests/petstore.yaml", "kind: RestApi\n")
    found = shop.review()

    assert (False, True, ExitCode.FAILED) == (found.is_compared, found.review.is_empty, found.exit_code)


def test_error_at_head(shop: Workshop) -> None:
    """What AWS would refuse is an error, and the changes are still shown."""
    edit(shop, "manifests/petstore.yaml", "'404'", "'5..'")
    found = shop.review()

    assert (True, Counts(update=1, unchanged=4), ExitCode.FAILED) == (
        found.is_compared,
        found.review.counts,
        found.exit_code,
    )


def test_method_in_two_manifests(shop: Workshop) -> None:
    """Two manifests of one API that list one method contradict each other, as far as is known offline."""
    shop.write("manifests/b.yaml", rest("GET /pets: {200: {}}", name="b", api="petstore-${{ vars.stage }}"))

    assert {"duplicate-method"} == {diagnostic.rule for diagnostic in shop.review().diagnostics}


def test_only_new_warnings(shop: Workshop) -> None:
    """Warnings that the base has too are not repeated."""
    edit(shop, "sets/errors.yaml", "'5..'", "'5.. '")
    before = [diagnostic.rule for diagnostic in shop.review().diagnostics]
    shop.commit()

    assert (True, ()) == (bool(before), shop.review().diagnostics)


def test_narrowed(shop: Workshop) -> None:
    """Only the selected manifests are reviewed."""
    shop.write("manifests/b.yaml", rest("GET /b: {200: {}}", name="b", api="b"))
    edit(shop, "manifests/petstore.yaml", "'404'", "'4..'")

    assert ({"b: GET /b 200"}, {"petstore: POST /pets/{id} 404"}) == tuple(
        {address for _, address, _ in rows(shop, f"manifests/{name}.yaml")} for name in ("b", "petstore")
    )


def test_several_configurations(shop: Workshop) -> None:
    """An environment may be one of some of them alone."""
    (shop.folder / "a").mkdir()
    shop.repository.git("mv", "reconciler.yaml", "manifests", "sets", "a")
    environments = "environments: {test: {region: eu-west-1}}"
    shop.write("b/reconciler.yaml", f"apiVersion: reconciler/v1\nkind: Config\n{environments}\n")
    shop.write("b/b.yaml", rest("GET /b: {200: {}}", name="b", api="b"))
    shop.commit()
    shop.branch()
    edit(shop, "b/b.yaml", "200", "201")
    found = shop.review("a", "b", environments=("dev", "test")).review

    assert (("dev", "test"), Counts(create=1, delete=1, unchanged=5)) == (found.environments, found.counts)


def test_no_manifest_at_all(shop: Workshop) -> None:
    """A path without a file on either side is an error."""
    (shop.folder / "nothing").mkdir()

    assert (["empty-set"], False) == (
        [diagnostic.rule for diagnostic in shop.review("nothing").diagnostics],
        shop.review("nothing").is_compared,
    )


def test_sets_without_manifests(shop: Workshop) -> None:
    """A warning says that their effect is not shown; together with the manifests it is."""
    shop.write("sets/error.vtl", "one\n2\nthree\n")
    found = shop.review("sets")

    assert ([], ["sets-alone"], ExitCode.OK) == (
        rows(shop, "sets"),
        [diagnostic.rule for diagnostic in found.diagnostics],
        found.exit_code,
    )
    assert (4, ()) == (len(rows(shop, "sets", "manifests")), shop.review("sets", "manifests").diagnostics)


@pytest.mark.parametrize("option", ["base", "head"])
def test_empty_revision(option: str, shop: Workshop) -> None:
    """An unset variable of a script does not mean the default."""
    with pytest.raises(UsageError, match=f"--{option} is empty; name a revision"):
        shop.review(**{option: ""})


def test_no_common_history(shop: Workshop) -> None:
    """A warning says so, and how to fetch what a shallow clone lacks."""
    shop.repository.git("checkout", "--orphan", "other")
    shop.repository.commit(message="another beginning")
    found = shop.review(base="main")

    assert (["no-merge-base"], "fetch the whole history: git fetch --unshallow, or fetch-depth: 0", "main") == (
        [diagnostic.rule for diagnostic in found.diagnostics],
        found.diagnostics[0].remedy,
        found.review.base.revision,
    )
