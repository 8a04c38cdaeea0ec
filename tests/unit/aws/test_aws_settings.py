"""URLs that boto3 is given, and what keeps a request from being sent to them."""

import pytest

from reconciler.aws.settings import bare_url, known_endpoint, url_mistake


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
    assert url_mistake(url) == ""


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
    assert mistake == url_mistake(url)


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
    assert expected == known_endpoint("STS", given, variables)
