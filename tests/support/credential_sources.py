"""Sources of credentials that fail: real files, real programs, and a server on loopback."""

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

ROLE: Final = "arn:aws:iam::123456789012:role/ci"
HEALTHY: Final = "[profile healthy]\naws_access_key_id = AKIATEST\naws_secret_access_key = SECRET\n"
_RUNS: Final = 'echo run >> "$0.runs"\n'


@dataclass(frozen=True)
class Source:
    """A source, and what is to be said of it; `{folder}` is the folder of its files, `{server}` a server on loopback.

    `profile` is the text of profile `broken`, `variables` are those of the process. `program` is a script of /bin/sh
    that notes each of its runs.
    """

    name: str
    says: str
    profile: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    program: str | None = None
    is_executable: bool = True

    def lay_out(self, folder: Path, server: str = "") -> dict[str, str]:
        """Write the files and boto3's configuration; the variables of a process that uses them."""
        for name, content in self.files.items():
            (folder / name).write_bytes(content)
        (folder / "directory").mkdir()
        if self.program is not None:
            script = folder / "program"
            script.write_text(f"#!/bin/sh\n{_RUNS}{self.program}\n", encoding="utf-8")
            if self.is_executable:
                script.chmod(script.stat().st_mode | stat.S_IXUSR)
        config = folder / "config"
        config.write_text(f"{HEALTHY}[profile broken]\n{self._filled(self.profile, folder, server)}", encoding="utf-8")
        given = {name: self._filled(value, folder, server) for name, value in self.variables.items()}
        return {"AWS_CONFIG_FILE": str(config), **given}

    def sentence(self, folder: Path, server: str = "") -> str:
        """What is to be said."""
        return self._filled(self.says, folder, server)

    @staticmethod
    def _filled(text: str, folder: Path, server: str) -> str:
        return text.replace("{folder}", str(folder)).replace("{server}", server)


def runs(folder: Path) -> int:
    """How often the program was run."""
    noted = folder / "program.runs"
    return len(noted.read_text(encoding="utf-8").splitlines()) if noted.exists() else 0


_PROGRAM: Final = "credential_process = {folder}/program --all\n"
_SAYS: Final = "profile broken: credential_process {folder}/program: "
_TOKEN: Final = f"role_arn = {ROLE}\nweb_identity_token_file = {{folder}}/"
_CHAINED: Final = f"role_arn = {ROLE}\nsource_profile = "
_BY_VARIABLE: Final = {"AWS_ROLE_ARN": ROLE}
_BASE: Final = "[profile base]\ncredential_process = {folder}/program\n"

FILES: Final = (
    Source(
        "token file of the profile that is missing",
        "profile broken: web_identity_token_file {folder}/token: No such file or directory",
        f"{_TOKEN}token\n",
    ),
    Source(
        "token file of the profile that is a directory",
        "profile broken: web_identity_token_file {folder}/directory: Is a directory",
        f"{_TOKEN}directory\n",
    ),
    Source(
        "token file of the profile that is not UTF-8",
        "profile broken: web_identity_token_file {folder}/token: its content is not UTF-8 text",
        f"{_TOKEN}token\n",
        files={"token": b"\xff\xfe\x00"},
    ),
)

PROGRAMS: Final = (
    Source("program that is missing", f"{_SAYS}cannot be run: No such file or directory", _PROGRAM),
    Source(
        "program that is not executable",
        f"{_SAYS}cannot be run: Permission denied",
        _PROGRAM,
        program="exit 0",
        is_executable=False,
    ),
    Source("program that is killed", f"{_SAYS}was killed by SIGKILL", _PROGRAM, program="kill -9 $$"),
    Source(
        "program that fails",
        f"{_SAYS}failed with exit code 3: log in first",
        _PROGRAM,
        program="echo log in first >&2; echo and then again >&2; exit 3",
    ),
    Source("program that prints nothing", f"{_SAYS}printed nothing", _PROGRAM, program="exit 0"),
    Source("program that prints no JSON", f"{_SAYS}printed text that is not JSON", _PROGRAM, program="echo hello"),
    Source("program that prints a list", f"{_SAYS}printed JSON that is not an object", _PROGRAM, program="echo '[1]'"),
    Source(
        "program that prints another encoding",
        f"{_SAYS}printed text that is not UTF-8",
        _PROGRAM,
        program=r"printf '\377\376{\000}\000'",
    ),
    Source(
        "program that is not named",
        "profile broken: credential_process is empty",
        "credential_process =\n",
    ),
    Source(
        "program of another version",
        f"{_SAYS}Error when retrieving credentials from custom-process: Unsupported version '2'",
        _PROGRAM,
        program="echo '{\"Version\": 2}'",
    ),
    Source(
        "program that leaves out a key",
        f"{_SAYS}Error when retrieving credentials from custom-process: Missing required key in response",
        _PROGRAM,
        program="echo '{\"Version\": 1}'",
    ),
    Source(
        "program with a date that is none",
        f"{_SAYS}ParserError: Unknown string format: soon",
        _PROGRAM,
        program='echo \'{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "S", "Expiration": "soon"}\'',
    ),
    Source(
        "program with a date without a zone",
        f"{_SAYS}TypeError: ",
        _PROGRAM,
        program='echo \'{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "S", "Expiration": "2030-01-01"}\'',
    ),
    Source(
        "program with a key that is not text",
        f"{_SAYS}TypeError: the access key is not text",
        _PROGRAM,
        program='echo \'{"Version": 1, "AccessKeyId": {}, "SecretAccessKey": "S"}\'',
    ),
    Source(
        "program with an unclosed quote",
        "profile broken: credential_process: ValueError: No closing quotation",
        "credential_process = {folder}/program 'a\n",
    ),
    Source(
        "program of the source profile",
        "profile broken: credential_process {folder}/program of profile base: was killed by SIGTERM",
        f"{_CHAINED}base\n{_BASE}",
        program="kill -15 $$",
    ),
)

PROFILES: Final = (
    Source(
        "source profile that is missing",
        'profile broken: The source_profile "nope" referenced in the profile "broken" does not exist',
        f"{_CHAINED}nope\n",
    ),
    Source(
        "source profiles in a circle",
        "profile broken: Infinite loop in credential configuration detected",
        f"{_CHAINED}other\n[profile other]\n{_CHAINED}broken\n",
    ),
    Source("role without a source", "source_profile or credential_source", f"role_arn = {ROLE}\n"),
    Source(
        "MFA without a terminal",
        "profile broken: an MFA code is required, but there is no terminal to enter it",
        f"{_CHAINED}healthy\nmfa_serial = arn:aws:iam::123456789012:mfa/me\n",
    ),
    Source(
        "login that nobody did",
        "profile broken: the SSO login to https://example.invalid (~/.aws/sso/cache/",
        "sso_start_url = https://example.invalid\nsso_region = eu-west-1\n"
        "sso_account_id = 123456789012\nsso_role_name = ci\n",
    ),
    Source("half of a key", "missing: aws_secret_access_key", "aws_access_key_id = A\n"),
)

VARIABLES: Final = (
    Source(
        "AWS_WEB_IDENTITY_TOKEN_FILE that is missing",
        "AWS_WEB_IDENTITY_TOKEN_FILE {folder}/token: No such file or directory",
        variables={"AWS_WEB_IDENTITY_TOKEN_FILE": "{folder}/token", **_BY_VARIABLE},
    ),
    Source(
        "AWS_WEB_IDENTITY_TOKEN_FILE that is a directory",
        "AWS_WEB_IDENTITY_TOKEN_FILE {folder}/directory: Is a directory",
        variables={"AWS_WEB_IDENTITY_TOKEN_FILE": "{folder}/directory", **_BY_VARIABLE},
    ),
    Source(
        "AWS_WEB_IDENTITY_TOKEN_FILE that is not UTF-8",
        "AWS_WEB_IDENTITY_TOKEN_FILE {folder}/token: its content is not UTF-8 text",
        variables={"AWS_WEB_IDENTITY_TOKEN_FILE": "{folder}/token", **_BY_VARIABLE},
        files={"token": b"\xff"},
    ),
    Source(
        "AWS_WEB_IDENTITY_TOKEN_FILE without a role",
        "AWS_WEB_IDENTITY_TOKEN_FILE {folder}/token: The provided profile or the current environment",
        variables={"AWS_WEB_IDENTITY_TOKEN_FILE": "{folder}/token"},
    ),
    Source(
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE that is missing",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE {folder}/token: No such file or directory",
        variables={
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{server}/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "{folder}/token",
        },
    ),
    Source(
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE of two lines",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE {folder}/token: ValueError: Auth token value is not a legal header",
        variables={
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{server}/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "{folder}/token",
        },
        files={"token": b"TOPSECRET\nX"},
    ),
    Source(
        "container URI of another host",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI http://example.invalid/x: ValueError: Unsupported host",
        variables={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://user:TOPSECRET@example.invalid/x"},
    ),
    Source(
        "container that gives no key",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI {server}/credentials: its output has no 'AccessKeyId'",
        variables={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{server}/credentials"},
    ),
    Source(
        "half of a key in variables",
        "the AWS_* variables: Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY",
        variables={"AWS_ACCESS_KEY_ID": "A"},
    ),
    Source(
        "AWS_CREDENTIAL_EXPIRATION that is no date",
        "the AWS_* variables: ParserError: Unknown string format: soon",
        variables={"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "S", "AWS_CREDENTIAL_EXPIRATION": "soon"},
    ),
    Source(
        "AWS_CREDENTIAL_EXPIRATION in the past",
        "the AWS_* variables: RuntimeError: Credentials were refreshed, but",
        variables={
            "AWS_ACCESS_KEY_ID": "A",
            "AWS_SECRET_ACCESS_KEY": "S",
            "AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00Z",
        },
    ),
    Source("nothing at all", "no AWS credentials found (eu-west-1)"),
)

BY_PROFILE: Final = (*FILES, *PROGRAMS, *PROFILES)
SOURCES: Final = (*BY_PROFILE, *VARIABLES)
