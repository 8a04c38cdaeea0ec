"""boto3's credential providers, with every error wrapped.

Whatever a provider raises, when credentials are loaded or renewed in the middle of a run, becomes CredentialsError, and
its message names the setting, file or program that failed. Nothing here is retried: boto3 retries its own requests for
credentials. On a terminal, renewals happen one at a time, so that the user never gets two prompts at once.

The chain of providers is botocore's own, in its own order. Only the credential_process and the prompt for an MFA code
are our own (`programs`, `prompts`), including those that a profile's `source_profile` needs.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from botocore.credentials import (
    AssumeRoleProvider,
    CredentialProvider,
    Credentials,
    ProcessProvider,
    ProfileProviderBuilder,
    ReadOnlyCredentials,
    create_credential_resolver,
)
from botocore.session import Session

from reconciler.aws import programs, prompts, sources
from reconciler.errors import CredentialsError

_PROMPT_LOCK: Final = threading.RLock()


def _one_prompt_at_a_time() -> AbstractContextManager[object]:
    """Return the lock to hold while credentials are loaded or renewed, since a provider may prompt the user.

    Without a terminal there are no prompts, and no profile waits for another one.
    """
    return _PROMPT_LOCK if prompts.has_terminal() else nullcontext()


@dataclass(frozen=True, slots=True)
class CredentialsOwner:
    """Whose credentials are loaded: `settings` for error messages, `label` in front of prompts."""

    settings: str
    label: str


class ProviderChain:
    """The providers of a session in their order, with their errors wrapped. A component for botocore's sessions."""

    def __init__(self, session: Session, region: str, owner: CredentialsOwner) -> None:
        """Raise CredentialsError if the settings of a provider are invalid."""
        self._session = session
        self._owner = owner
        self._profile = _profile_name(session)
        with self._wrapping_errors(""):
            resolver = create_credential_resolver(session, region_name=region)
            self._providers = [_with_own_process(provider, session) for provider in resolver.providers]
            _use_own_prompts(resolver.get_provider(AssumeRoleProvider.METHOD), session, region, owner)

    def load_credentials(self) -> "GuardedCredentials | None":
        """Return the credentials of the first provider that has any, or None. Raises CredentialsError."""
        with _one_prompt_at_a_time():
            for provider in self._providers:
                with self._wrapping_errors(str(provider.METHOD)):
                    credentials = provider.load()
                if credentials is not None:
                    return GuardedCredentials(credentials, partial(self._wrapping_errors, str(provider.METHOD)))
        return None

    @contextmanager
    def _wrapping_errors(self, method: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # noqa: BLE001 - providers raise exceptions of any type
            # No cause: boto3 quotes headers and responses, which may contain secrets
            raise self._failure(method, error) from None

    def _failure(self, method: str, error: Exception) -> CredentialsError:
        source = sources.describe_source(method, self._settings())
        parts = [self._owner.settings, source, sources.reason(error, source)]
        return CredentialsError(": ".join(part for part in parts if part), sources.remedy(error, source))

    def _settings(self) -> sources.ProfileSettings:
        try:
            profiles = self._session.full_config.get("profiles", {})
        except Exception:  # noqa: BLE001 - the file itself is invalid, which is the failure being described
            profiles = {}
        has_profile = self._session.instance_variables().get("profile") is not None
        return sources.ProfileSettings(self._profile, profiles, {} if has_profile else os.environ)


class GuardedCredentials:
    """Credentials that may have to be renewed before they sign a request, with errors wrapped."""

    def __init__(self, inner: Credentials, wrapping_errors: Callable[[], Any]) -> None:
        self._inner = inner
        self._wrapping_errors = wrapping_errors

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """Return the current credentials. Raises CredentialsError."""
        with self._wrapping_errors():
            needs_renewal = getattr(self._inner, "refresh_needed", None)
            if needs_renewal is None or not needs_renewal():
                return _require_text(self._inner.get_frozen_credentials())
        with _one_prompt_at_a_time(), self._wrapping_errors():
            return _require_text(self._inner.get_frozen_credentials())

    def get_deferred_property(self, property_name: str) -> Callable[[], Any]:
        """Return a function that reads the property when it is called, as botocore's does."""

        def read() -> Any:  # noqa: ANN401 - botocore's signature
            return getattr(self.get_frozen_credentials(), property_name, None)

        return read

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any attribute of botocore's class
        with self._wrapping_errors():
            return getattr(self._inner, name)


def _require_text(keys: ReadOnlyCredentials) -> ReadOnlyCredentials:
    """Return the same credentials. botocore accepts any JSON from a program or file, but signing needs text."""
    for name, value in (("access key", keys.access_key), ("secret key", keys.secret_key), ("token", keys.token)):
        if not isinstance(value, str) and not (name == "token" and value is None):
            raise TypeError(f"the {name} is not text")
    return keys


def install(session: Session, region: str, owner: CredentialsOwner) -> None:
    """Make a session get its credentials from `ProviderChain`. Raises CredentialsError."""
    session.register_component("credential_provider", ProviderChain(session, region, owner))


class _ProfileProviders(ProfileProviderBuilder):
    """botocore's builder for the profiles that `source_profile` names."""

    def __init__(self, session: Session, region: str) -> None:
        super().__init__(session, region_name=region)
        self._settings = session

    def providers(self, profile_name: str, disable_env_vars: bool = False) -> list[CredentialProvider]:
        """Return botocore's providers, with programs that cannot hang."""
        providers = super().providers(profile_name=profile_name, disable_env_vars=disable_env_vars)
        return [_with_own_process(provider, self._settings, profile_name) for provider in providers]


def _with_own_process(provider: CredentialProvider, session: Session, profile: str | None = None) -> CredentialProvider:
    """Return the provider; the one that runs a program is replaced by one that uses `programs.run`."""
    if provider.METHOD != ProcessProvider.METHOD:
        return provider
    name = profile or _profile_name(session)
    return ProcessProvider(name, load_config=lambda: session.full_config, popen=programs.run)


def _use_own_prompts(provider: CredentialProvider, session: Session, region: str, owner: CredentialsOwner) -> None:
    """Use our own prompt for a role's MFA code, and our own providers for its source profile.

    botocore offers no other way than these two attributes of AssumeRoleProvider. A future release that does not know
    them falls back to its own prompt and providers, still with errors wrapped.
    """
    provider._prompter = partial(prompts.prompt, owner.label)  # type: ignore[attr-defined] # noqa: SLF001
    provider._profile_provider_builder = _ProfileProviders(session, region)  # type: ignore[attr-defined] # noqa: SLF001


def _profile_name(session: Session) -> str:
    return session.get_config_variable("profile") or "default"
