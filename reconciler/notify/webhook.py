"""A webhook: a POST of the notification's JSON document.

The answer's status decides; its body is not read, so that it can be as long as it likes. 429, 5xx and connections that
fail are tried again, a server that accepts a request and hangs is not: it may have delivered it. Redirects are not
followed, because the URL, its path and its query are the secret.
"""

import ipaddress
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from reconciler import __version__
from reconciler.errors import NotificationError
from reconciler.notify.deadline import within
from reconciler.notify.secret import SecretUrl
from reconciler.ports import Clock, Notification

if TYPE_CHECKING:
    from urllib3 import PoolManager

_TRIES: Final = 3
_FIRST_WAIT: Final = 1.0
_LONGEST_WAIT: Final = 10.0
_TOO_MANY_REQUESTS: Final = 429
_SERVER_ERRORS: Final = range(500, 600)
_REDIRECTS: Final = range(300, 400)
_FINE: Final = range(200, 300)


@dataclass(frozen=True, slots=True)
class WebhookTimeouts:
    """Seconds to wait: for a connection, for the answer, and for everything together, retries included."""

    connect: float = 5.0
    read: float = 10.0
    total: float = 30.0


class Webhook:
    """`ports.Notifier` for one URL: https://, or http:// on this machine."""

    def __init__(self, url: SecretUrl, clock: Clock, timeouts: WebhookTimeouts | None = None) -> None:
        self._url = url
        self._clock = clock
        self._timeouts = timeouts or WebhookTimeouts()

    def send(self, notification: Notification) -> None:
        """POST the document. Raises NotificationError."""
        is_local = _check(self._url)
        content = notification.document.encode()
        within(self._timeouts.total, lambda: self._try(content, is_local=is_local))

    def _try(self, content: bytes, *, is_local: bool) -> None:
        pool = _pool(self._url, self._timeouts, is_local=is_local)
        with pool:
            for attempt in range(1, _TRIES + 1):
                failure, wait = self._post(pool, content)
                if failure is None:
                    return
                if wait is None or attempt == _TRIES:
                    raise failure
                self._clock.sleep(min(max(wait, _FIRST_WAIT * attempt), _LONGEST_WAIT))

    def _post(self, pool: "PoolManager", content: bytes) -> tuple[NotificationError | None, float | None]:
        """Return why it failed, None if it did not, and the seconds to wait before another try, None for no other."""
        from urllib3.exceptions import HTTPError, NewConnectionError, ReadTimeoutError, SSLError  # noqa: PLC0415

        headers = {"Content-Type": "application/json", "User-Agent": f"reconciler/{__version__}"}
        try:
            response = pool.request(
                "POST",
                self._url.value,
                body=content,
                headers=headers,
                redirect=False,
                retries=False,
                preload_content=False,
            )
        except ReadTimeoutError:
            message = f"the server of {self._url.source} did not answer in time"
            return NotificationError(message, "check whether it was delivered; the next run sends it again"), None
        except SSLError:
            message = f"no secure connection to the server of {self._url.source}"
            return NotificationError(message, "check its certificate, and SSL_CERT_FILE for one of your own"), None
        except (HTTPError, OSError) as failure:
            what = "cannot be reached" if isinstance(failure, NewConnectionError) else "closed the connection"
            message = f"the server of {self._url.source} {what}"
            return NotificationError(message, "check the URL, the proxy and the network"), 0.0
        response.close()
        return self._judged(response.status, response.headers.get("Retry-After", ""))

    def _judged(self, status: int, retry_after: str) -> tuple[NotificationError | None, float | None]:
        source = self._url.source
        if status in _FINE:
            return None, None
        if status in _REDIRECTS:
            message = f"the server of {source} redirects (HTTP {status}), which is not followed: the URL is a secret"
            return NotificationError(message, f"set {source} to the final URL"), None
        failure = NotificationError(f"the server of {source} answered HTTP {status}", "check the URL and its channel")
        if status == _TOO_MANY_REQUESTS or status in _SERVER_ERRORS:
            return failure, float(retry_after) if retry_after.isascii() and retry_after.isdigit() else 0.0
        return failure, None


def _check(url: SecretUrl) -> bool:
    """Return whether the URL is one of this machine. Raises NotificationError for one that is not safe to use."""
    try:
        parts = urlsplit(url.value)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise NotificationError(f"{url.source} does not contain a URL", "write it as https://HOST/PATH") from None
    if not host or parts.scheme not in {"https", "http"}:
        raise NotificationError(f"{url.source} does not contain an https:// URL", "write it as https://HOST/PATH")
    is_local = _is_loopback(host)
    if parts.scheme == "http" and not is_local:
        message = f"{url.source} contains an http:// URL, which would send it unencrypted"
        raise NotificationError(message, "use https://; http:// is only possible on this machine (127.0.0.1)")
    return is_local


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _pool(url: SecretUrl, timeouts: WebhookTimeouts, *, is_local: bool) -> "PoolManager":
    """Return a pool that verifies certificates, by way of the proxy of the environment if there is one."""
    import ssl  # noqa: PLC0415 - few runs notify
    from urllib.request import getproxies, proxy_bypass  # noqa: PLC0415

    from urllib3 import PoolManager, ProxyManager, Timeout, make_headers  # noqa: PLC0415

    # It logs the hosts and paths of requests
    logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)
    timeout = Timeout(connect=timeouts.connect, read=timeouts.read)
    parts = urlsplit(url.value)
    proxy = None if is_local or proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)
    context = ssl.create_default_context()
    if not proxy:
        return PoolManager(timeout=timeout, ssl_context=context)
    address = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    login = unquote(address.netloc.rpartition("@")[0])
    return ProxyManager(
        f"{address.scheme}://{address.netloc.rpartition('@')[2]}",
        proxy_headers=make_headers(proxy_basic_auth=login) if login else None,
        timeout=timeout,
        ssl_context=context,
    )
