"""Where credentials come from, named as the user set it, and why a source failed.

Pure. A source names its file or program, and its profile if that is not the requested one. No secret is shown: only the
program of a command line, and nothing before the `@` of a URL.
"""

import hashlib
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import botocore.exceptions as boto

from reconciler.aws.failures import PROVIDE_CREDENTIALS, RENEW_CREDENTIALS
from reconciler.aws.programs import ProgramFailed
from reconciler.aws.prompts import PromptUnavailable
from reconciler.aws.settings import bare_url
from reconciler.aws.translate import INVALID_HEADER, one_line, quotes_a_header

_Profile: TypeAlias = Mapping[str, Any]

_FIX_SETTING: Final = "fix this setting, or choose other credentials with --profile or AWS_PROFILE"
_AVOID_MFA: Final = "run the command on a terminal, or choose credentials without MFA with --profile or AWS_PROFILE"
_UNSENDABLE: Final = "check the credentials for line breaks and other control characters"

_LOGIN: Final = "the SSO login to"
_CONTAINER: Final = (
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)

_SOURCES: Final[Mapping[str, str]] = {
    "env": "the AWS_* variables",
    "shared-credentials-file": "the shared credentials file",
    "ec2-credentials-file": "AWS_CREDENTIAL_FILE",
    "boto-config": "BOTO_CONFIG",
    "iam-role": "the instance metadata service",
}
"""By the provider's name in botocore."""


@dataclass(frozen=True, slots=True)
class ProfileSettings:
    """The requested profile, all profiles, and the variables that may replace one."""

    profile: str
    profiles: Mapping[str, _Profile]
    variables: Mapping[str, str]


def describe_source(method: str, settings: ProfileSettings) -> str:
    """Describe the setting that selected a provider of botocore; "" if the provider's own errors do."""
    match method:
        case "assume-role-with-web-identity":
            token_file = settings.variables.get("AWS_WEB_IDENTITY_TOKEN_FILE")
            return f"AWS_WEB_IDENTITY_TOKEN_FILE {token_file}" if token_file else _profile_source(settings)
        case "container-role":
            name = next((name for name in _CONTAINER if settings.variables.get(name)), "")
            return f"{name} {bare_url(settings.variables[name])}" if name else _CONTAINER[-1]
        case "assume-role" | "custom-process" | "sso" | "login":
            return _profile_source(settings)
        case _:
            return _SOURCES.get(method, "")


def _profile_source(settings: ProfileSettings) -> str:
    """Describe the entry of the last profile in the chain of `source_profile`, which has the credentials."""
    *_, last = _source_profiles(settings)
    entry = _source_entry(settings.profiles.get(last, {}), settings.variables)
    return f"{entry} of profile {last}" if entry and last != settings.profile else entry


def _source_profiles(settings: ProfileSettings) -> Iterator[str]:
    """Yield the profile and those in its chain of `source_profile`, each once."""
    seen: set[str] = set()
    name = settings.profile
    while name and name not in seen:
        seen.add(name)
        yield name
        name = str(settings.profiles.get(name, {}).get("source_profile") or "")


def _source_entry(profile: _Profile, variables: Mapping[str, str]) -> str:
    """Describe the entry that botocore uses, in botocore's order."""
    if token_file := profile.get("web_identity_token_file"):
        return f"web_identity_token_file {token_file}"
    if session := profile.get("sso_session") or profile.get("sso_start_url"):
        return f"{_LOGIN} {session} ({_login_cache_file(str(session))})"
    if session := profile.get("login_session"):
        return f"login_session {session}"
    if command := profile.get("credential_process"):
        return f"credential_process {_program(str(command))}".rstrip()
    if origin := profile.get("credential_source"):
        name = next((name for name in _CONTAINER if origin == "EcsContainer" and variables.get(name)), "")
        return f"credential_source {origin}" + (f" ({name} {bare_url(variables[name])})" if name else "")
    return ""


def _login_cache_file(session: str) -> str:
    """Return the file in which the AWS CLI caches a login (botocore, SSOTokenLoader)."""
    return f"~/.aws/sso/cache/{hashlib.sha1(session.encode(), usedforsecurity=False).hexdigest()}.json"


def _program(command: str) -> str:
    try:
        return shlex.split(command)[0]
    except (ValueError, IndexError):
        return ""


def reason(error: Exception, source: str) -> str:
    """Return the reason in one line: only the first, because AWS repeats the session token further down."""
    match error:
        case boto.HTTPClientError() if quotes_a_header(error):
            return INVALID_HEADER
        case boto.ParamValidationError():  # its text quotes the value, which may be a token
            return "its output cannot be sent to AWS"
        case ProgramFailed() | PromptUnavailable() | boto.BotoCoreError() | boto.ClientError():
            return one_line(str(error))
        case _:
            return _python_reason(error, source)


def _python_reason(error: Exception, source: str) -> str:
    match error:
        case OSError() if error.filename is not None and error.strerror:
            return error.strerror if str(error.filename) in source else f"{error.filename}: {error.strerror}"
        case UnicodeDecodeError():
            return "its content is not UTF-8 text"
        case KeyError() if source.startswith(_LOGIN):
            return "it is missing or cannot be read"
        case KeyError():
            return f"its output has no {one_line(str(error))}"
        case _:
            return f"{type(error).__name__}: {one_line(str(error))}".removesuffix(": ")


def remedy(error: Exception, source: str) -> str:
    """Return what to do about the failure."""
    if source.startswith(_LOGIN):
        return RENEW_CREDENTIALS
    match error:
        case PromptUnavailable():
            return _AVOID_MFA
        case boto.HTTPClientError() if quotes_a_header(error):
            return _UNSENDABLE
        case boto.NoCredentialsError() | boto.PartialCredentialsError():
            return PROVIDE_CREDENTIALS
        case boto.ClientError() | boto.SSOError() | boto.LoginError() | boto.TokenRetrievalError():
            return RENEW_CREDENTIALS
        case _:
            return _FIX_SETTING
