"""boto3's settings that are checked before anything is sent.

botocore reads a proxy, an endpoint or a bundle of certificates when it sends, and what is wrong with one then looks
like a lost answer, which is worth a repeat. Here a mistake is ConfigurationError at once, and names its setting. Only
their form is checked: a proxy that is down is another thing.
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
"""What boto3 reads without being told to, and the variable that names another place for it."""

_HTTP: Final = re.compile("https?", re.IGNORECASE)


def bare_url(url: str) -> str:
    """A URL as messages show it: without user and password."""
    head, separator, tail = url.partition("://")
    host, slash, path = tail.partition("/") if separator else head.partition("/")
    host = host.rpartition("@")[2]
    return f"{head}{separator}{host}{slash}{path}" if separator else f"{host}{slash}{path}"


def url_problem(url: str) -> str:
    """What keeps a URL from being one that a request can be sent to; "" for nothing."""
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
    return "it has white space in it" if re.search(r"\s", url) else ""


def _without_secrets(text: str, url: str) -> str:
    """Python's own words, unless they quote what may hold a password."""
    return "it is no URL" if "@" in url else text[:1].lower() + text[1:]


def check_home() -> None:
    """Refuse boto3's own files where the current checkout brings them along. Raises ConfigurationError.

    A job whose HOME is its checkout would take them from a pull request, and they name programs to run
    (`credential_process`), endpoints and definitions of services. What a variable names is the user's word.
    """
    top = _enclosing_checkout(Path.cwd())
    for name, variable in _HOME_FILES.items():
        file = Path(name).expanduser()
        given = variable and os.environ.get(variable)
        if top and not given and file.exists() and Path(os.path.realpath(file)).is_relative_to(top):
            message = f"{file} is not used: it is in the git checkout {top}, and may come from a pull request"
            trust = f", or trust it: export {variable}={shlex.quote(str(file))}" if variable else ""
            raise ConfigurationError(message, f"set HOME to a folder outside of the checkout{trust}")


def _enclosing_checkout(folder: Path) -> Path | None:
    """The top of the innermost git working tree around a folder."""
    real = Path(os.path.realpath(folder))
    return next((one for one in (real, *real.parents) if os.path.lexists(one / ".git")), None)


def check(session: Session) -> None:
    """Check what does not depend on where calls go. Raises ConfigurationError."""
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
        raise ConfigurationError(f"{name} is no number of attempts", "write a number from 1 up, or remove it")
    mode = session.get_config_variable("retry_mode")
    if mode is not None and mode not in _MODES:
        name = _setting_name("AWS_RETRY_MODE", "retry_mode")
        raise ConfigurationError(f"{name} is {mode!r}", f"write one of {', '.join(_MODES)}, or remove it")


def _check_metadata(session: Session) -> None:
    """How an instance or container is asked for credentials: botocore reads it whether there is one or not."""
    for variable, key in (
        ("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout"),
        ("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts"),
    ):
        try:
            session.get_config_variable(key)
        except ValueError:
            raise ConfigurationError(
                f"{_setting_name(variable, key)} is no number", "write a whole number, or remove it"
            ) from None
    name, key = "AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint"
    url = session.get_config_variable(key)
    if url and (mistake := url_problem(url)):
        raise ConfigurationError(
            f"{_setting_name(name, key)} {bare_url(url)!r} is no endpoint: {mistake}", "write a URL as in http://HOST"
        )


def _check_bundle(session: Session) -> None:
    """The authorities that a server's certificate is checked against (botocore: the first that is set)."""
    path, name = session.get_config_variable("ca_bundle"), _setting_name(_CA_VARIABLE, "ca_bundle")
    if not path:
        path, name = os.environ.get(_OTHER_CA_VARIABLE), _OTHER_CA_VARIABLE
    if not path:
        return
    remedy = f"name a file of PEM certificates in {name}, or remove it"
    try:
        if Path(path).is_dir():
            return
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except ssl.SSLError:
        raise ConfigurationError(f"{name}: {path} holds no PEM certificates", remedy) from None
    except OSError as error:
        raise ConfigurationError(f"{name}: cannot read {path}: {error.strerror or error}", remedy) from None
    except ValueError as error:
        raise ConfigurationError(f"{name}: cannot read {path!r}: {error}", remedy) from None


def _setting_name(variable: str, key: str) -> str:
    """Who set it: the variable wins over the profile's key."""
    return variable if os.environ.get(variable) else f"{key} in ~/.aws/config"


def check_endpoint(url: str, service: str, given: str | None) -> None:
    """Check where the calls of a service go. Raises ConfigurationError."""
    mistake = url_problem(url)
    if mistake:
        name, _ = configured_endpoint(service, given, os.environ) or ("endpoint_url in ~/.aws/config", "")
        raise ConfigurationError(
            f"{name} {bare_url(url)!r} is no endpoint: {mistake}", "write a URL as in https://HOST"
        )


def configured_endpoint(service: str, given: str | None, variables: Mapping[str, str]) -> tuple[str, str] | None:
    """The setting that says where the calls of a service go, and the URL; None where no option or variable does.

    `service` is as in botocore's variables, whose order this is: STS, API_GATEWAY ...
    """
    if given:
        return "--endpoint-url", given
    if variables.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return None
    names = (f"AWS_ENDPOINT_URL_{service}", "AWS_ENDPOINT_URL")
    return next(((name, url) for name in names if (url := variables.get(name))), None)


def check_route(service: str, given: str | None, region: str) -> None:
    """Check endpoint and proxy of a service, as far as they are known without a client. Raises ConfigurationError."""
    known = configured_endpoint(service, given, os.environ)
    if known:
        check_endpoint(known[1], service, given)
    check_proxy(known[1] if known else f"https://{service.lower()}.{region}.amazonaws.com")


def check_proxy(endpoint: str) -> None:
    """Check the proxy that calls to this endpoint go through, if there is one. Raises ConfigurationError."""
    scheme = urlsplit(endpoint).scheme
    proxy = get_environ_proxies(endpoint).get(scheme)
    if proxy is None:
        return
    # botocore writes http:// in front of a bare host
    mistake = url_problem(proxy if "://" in proxy else f"http://{proxy.removeprefix('//')}")
    if mistake:
        name = next((name for name in (f"{scheme}_proxy", f"{scheme}_proxy".upper()) if os.environ.get(name)), "proxy")
        raise ConfigurationError(
            f"{name} {bare_url(proxy)!r} is no proxy: {mistake}", f"write a URL as in http://HOST:PORT in {name}"
        )
