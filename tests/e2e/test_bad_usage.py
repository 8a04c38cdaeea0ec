"""Command lines that make no sense: exit 64, one sentence on stderr with what to do instead, nothing on stdout."""

from typing import NamedTuple

import pytest

from e2e.running import SAMPLES, InProcess

MINIMAL = str(SAMPLES / "minimal.yaml")
THERE_ARE = "there are text, json, markdown, github, sarif, junit, html"


class Misuse(NamedTuple):
    """A command line, and what the one line on stderr says."""

    arguments: str
    says: str


SUCH_AS = "such as manifests/; or name them in a reconciler.yaml (to begin with one: reconciler init)"

TABLE = [
    Misuse("plna", "error: there is no command 'plna'; did you mean `plan`?"),
    Misuse("xyz", "error: there is no command 'xyz'; to list them: reconciler --help"),
    Misuse("render", "error: the command render is not available yet"),
    Misuse("--verson", "error: no such option '--verson'; did you mean `--version`? see reconciler --help"),
    Misuse(
        "validate --fromat json FILE",
        "error: no such option '--fromat'; did you mean `--format`? see reconciler validate --help",
    ),
    Misuse("plan --env", "error: option '--env' requires an argument; see reconciler plan --help"),
    Misuse(
        "validate",
        f"error: name at least one PATH: a manifest, a folder or a glob; {SUCH_AS}",
    ),
    Misuse(
        "plan",
        f"error: name at least one PATH: a manifest, a folder or a glob; {SUCH_AS}",
    ),
    Misuse("validate FILE --format jsn", f"error: the format 'jsn' is not available; {THERE_ARE}"),
    Misuse("drift FILE --format prometheus", f"error: the format 'prometheus' is not available yet; {THERE_ARE}"),
    Misuse(
        "validate FILE --format json=",
        "error: --format json= names no file; --format json=FILE, or --format json for stdout",
    ),
    Misuse(
        "validate FILE --format json=-",
        "error: --format json=- names a file called -; --format json prints on stdout; for such a file, json=./-",
    ),
    Misuse(
        "plan FILE --out -",
        "error: --out names no file; give it a name, such as plan.json; --format json prints a plan on stdout",
    ),
    Misuse(
        "validate FILE --format json --format text",
        "error: only one --format can go to stdout; write the others to files: --format text=FILE",
    ),
    Misuse(
        "apply FILE --yes --format json=no/folder.json",
        "error: --format json=no/folder.json: no/folder.json is a folder, or is to be in one that is not there; "
        "name a file in a folder that exists",
    ),
    Misuse("plan FILE --force maxDelet", "error: there is no guard rule 'maxDelet'; did you mean `maxDelete`?"),
    Misuse(
        "plan FILE --force everything",
        "error: there is no guard rule 'everything'; "
        "there are maxDelete, maxUpdate, emptyMethod, defaultRemoved, emptySet, revertsLive",
    ),
    Misuse(
        "plan FILE --force protect",
        "error: the guard rule protect cannot be forced; remove `protect: true` from the manifest in a separate change",
    ),
    Misuse(
        "plan FILE --parallelism 0",
        "error: invalid value for '--parallelism': 0 is not in the range 1<=x<=64; see reconciler plan --help",
    ),
    Misuse(
        "plan FILE --quota-share 110%",
        "error: invalid value for '--quota-share': '110%' is no share: give a percentage such as 50%, or off; "
        "see reconciler plan --help",
    ),
    Misuse(
        "apply FILE",
        "error: cannot ask for confirmation without a terminal; "
        f"look at the plan first: reconciler plan {MINIMAL}; then apply with --yes",
    ),
    Misuse(
        "plan FILE --out=",
        "error: --out names no file; give it a name, such as plan.json; --format json prints a plan on stdout",
    ),
    Misuse(
        "plan FILE --out no/folder.json",
        "error: --out no/folder.json is a folder, or is to be in one that is not there; "
        "name a file in a folder that exists",
    ),
    Misuse(f"plan FILE --out {'x' * 256}", f"error: --out {'x' * 256}: File name too long; give it another name"),
    Misuse(
        "plan FILE --env prod",
        "error: there is no environment 'prod': no reconciler.yaml in or above the manifests defines any; "
        "leave --env out, or define it there",
    ),
    Misuse(
        "drift FILE --selector a=b,c",
        "error: invalid value for '--selector': 'a=b,c' is not NAME=VALUE; see reconciler drift --help",
    ),
    Misuse(
        "validate FILE --config=",
        "error: --config names no file; leave it out for the nearest reconciler.yaml",
    ),
    Misuse(
        "apply FILE --plan plan.json",
        "error: PATH does not go with --plan: the saved plan says it; leave PATH out, or make another plan",
    ),
    Misuse("apply FILE --yes --max-age 7d", "error: --max-age goes with --plan; leave it out, or apply a saved plan"),
    Misuse(
        "apply FILE --yes --deploy",
        "error: no manifest declares a stage to deploy to; "
        "add `deploy: {stages: [prod]}` to the spec of the manifests, or give --stage",
    ),
    Misuse(
        "validate FILE --var a",
        "error: invalid value for '--var': 'a' is not NAME=VALUE; see reconciler validate --help",
    ),
    Misuse("sandbox --prot 1", "error: there is no option --prot; a command to run stands after --"),
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
