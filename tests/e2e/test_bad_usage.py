"""Command lines that make no sense: exit 64, one sentence on stderr with what to do instead, nothing on stdout."""

from typing import NamedTuple

import pytest

from e2e.running import SAMPLES, InProcess

MINIMAL = str(SAMPLES / "minimal.yaml")
CHOOSE_FROM = "choose from text, json, markdown, github, sarif, junit, html"


class Misuse(NamedTuple):
    """A command line, and what the one line on stderr says."""

    arguments: str
    says: str


NAME_FILES = "pass a manifest, a folder or a glob; or create a reconciler.yaml: reconciler init"

TABLE = [
    Misuse("plna", "error: there is no command 'plna'; did you mean `plan`?"),
    Misuse("xyz", "error: there is no command 'xyz'; to list them: reconciler --help"),
    Misuse(
        "--verson", "error: no such option '--verson'; did you mean `--verbose` or `--version`? see reconciler --help"
    ),
    Misuse(
        "validate --fromat json FILE",
        "error: no such option '--fromat'; did you mean `--format`? see reconciler validate --help",
    ),
    Misuse(
        "explain remaped-header",
        "error: there is no rule 'remaped-header'; did you mean `remapped-header` or `repeated-header` or "
        "`dropped-header`?",
    ),
    Misuse("plan --env", "error: option '--env' requires an argument; see reconciler plan --help"),
    Misuse(
        "validate",
        f"error: no PATH is given, and no reconciler.yaml is in or above this folder; {NAME_FILES}",
    ),
    Misuse(
        "plan",
        f"error: no PATH is given, and no reconciler.yaml is in or above this folder; {NAME_FILES}",
    ),
    Misuse("validate FILE --format jsn", f"error: there is no format 'jsn'; {CHOOSE_FROM}"),
    Misuse(
        "test FILE --parallelism 0",
        "error: invalid value for '--parallelism': 0 is not from 1 to 64; see reconciler test --help",
    ),
    Misuse("validate FILE --format prometheus", f"error: this command has no format prometheus; {CHOOSE_FROM}"),
    Misuse(
        "drift FILE --format prometheus --only nothing",
        "error: --format prometheus and --only cannot be used together: metrics are of whole manifests; "
        "omit one of them",
    ),
    Misuse("drift FILE --format jsn", f"error: there is no format 'jsn'; {CHOOSE_FROM}, prometheus"),
    Misuse(
        "coverage FILE --selector team=pets",
        "error: coverage counts every manifest of the configuration: --selector, --only and --changed-since cannot be "
        "used; omit them; --env and --region choose accounts and regions",
    ),
    Misuse(
        "coverage FILE --min-apis 80",
        "error: invalid value for '--min-apis': '80' is not a percentage from 0% to 100%; "
        "see reconciler coverage --help",
    ),
    Misuse(
        "validate FILE --format json=",
        "error: --format json= needs a file name; use --format json=FILE, or --format json for stdout",
    ),
    Misuse(
        "validate FILE --format json=-",
        "error: --format json=- would write a file named -; "
        "use --format json for stdout, or --format json=./- for that file",
    ),
    Misuse(
        "plan FILE --out -",
        "error: --out needs a file name; use --out plan.json, or --format json to print the plan",
    ),
    Misuse(
        "validate FILE --format json --format text",
        "error: only one --format can go to stdout; write the others to files: --format text=FILE",
    ),
    Misuse(
        "apply FILE --yes --format json=no/folder.json",
        "error: --format json=no/folder.json: no/folder.json is a folder, or its folder does not exist; "
        "choose a file in an existing folder",
    ),
    Misuse("plan FILE --force maxDelet", "error: there is no guard rule 'maxDelet'; did you mean `maxDelete`?"),
    Misuse(
        "plan FILE --force everything",
        "error: there is no guard rule 'everything'; "
        "choose from maxDelete, maxUpdate, emptyMethod, defaultRemoved, emptySet, revertsLive, breaking",
    ),
    Misuse(
        "plan FILE --force protect",
        "error: the guard rule protect cannot be forced; remove `protect: true` from the manifest in a separate change",
    ),
    Misuse(
        "plan FILE --parallelism 0",
        "error: invalid value for '--parallelism': 0 is not from 1 to 64; see reconciler plan --help",
    ),
    Misuse(
        "plan FILE --quota-share 110%",
        "error: invalid value for '--quota-share': '110%' is not a share: use a percentage such as 50%, or off; "
        "see reconciler plan --help",
    ),
    Misuse(
        "apply FILE",
        "error: cannot ask for confirmation without a terminal; "
        f"review the plan first: reconciler plan {MINIMAL}; then apply with --yes",
    ),
    Misuse(
        "plan FILE --out=",
        "error: --out needs a file name; use --out plan.json, or --format json to print the plan",
    ),
    Misuse(
        "plan FILE --out no/folder.json",
        "error: --out no/folder.json is a folder, or its folder does not exist; choose a file in an existing folder",
    ),
    Misuse(f"plan FILE --out {'x' * 256}", f"error: --out {'x' * 256}: File name too long; choose another name"),
    Misuse(
        "plan FILE --env prod",
        "error: there is no environment 'prod': no reconciler.yaml in or above the manifests defines any; "
        "omit --env, or define the environment in a reconciler.yaml",
    ),
    Misuse(
        "drift FILE --selector a=b,c",
        "error: invalid value for '--selector': 'a=b,c' is not NAME=VALUE; see reconciler drift --help",
    ),
    Misuse(
        "validate FILE --config=",
        "error: --config is empty; omit it to use the nearest reconciler.yaml",
    ),
    Misuse(
        "apply FILE --plan plan.json",
        "error: PATH and --plan cannot be used together; "
        "omit PATH, which the saved plan contains, or make another plan",
    ),
    Misuse("apply FILE --yes --max-age 7d", "error: --max-age needs --plan; omit it, or apply a saved plan"),
    Misuse(
        "apply FILE --yes --deploy",
        "error: no manifest declares a stage to deploy to; "
        "add `deploy: {stages: [prod]}` to the spec of the manifests, or pass --stage NAME",
    ),
    Misuse(
        "validate FILE --var a",
        "error: invalid value for '--var': 'a' is not NAME=VALUE; see reconciler validate --help",
    ),
    Misuse("sandbox --prot 1", "error: no such option '--prot'; put the command to run after --"),
]


@pytest.mark.parametrize("misuse", TABLE, ids=[misuse.arguments.replace(" ", "_") for misuse in TABLE])
@pytest.mark.usefixtures("folder")
def test_wrong_usage(reconciler: InProcess, misuse: Misuse) -> None:
    """It is said what is wrong and what to do, before anything is read or asked."""
    ran = reconciler(*(MINIMAL if word == "FILE" else word for word in misuse.arguments.split()))

    assert (64, "", misuse.says) == (ran.code, ran.out, ran.err.rstrip("\n"))


def test_empty_path_is_not_the_current_folder(reconciler: InProcess) -> None:
    """`reconciler apply "$UNSET"` does not quietly take everything here."""
    ran = reconciler("validate", "")

    assert (64, ["a PATH is empty"]) == (ran.code, ran.failures())


@pytest.mark.parametrize("option", ["--region", "--profile", "--endpoint-url"])
def test_empty_value_is_not_left_out(reconciler: InProcess, option: str) -> None:
    """What an unset variable of a script leaves behind does not lead to the default account or region."""
    ran = reconciler("plan", MINIMAL, option, "")

    assert (64, True) == (ran.code, f"{option} is empty" in ran.err)
