"""Coverage is judged against whole configurations, whatever a run names of them."""

import pytest

from reconciler.errors import ExitCode
from support.accounts import OTHER_ACCOUNT
from support.landscape import Landscape, uncovered

SAME = "environments: {{dev: {{region: eu-west-1, vars: {{s: dev}}}}, prod: {{{}, vars: {{s: prod}}}}}}"


@pytest.fixture
def two(landscape: Landscape) -> Landscape:
    """Two APIs, each with a manifest."""
    for name in ("pets", "orders"):
        landscape.api(name)
        landscape.write(name, metadata=f"labels: {{team: {name}}}")
    return landscape


def test_a_path_does_not_narrow(two: Landscape) -> None:
    """The other manifests of its configuration count as well."""
    assert [] == uncovered(two.coverage(paths=("manifests/pets.yaml",)))


def test_a_path_does_not_narrow_a_named_configuration(two: Landscape) -> None:
    """Nor does it with `--config`."""
    assert [] == uncovered(two.coverage(paths=("manifests/pets.yaml",), config="reconciler.yaml"))


def test_a_selector_does_not_narrow(two: Landscape) -> None:
    """A caller of the engine may pass one."""
    assert [] == uncovered(two.coverage(selectors=({"team": "pets"},)))


def test_files_without_a_configuration_are_all_that_is_known(two: Landscape) -> None:
    """Nothing names further ones."""
    (two.folder / "reconciler.yaml").unlink()

    assert ["orders"] == uncovered(two.coverage(paths=("manifests/pets.yaml",)))


def test_a_path_that_does_not_exist_is_an_error(two: Landscape) -> None:
    """It is reported once."""
    found = two.coverage(paths=("nosuch.yaml",))

    assert (ExitCode.FAILED, ["missing-file"]) == (found.exit_code, [problem.rule.id for problem in found.diagnostics])


def test_a_folder_without_manifests_is_an_error(two: Landscape) -> None:
    """A job with a wrong path must not stay green."""
    (two.folder / "empty").mkdir()
    found = two.coverage(paths=("empty",))

    assert (ExitCode.FAILED, ["empty-set"]) == (found.exit_code, [problem.rule.id for problem in found.diagnostics])


@pytest.mark.parametrize(
    ("prod", "names"),
    [
        ("region: eu-west-1", []),
        ("region: us-east-1", ["pets-prod"]),
        ("vars: {x: 1}", []),
        ('region: eu-west-1, accountId: "123456789012"', []),
        ('region: eu-west-1, profile: prod, accountId: "123456789012"', []),
        (f'region: eu-west-1, accountId: "{OTHER_ACCOUNT}"', ["pets-prod"]),
        ('region: eu-west-1, assumeRole: "arn:aws:iam::123456789012:role/ci"', []),
        (f'region: eu-west-1, assumeRole: "arn:aws:iam::{OTHER_ACCOUNT}:role/ci"', ["pets-prod"]),
        ("region: eu-west-1, profile: prod", ["pets-prod"]),
    ],
)
def test_an_environment_that_is_not_chosen_covers_its_apis(landscape: Landscape, prod: str, names: list[str]) -> None:
    """If its configuration shows that it uses the same account and region."""
    landscape.configure(SAME.format(prod).replace("vars: {x: 1}, vars: {s: prod}", "vars: {s: prod}"))
    for stage in ("dev", "prod"):
        landscape.api(f"pets-{stage}")
    landscape.write("pets", '{name: "pets-${{ vars.s }}"}')

    assert names == uncovered(landscape.coverage("dev"))


def test_an_environment_that_is_not_chosen_is_not_connected_to(landscape: Landscape) -> None:
    """A job for one environment has no credentials of the others, nor their variables."""
    landscape.configure("env: [SECRETLESS]\nenvironments: {dev: {region: eu-west-1}, prod: {region: eu-west-1}}")
    landscape.api("pets")
    landscape.write("pets")
    landscape.write("later", '{name: "${{ env.SECRETLESS }}"}', metadata="environments: [prod]")
    found = landscape.coverage("dev")

    assert (ExitCode.OK, ["dev"]) == (found.exit_code, [asked.environment for asked in landscape.cloud.asked])


def test_errors_of_environments_that_are_not_chosen_are_warnings(landscape: Landscape) -> None:
    """Their APIs may be among those without a manifest."""
    landscape.configure("environments: {dev: {region: eu-west-1, vars: {s: dev}}, prod: {region: eu-west-1}}")
    landscape.api("pets-dev")
    landscape.write("pets", '{name: "pets-${{ vars.s }}"}')
    found = landscape.coverage("dev")

    assert (ExitCode.OK, [("warning", "undefined-variable")]) == (
        found.exit_code,
        [(problem.severity, problem.rule.id) for problem in found.diagnostics],
    )
