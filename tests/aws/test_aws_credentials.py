"""Failing credential sources and invalid boto3 settings: named at once, and not retried."""

import json
import threading
from pathlib import Path

import pytest

from reconciler import errors
from reconciler.aws import programs, prompts
from reconciler.aws.session import AwsCloud
from reconciler.models.targets import Coordinates
from support.clock import FakeClock
from support.credential_sources import PROGRAMS, SOURCES, VARIABLES, Source, runs
from support.stub import TARGET, Scripted, Stub, said

pytestmark = pytest.mark.usefixtures("settings", "nobody_to_ask")

ROLE = "arn:aws:iam::123456789012:role/ci"
KEYS = '"Version": 1, "AccessKeyId": "AKIAPROGRAM", "SecretAccessKey": "S", "SessionToken": "T"'


@pytest.fixture
def nobody_to_ask(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No terminal, and no credentials in the environment."""
    monkeypatch.setattr(prompts, "TERMINAL", str(tmp_path / "no-terminal"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    for name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def clock() -> FakeClock:
    """A clock that records every delay: there is one between two attempts."""
    return FakeClock()


@pytest.fixture
def waiting(clock: FakeClock) -> AwsCloud:
    """A cloud with that clock."""
    return AwsCloud(clock, threading.Event())


def laid_out(source: Source, folder: Path, stub: Stub, monkeypatch: pytest.MonkeyPatch) -> Coordinates:
    """Set up the source in the environment of this process and return coordinates for it."""
    for name, value in source.lay_out(folder, stub.url).items():
        monkeypatch.setenv(name, value)
    return Coordinates(profile="broken" if source.profile else None, endpoint_url=stub.url)


@pytest.mark.parametrize("source", SOURCES, ids=lambda one: one.name)
def test_failing_source_is_named(
    source: Source, tmp_path: Path, stub: Stub, waiting: AwsCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a provider raises becomes CredentialsError, with the setting, file or program and a remedy."""
    stub.standing["GET /credentials"] = said({"Token": "x"})
    coordinates = laid_out(source, tmp_path, stub, monkeypatch)
    with pytest.raises(errors.CredentialsError) as caught:
        waiting.connect(coordinates)

    assert (True, True) == (source.sentence(tmp_path, stub.url) in caught.value.message, bool(caught.value.remedy))


@pytest.mark.parametrize("source", SOURCES, ids=lambda one: one.name)
def test_failing_source_is_not_tried_again(  # noqa: PLR0913, PLR0917 - a source, and all that could be tried
    source: Source, tmp_path: Path, stub: Stub, waiting: AwsCloud, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent to AWS, there is no delay, and a program runs once."""
    stub.standing["GET /credentials"] = said({"Token": "x"})
    coordinates = laid_out(source, tmp_path, stub, monkeypatch)
    with pytest.raises(errors.CredentialsError):
        waiting.connect(coordinates)

    assert ([], [], True) == ([call for call in stub.calls if call == "POST /"], clock.naps, runs(tmp_path) <= 1)


@pytest.mark.parametrize(
    "source", [program for program in PROGRAMS if program.program and program.is_executable], ids=lambda one: one.name
)
def test_program_is_not_run_again_for_another_region(
    source: Source, tmp_path: Path, stub: Stub, waiting: AwsCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The regions of an environment share its credentials and their failure."""
    laid_out(source, tmp_path, stub, monkeypatch)
    for region in ("eu-west-1", "us-east-1"):
        with pytest.raises(errors.CredentialsError):
            waiting.connect(Coordinates(region, "broken", stub.url))

    assert 1 == runs(tmp_path)


@pytest.mark.parametrize("source", SOURCES, ids=lambda one: one.name)
def test_failing_source_spoils_no_other(
    source: Source, tmp_path: Path, stub: Stub, waiting: AwsCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Credentials of another profile work in the same run."""
    stub.standing["GET /credentials"] = said({"Token": "x"})
    coordinates = laid_out(source, tmp_path, stub, monkeypatch)
    with pytest.raises(errors.CredentialsError):
        waiting.connect(coordinates)

    assert "eu-west-1" == waiting.connect(Coordinates(profile="healthy", endpoint_url=stub.url)).region


@pytest.mark.parametrize("source", VARIABLES, ids=lambda one: one.name)
def test_no_secret_is_quoted(
    source: Source, tmp_path: Path, stub: Stub, waiting: AwsCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a token nor a password in a URL is shown, in messages or tracebacks."""
    stub.standing["GET /credentials"] = said({"Token": "x"})
    coordinates = laid_out(source, tmp_path, stub, monkeypatch)
    with pytest.raises(errors.CredentialsError) as caught:
        waiting.connect(coordinates)

    assert (False, None) == ("TOPSECRET" in str(caught.value), caught.value.__cause__)


def test_program_that_hangs_is_ended(
    tmp_path: Path, stub: Stub, waiting: AwsCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a terminal a program has a time limit, and its children are killed with it."""
    monkeypatch.setattr(programs, "TIMEOUT_SECONDS", 0.2)
    source = Source("", "", "credential_process = {folder}/program\n", program="sleep 600 & echo $! > $0.child; wait")
    coordinates = laid_out(source, tmp_path, stub, monkeypatch)

    with pytest.raises(errors.CredentialsError, match=r"program: did not finish within 0\.2 s"):
        waiting.connect(coordinates)


def test_program_without_terminal_gets_no_input(
    tmp_path: Path, stub: Stub, waiting: AwsCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that prompts does not consume what is piped to reconciler."""
    source = Source(
        "", "", "credential_process = {folder}/program\n", program='read code || { echo "no input" >&2; exit 1; }'
    )
    coordinates = laid_out(source, tmp_path, stub, monkeypatch)

    with pytest.raises(errors.CredentialsError, match="failed with exit code 1: no input"):
        waiting.connect(coordinates)


def test_program_that_works(tmp_path: Path, stub: Stub, waiting: AwsCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its credentials sign the calls, and it runs once for all of them."""
    source = Source("", "", "credential_process = {folder}/program a 'b c'\n", program=f"echo '{{{KEYS}}}'")
    coordinates = laid_out(source, tmp_path, stub, monkeypatch)
    stub.answers = [said({"item": []}), said({"item": []})]
    reader = waiting.connect(coordinates).reader
    reader.rest_apis()
    reader.rest_apis()

    assert (["AKIAPROGRAM"] * 3, 1) == (stub.signers, runs(tmp_path))


@pytest.mark.parametrize("terminal", [True, False])
def test_signing_in_is_for_terminals(
    tmp_path: Path, stub: Stub, waiting: AwsCloud, monkeypatch: pytest.MonkeyPatch, *, terminal: bool
) -> None:
    """A program that may prompt runs before threads connect, once; without a terminal it can run in any of them."""
    if terminal:
        (tmp_path / "terminal").touch()
        monkeypatch.setattr(prompts, "TERMINAL", str(tmp_path / "terminal"))
    source = Source("", "", "credential_process = {folder}/program\n", program=f"echo '{{{KEYS}}}'")
    coordinates = laid_out(source, tmp_path, stub, monkeypatch)
    waiting.sign_in(coordinates)
    before = runs(tmp_path)
    connection = waiting.connect(coordinates)

    assert (int(terminal), 1, ["POST /"]) == (before, runs(tmp_path), stub.calls)
    assert "123456789012" == connection.account_id


def test_failure_to_sign_in_is_left_to_the_connection(
    tmp_path: Path, stub: Stub, waiting: AwsCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is one environment's failure, and the program does not run again."""
    (tmp_path / "terminal").touch()
    monkeypatch.setattr(prompts, "TERMINAL", str(tmp_path / "terminal"))
    source = Source("", "", "credential_process = {folder}/program\n", program="exit 3")
    coordinates = laid_out(source, tmp_path, stub, monkeypatch)
    waiting.sign_in(coordinates)

    with pytest.raises(errors.CredentialsError, match="failed with exit code 3"):
        waiting.connect(coordinates)
    assert 1 == runs(tmp_path)


def test_role_of_a_program_works(
    tmp_path: Path, stub: Stub, waiting: AwsCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A profile's role is assumed with the credentials of a program, in the requested region."""
    source = Source(
        "",
        "",
        f"role_arn = {ROLE}\nsource_profile = base\n[profile base]\ncredential_process = {{folder}}/program\n",
        {"AWS_ENDPOINT_URL_STS": stub.url},
        program=f"echo '{{{KEYS}}}'",
    )
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    laid_out(source, tmp_path, stub, monkeypatch)
    stub.role = Scripted(
        200,
        '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>'
        "<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
        "<Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>",
    )
    waiting.connect(Coordinates("ap-south-1", "broken", stub.url))

    assert ["AKIAPROGRAM", "ASIAROLE"] == stub.signers


def test_role_of_a_profile_that_is_refused(
    tmp_path: Path, stub: Stub, waiting: AwsCloud, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal of boto3's own call for credentials is a CredentialsError, and is not retried."""
    stub.role = Scripted(
        403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message></Error></ErrorResponse>"
    )
    source = Source("", "", f"role_arn = {ROLE}\nsource_profile = healthy\n", {"AWS_ENDPOINT_URL_STS": stub.url})
    coordinates = laid_out(source, tmp_path, stub, monkeypatch)
    with pytest.raises(errors.CredentialsError, match=r"profile broken: .*AccessDenied.*AssumeRole operation: not you"):
        waiting.connect(coordinates)

    assert (["POST /"], []) == (stub.calls, clock.naps)


def test_session_token_in_a_refusal_is_not_shown(
    tmp_path: Path, stub: Stub, waiting: AwsCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AWS repeats the canonical request, with the session token, after a wrong signature; it is not shown."""
    stub.role = Scripted(
        403,
        "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>The signature does not match.\n\n"
        "The Canonical String is\nx-amz-security-token:TOPSECRET</Message></Error></ErrorResponse>",
    )
    source = Source("", "", f"role_arn = {ROLE}\nsource_profile = healthy\n", {"AWS_ENDPOINT_URL_STS": stub.url})
    coordinates = laid_out(source, tmp_path, stub, monkeypatch)
    with pytest.raises(errors.CredentialsError, match="The signature does not match") as caught:
        waiting.connect(coordinates)

    assert "TOPSECRET" not in str(caught.value)


@pytest.mark.parametrize("again", ["echo garbage", "exit 1", "echo '{\"Version\": 1}'", "kill -9 $$"])
def test_credentials_that_cannot_be_renewed(  # noqa: PLR0913, PLR0917 - a run, and what it meets half-way
    tmp_path: Path, stub: Stub, waiting: AwsCloud, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, again: str
) -> None:
    """Credentials that expire in the middle of a run fail the call that needs them, once, and nothing is sent."""
    soon = f"echo '{{{KEYS}, \"Expiration\": \"'$(date -u -d '+5 seconds' +%FT%TZ)'\"}}'"
    source = Source(
        "", "", "credential_process = {folder}/program\n", program=f'if [ -e "$0.used" ]; then {again}; else {soon}; fi'
    )
    coordinates = laid_out(source, tmp_path, stub, monkeypatch)
    connection = waiting.connect(coordinates)
    (tmp_path / "program.used").touch()
    before = runs(tmp_path)
    with pytest.raises(
        errors.CredentialsError, match=f"GetResources for REST API .*credential_process {tmp_path}/program"
    ):
        connection.reader.rest_api(TARGET)

    assert ([], [], 1) == (stub.gateway_calls, clock.naps, runs(tmp_path) - before)


CERTIFICATE = "AWS_CA_BUNDLE"
MISTAKES = [
    ({"HTTP_PROXY": "http://[bad"}, "HTTP_PROXY 'http://\\[bad' is not a valid proxy: invalid IPv6 URL"),
    (
        {"http_proxy": "http://u:TOPSECRET@host:port"},
        "http_proxy 'http://host:port' is not a valid proxy: it is not a URL",
    ),
    (
        {"AWS_ENDPOINT_URL": "", "HTTPS_PROXY": "http://[bad"},
        "HTTPS_PROXY 'http://\\[bad' is not a valid proxy: invalid IPv6 URL",
    ),
    (
        {"HTTP_PROXY": "socks5://127.0.0.1:1"},
        "HTTP_PROXY .* is not a valid proxy: its scheme is socks5, not http or https",
    ),
    ({"HTTP_PROXY": "http://a b:3128"}, "HTTP_PROXY .* is not a valid proxy: it contains white space"),
    ({"HTTP_PROXY": "http://:3128"}, "HTTP_PROXY .* is not a valid proxy: it has no host"),
    (
        {"AWS_ENDPOINT_URL": "ftp://127.0.0.1"},
        "AWS_ENDPOINT_URL 'ftp://127.0.0.1' is not a valid endpoint: its scheme is ftp",
    ),
    ({"AWS_ENDPOINT_URL_STS": "127.0.0.1:80"}, "AWS_ENDPOINT_URL_STS '127.0.0.1:80' is not a valid endpoint"),
    ({"AWS_ENDPOINT_URL": "http://"}, "AWS_ENDPOINT_URL 'http://' is not a valid endpoint: it has no host"),
    (
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:port"},
        "AWS_ENDPOINT_URL .* is not a valid endpoint: port could not be cast",
    ),
    ({"AWS_ENDPOINT_URL": "http://127.0.0.1:99999"}, "AWS_ENDPOINT_URL .* is not a valid endpoint: port out of range"),
    ({CERTIFICATE: "{folder}/nowhere.pem"}, "AWS_CA_BUNDLE: cannot read {folder}/nowhere.pem: No such file"),
    ({CERTIFICATE: "{folder}/garbage"}, "AWS_CA_BUNDLE: {folder}/garbage contains no PEM certificates"),
    ({CERTIFICATE: "{folder}/empty"}, "AWS_CA_BUNDLE: {folder}/empty contains no PEM certificates"),
    ({"REQUESTS_CA_BUNDLE": "{folder}/garbage"}, "REQUESTS_CA_BUNDLE: {folder}/garbage contains no PEM"),
    ({"AWS_MAX_ATTEMPTS": "many"}, "AWS_MAX_ATTEMPTS is not a number of attempts"),
    ({"AWS_MAX_ATTEMPTS": "0"}, "AWS_MAX_ATTEMPTS is not a number of attempts"),
    ({"AWS_RETRY_MODE": "never"}, "AWS_RETRY_MODE is 'never'"),
    ({"AWS_METADATA_SERVICE_TIMEOUT": "long"}, "AWS_METADATA_SERVICE_TIMEOUT is not a number"),
    ({"AWS_METADATA_SERVICE_NUM_ATTEMPTS": "many"}, "AWS_METADATA_SERVICE_NUM_ATTEMPTS is not a number"),
    (
        {"AWS_EC2_METADATA_SERVICE_ENDPOINT": "ftp://x"},
        "AWS_EC2_METADATA_SERVICE_ENDPOINT 'ftp://x' is not a valid endpoint",
    ),
    ({"AWS_PROFILE": "nope"}, "nope"),
    ({"AWS_CONFIG_FILE": "{folder}/garbage"}, "Unable to parse config file: {folder}/garbage"),
    ({"AWS_CONFIG_FILE": "{folder}/latin"}, "Unable to parse config file: {folder}/latin"),
    ({"AWS_REGION": "eu west 1"}, "eu west 1"),
]


@pytest.mark.parametrize(("variables", "says"), MISTAKES, ids=[json.dumps(one) for one, _ in MISTAKES])
def test_mistake_in_a_setting_is_named(  # noqa: PLR0913, PLR0917 - a setting, and all that it could do
    tmp_path: Path,
    stub: Stub,
    waiting: AwsCloud,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    says: str,
) -> None:
    """A mistake in a setting is a ConfigurationError before any attempt."""
    (tmp_path / "garbage").write_text("garbage", encoding="utf-8")
    (tmp_path / "empty").touch()
    (tmp_path / "latin").write_bytes(b"[profile \xe9]\n")
    for name, value in {
        "AWS_ACCESS_KEY_ID": "A",
        "AWS_SECRET_ACCESS_KEY": "S",
        "AWS_ENDPOINT_URL": stub.url,
        "NO_PROXY": "",
        **variables,
    }.items():
        monkeypatch.setenv(name, value.replace("{folder}", str(tmp_path)))
    with pytest.raises(errors.ConfigurationError, match=says.replace("{folder}", str(tmp_path))) as caught:
        waiting.connect(Coordinates())

    assert ([], [], False) == (stub.calls, clock.naps, "TOPSECRET" in str(caught.value))


def test_mistake_in_the_configuration_file_is_named(
    tmp_path: Path, stub: Stub, waiting: AwsCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An invalid endpoint of a profile is named by its key."""
    source = Source("", "", "aws_access_key_id = A\naws_secret_access_key = S\nendpoint_url = ftp://x\n")
    laid_out(source, tmp_path, stub, monkeypatch)

    with pytest.raises(
        errors.ConfigurationError, match=r"endpoint_url in ~/\.aws/config 'ftp://x' is not a valid endpoint"
    ):
        waiting.connect(Coordinates(profile="broken"))


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "127.0.0.1:80", "http://", "http://127.0.0.1:port", "https://a b"])
def test_mistake_in_the_option_is_named(waiting: AwsCloud, clock: FakeClock, url: str) -> None:
    """An invalid endpoint of the command line is named by its option."""
    with pytest.raises(errors.ConfigurationError, match=r"--endpoint-url .* is not a valid endpoint"):
        waiting.connect(Coordinates(profile=None, endpoint_url=url))

    assert [] == clock.naps
