"""Checks of boto3's settings, made before anything is sent.

botocore reads a proxy, an endpoint or a certificate bundle only when it sends a request, and a problem in one then
looks like a lost response, which would be retried. Here a problem raises ConfigurationError at once and names its
setting. Only the form is checked: a proxy that is down is a different failure.
"""

import os
import re
import shlex
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from botocore.session import Session
from botocore.utils import get_environ_proxies

from reconciler.errors import ConfigurationError

_MODES: Final = ("legacy", "standard", "adaptive")
_CA_VARIABLE: Final = "AWS_CA_BUNDLE"
_OTHER_CA_VARIABLE: Final = "REQUESTS_CA_BUNDLE"
_HOME_FILES: Final = {
    "~/.aws/config": "AWS_CONFIG_FILE",
    "~/.aws/credentials": "AWS_SHARED_CREDENTIALS_FILE",
    "~/.aws/models": "",
}
"""The files that boto3 reads by default, and the variable that names another path."""

_HTTP: Final = re.compile("https?", re.IGNORECASE)


def bare_url(url: str) -> str:
    """Return a URL without user and password, as messages show it."""
    head, separator, tail = url.partition("://")
    host, slash, path = tail.partition("/") if separator else head.partition("/")
    host = host.rpartition("@")[2]
    return f"{head}{separator}{host}{slash}{path}" if separator else f"{host}{slash}{path}"


def url_problem(url: str) -> str:
    """Return why no request can be sent to a URL, or ""."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return _without_secrets(str(error), url)
    if not _HTTP.fullmatch(parts.scheme):
        return f"its scheme is {parts.scheme}, not http or https" if parts.scheme else "it has no scheme"
    if not parts.hostname:
        return "it has no host"
    if port == 0:
        return "its port is 0"
    return "it contains white space" if re.search(r"\s", url) else ""


def _without_secrets(text: str, url: str) -> str:
    """Return Python's message, unless it quotes what may contain a password."""
    return "it is not a URL" if "@" in url else text[:1].lower() + text[1:]


def check_home() -> None:
    """Refuse boto3's own files if they are part of the current checkout. Raises ConfigurationError.

    A job whose HOME is its checkout would take them from a pull request, and they can name programs to run
    (`credential_process`), endpoints and definitions of services. A file that a variable names is trusted.
    """
    top = _enclosing_checkout(Path.cwd())
    for name, variable in _HOME_FILES.items():
        file = Path(name).expanduser()
        chosen = variable and os.environ.get(variable)
        if top and not chosen and file.exists() and Path(os.path.realpath(file)).is_relative_to(top):
            message = f"refusing to use {file}: it is in the git checkout {top} and may come from a pull request"
            trust = f", or trust the file: export {variable}={shlex.quote(str(file))}" if variable else ""
            raise ConfigurationError(message, f"set HOME to a folder outside the checkout{trust}")


def _enclosing_checkout(folder: Path) -> Path | None:
    """Return the top of the innermost git working tree around a folder."""
    real = Path(os.path.realpath(folder))
    return next((parent for parent in (real, *real.parents) if os.path.lexists(parent / ".git")), None)


def check(session: Session) -> None:
    """Check the settings that do not depend on the destination. Raises ConfigurationError."""
    _check_retries(session)
    _check_metadata(session)
    _check_bundle(session)


def _check_retries(session: Session) -> None:
    try:
        attempts = session.get_config_variable("max_attempts")
    except ValueError:
        attempts = 0
    if attempts is not None and attempts < 1:
        name = _setting_name("AWS_MAX_ATTEMPTS", "max_attempts")
        raise ConfigurationError(f"{name} is not a number of attempts", "set it to 1 or more, or remove it")
    mode = session.get_config_variable("retry_mode")
    if mode is not None and mode not in _MODES:
        name = _setting_name("AWS_RETRY_MODE", "retry_mode")
        raise ConfigurationError(
            f"{name} is {mode!r}", f"set it to {', '.join(_MODES[:-1])} or {_MODES[-1]}, or remove it"
        )


def _check_metadata(session: Session) -> None:
    """Check how credentials are requested from an instance: botocore reads these settings on any machine."""
    for variable, key in (
        ("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout"),
        ("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts"),
    ):
        try:
            session.get_config_variable(key)
        except ValueError:
            raise ConfigurationError(
                f"{_setting_name(variable, key)} is not a number", "set it to a whole number, or remove it"
            ) from None
    name, key = "AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint"
    url = session.get_config_variable(key)
    if url and (problem := url_problem(url)):
        raise ConfigurationError(
            f"{_setting_name(name, key)} {bare_url(url)!r} is not a valid endpoint: {problem}",
            "use a URL such as http://HOST",
        )


def _check_bundle(session: Session) -> None:
    """Check the CA certificates that servers are verified with (botocore: the first setting that is set)."""
    path, name = session.get_config_variable("ca_bundle"), _setting_name(_CA_VARIABLE, "ca_bundle")
    if not path:
        path, name = os.environ.get(_OTHER_CA_VARIABLE), _OTHER_CA_VARIABLE
    if not path:
        return
    remedy = f"set {name} to a file of PEM certificates, or remove it"
    try:
        if Path(path).is_dir():
            return
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except ssl.SSLError:
        raise ConfigurationError(f"{name}: {path} contains no PEM certificates", remedy) from None
    except OSError as error:
        raise ConfigurationError(f"{name}: cannot read {path}: {error.strerror or error}", remedy) from None
    except ValueError as error:
        raise ConfigurationError(f"{name}: cannot read {path!r}: {error}", remedy) from None


def _setting_name(variable: str, key: str) -> str:
    """Return where a setting comes from: the variable takes precedence over the profile's key."""
    return variable if os.environ.get(variable) else f"{key} in ~/.aws/config"


def check_endpoint(url: str, service: str, option: str | None) -> None:
    """Check the endpoint of a service. Raises ConfigurationError."""
    problem = url_problem(url)
    if problem:
        name, _ = configured_endpoint(service, option, os.environ) or ("endpoint_url in ~/.aws/config", "")
        raise ConfigurationError(
            f"{name} {bare_url(url)!r} is not a valid endpoint: {problem}", "use a URL such as https://HOST"
        )


def configured_endpoint(service: str, option: str | None, variables: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the option or variable that sets the endpoint of a service, and its URL, or None.

    `service` is written as in botocore's variables, whose order of precedence this is: STS, API_GATEWAY ...
    """
    if option:
        return "--endpoint-url", option
    if variables.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return None
    names = (f"AWS_ENDPOINT_URL_{service}", "AWS_ENDPOINT_URL")
    return next(((name, url) for name in names if (url := variables.get(name))), None)


def check_route(service: str, option: str | None, region: str) -> None:
    """Check endpoint and proxy of a service as far as possible without a client. Raises ConfigurationError."""
    endpoint = configured_endpoint(service, option, os.environ)
    if endpoint:
        check_endpoint(endpoint[1], service, option)
    check_proxy(endpoint[1] if endpoint else f"https://{service.lower()}.{region}.amazonaws.com")


def check_proxy(endpoint: str) -> None:
    """Check the proxy for this endpoint, if there is one. Raises ConfigurationError."""
    scheme = urlsplit(endpoint).scheme
    proxy = get_environ_proxies(endpoint).get(scheme)
    if proxy is None:
        return
    # botocore puts http:// in front of a bare host
    problem = url_problem(proxy if "://" in proxy else f"http://{proxy.removeprefix('//')}")
    if problem:
        name = next((name for name in (f"{scheme}_proxy", f"{scheme}_proxy".upper()) if os.environ.get(name)), "proxy")
        raise ConfigurationError(
            f"{name} {bare_url(proxy)!r} is not a valid proxy: {problem}",
            f"set {name} to a URL such as http://HOST:PORT",
        )
