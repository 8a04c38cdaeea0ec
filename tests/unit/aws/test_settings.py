"""Checks of boto3's settings: URLs, endpoints, and files in the checkout."""

from pathlib import Path

import pytest

from reconciler.aws import settings
from reconciler.aws.settings import bare_url, configured_endpoint, url_problem
from reconciler.errors import ConfigurationError


@pytest.mark.parametrize(
    "url",
    [
        "https://apigateway.eu-west-1.amazonaws.com",
        "http://127.0.0.1:4566/path",
        "HTTP://host",
        "http://[::1]:80",
        "http://user:secret@proxy:3128",
    ],
)
def test_urls_that_work(url: str) -> None:
    """Both schemes are valid, with or without port, path and user."""
    assert url_problem(url) == ""


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("ftp://host", "its scheme is ftp, not http or https"),
        ("host", "it has no scheme"),
        ("//host", "it has no scheme"),
        ("http://", "it has no host"),
        ("http://:80", "it has no host"),
        ("http://host:0", "its port is 0"),
        ("http://a b", "it contains white space"),
        ("http://[bad", "invalid IPv6 URL"),
        ("http://user:secret@host:port", "it is not a URL"),
    ],
)
def test_urls_that_do_not_work(url: str, problem: str) -> None:
    """The problem is named without the password."""
    assert problem == url_problem(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://user:secret@host:80/a@b", "http://host:80/a@b"),
        ("user:secret@host", "host"),
        ("http://host/x", "http://host/x"),
        ("host", "host"),
    ],
)
def test_a_password_is_not_shown(url: str, shown: str) -> None:
    """Neither user nor password is shown."""
    assert shown == bare_url(url)


BOTH = {"AWS_ENDPOINT_URL": "http://all", "AWS_ENDPOINT_URL_STS": "http://sts"}


@pytest.mark.parametrize(
    ("option", "variables", "expected"),
    [
        ("http://option", BOTH, ("--endpoint-url", "http://option")),
        (None, BOTH, ("AWS_ENDPOINT_URL_STS", "http://sts")),
        (None, {"AWS_ENDPOINT_URL": "http://all"}, ("AWS_ENDPOINT_URL", "http://all")),
        (None, {**BOTH, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, None),
        (None, {}, None),
    ],
)
def test_the_setting_that_counts(
    option: str | None, variables: dict[str, str], expected: tuple[str, str] | None
) -> None:
    """The order of precedence is botocore's."""
    assert expected == configured_endpoint("STS", option, variables)


@pytest.mark.parametrize("name", ["config", "credentials", "models"])
def test_files_of_boto3_in_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """If HOME is the checkout, a pull request could add them, and a `credential_process` would run."""
    for variable in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.delenv(variable, raising=False)
    (tmp_path / ".git").mkdir()
    (tmp_path / "sub").mkdir()
    (tmp_path / ".aws" / name).mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path / "sub")

    with pytest.raises(ConfigurationError, match=f"{name}: it is in the git checkout"):
        settings.check_home()


@pytest.mark.parametrize("is_named", [True, False])
def test_files_of_boto3_that_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_named: bool) -> None:
    """Files that a variable names are used, and files outside the checkout that the command runs in."""
    config, work = tmp_path / ".aws" / "config", tmp_path / "work"
    (work / ".git").mkdir(parents=True)
    config.parent.mkdir()
    config.touch()
    (tmp_path / ".git").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config)) if is_named else monkeypatch.delenv(
        "AWS_CONFIG_FILE", raising=False
    )
    monkeypatch.chdir(tmp_path if is_named else work)

    settings.check_home()
