"""boto3's clients with our configuration, each created once.

A client costs 10 to 30 ms and half a megabyte, a session with the service models of its own another ten megabytes, and
every client has its own pool of HTTP connections. So all sessions share the service models, and all roles that one
profile assumes share its clients (`role_credentials`). Safe to use from several threads: boto3's clients are, and they
are created one at a time.
"""

import threading
from collections.abc import Callable
from functools import cache
from typing import Any, Final, Protocol

import boto3
import botocore.loaders
import botocore.session
from botocore.config import Config

from reconciler import __version__
from reconciler.aws import phases, settings

_CONNECT_SECONDS: Final = 5
_READ_SECONDS: Final = 30
_KEPT_CONNECTIONS: Final = 8
"""The connections that a client keeps for each API that is read in parallel: the integrations of a WebSocket API are
read in parallel as well. boto3 closes what exceeds the number, and opens it again for the next call."""


class CredentialSource(Protocol):
    """botocore's component that finds credentials."""

    def load_credentials(self) -> object:
        """Return the credentials, None if there are none."""


class ClientFactory:
    """The clients of one profile's settings. Without `source`, boto3 looks for credentials by itself.

    The constructor raises what boto3 raises for wrong settings, and ConfigurationError.
    """

    def __init__(self, profile: str | None, parallelism: int, source: CredentialSource | None = None) -> None:
        timeouts = Config(connect_timeout=_CONNECT_SECONDS, read_timeout=_READ_SECONDS)
        self._config = timeouts.merge(
            Config(
                max_pool_connections=_KEPT_CONNECTIONS * parallelism,
                user_agent_extra=f"reconciler/{__version__}",
            )
        )
        settings.check_home()
        self.core = botocore.session.get_session()
        self.core.set_default_client_config(timeouts)  # for clients that boto3 creates to get credentials
        self.session = boto3.Session(profile_name=profile, botocore_session=self.core)
        self.core.register_component("data_loader", _loader(self.core.get_config_variable("data_path")))
        if source is not None:
            self.core.register_component("credential_provider", source)
        settings.check(self.core)
        self._clients: dict[tuple[object, ...], Any] = {}
        self._lock = threading.Lock()

    def client(  # noqa: PLR0913, PLR0917 - a client has that many parts
        self,
        service: str,
        name: str,
        region: str,
        url: str | None,
        prepare: Callable[[Any], None],
        read_timeout: float | None = None,
        attempts: int = 1,
    ) -> Any:  # noqa: ANN401 - one type per service
        """Return the client of a service; `name` is its part of botocore's endpoint variables.

        `prepare` adds hooks to a new client, and with the other arguments identifies it. `attempts` above 1 are for
        services whose calls do not go through `retry`.
        """
        key = (service, region, url, prepare, read_timeout, attempts)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._new_client(service, name, region, url, read_timeout, attempts)
                prepare(self._clients[key])
            return self._clients[key]

    def _new_client(  # noqa: PLR0913, PLR0917 - as above
        self, service: str, name: str, region: str, url: str | None, read_timeout: float | None, attempts: int
    ) -> Any:  # noqa: ANN401 - one type per service
        settings.check_route(name, url, region)
        # Only `retry` retries; without a mode, AWS_RETRY_MODE=adaptive would add its own rate limit
        config = self._config.merge(Config(retries={"mode": "standard", "total_max_attempts": attempts}))
        config = config.merge(Config(read_timeout=read_timeout)) if read_timeout else config
        make: Any = self.session.client
        client = make(service, region_name=region, endpoint_url=url, config=config)
        settings.check_endpoint(client.meta.endpoint_url, name, url)
        settings.check_proxy(client.meta.endpoint_url)
        phases.watch(client)
        return client


@cache
def _loader(data_path: str | None) -> botocore.loaders.Loader:
    """Return the service models on a search path, which all sessions of this process share."""
    return botocore.loaders.create_loader(data_path)
