"""URLs that boto3 is given, and what keeps a request from being sent to them."""

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
    """Both schemes, with or without port, path and user."""
    assert url_problem(url) == ""


@pytest.mark.parametrize(
    ("url", "mistake"),
    [
        ("ftp://host", "its scheme is ftp, not http or https"),
        ("host", "it has no scheme"),
        ("//host", "it has no scheme"),
        ("http://", "it has no host"),
        ("http://:80", "it has no host"),
        ("http://host:0", "its port is 0"),
        ("http://a b", "it has white space in it"),
        ("http://[bad", "invalid IPv6 URL"),
        ("http://user:secret@host:port", "it is no URL"),
    ],
)
def test_urls_that_do_not_work(url: str, mistake: str) -> None:
    """What is wrong is said without a password."""
    assert mistake == url_problem(url)


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
    """Nor is a user."""
    assert shown == bare_url(url)


BOTH = {"AWS_ENDPOINT_URL": "http://all", "AWS_ENDPOINT_URL_STS": "http://sts"}


@pytest.mark.parametrize(
    ("given", "variables", "expected"),
    [
        ("http://given", BOTH, ("--endpoint-url", "http://given")),
        (None, BOTH, ("AWS_ENDPOINT_URL_STS", "http://sts")),
        (None, {"AWS_ENDPOINT_URL": "http://all"}, ("AWS_ENDPOINT_URL", "http://all")),
        (None, {**BOTH, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, None),
        (None, {}, None),
    ],
)
def test_the_setting_that_counts(
    given: str | None, variables: dict[str, str], expected: tuple[str, str] | None
) -> None:
    """In botocore's own order."""
    assert expected == configured_endpoint("STS", given, variables)


@pytest.mark.parametrize("name", ["config", "credentials", "models"])
def test_files_of_boto3_in_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Where HOME is the checkout, a pull request brings them along: a `credential_process` would run."""
    for variable in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.delenv(variable, raising=False)
    (tmp_path / ".git").mkdir()
    (tmp_path / "sub").mkdir()
    (tmp_path / ".aws" / name).mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path / "sub")

    with pytest.raises(ConfigurationError, match=f"{name} is not used: it is in the git checkout"):
        settings.check_home()


@pytest.mark.parametrize("is_given", [True, False])
def test_files_of_boto3_that_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_given: bool) -> None:
    """What a variable names does, and what is outside of the checkout that the command runs in."""
    config, work = tmp_path / ".aws" / "config", tmp_path / "work"
    (work / ".git").mkdir(parents=True)
    config.parent.mkdir()
    config.touch()
    (tmp_path / ".git").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config)) if is_given else monkeypatch.delenv(
        "AWS_CONFIG_FILE", raising=False
    )
    monkeypatch.chdir(tmp_path if is_given else work)

    settings.check_home()
