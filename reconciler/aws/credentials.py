"""boto3's credential providers behind one door.

Promise: whatever a provider raises, of whatever type, when credentials are loaded and when they are renewed in the
middle of a run, is CredentialsError, and its message names the setting, file or program that failed. Nothing here is
repeated: what boto3 sends for credentials it repeats itself. Renewals take turns, so that no two ask a person at once.

The chain of providers is botocore's own, in its own order; only the credential_process and the question for an MFA code
are run by us (`programs`, `prompts`), also where a profile's `source_profile` needs them.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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

PROVIDER_LOCK: Final = threading.RLock()
"""Held by whoever loads or renews credentials of any profile: a provider may ask a person."""


@dataclass(frozen=True, slots=True)
class CredentialsOwner:
    """Whose credentials are loaded: `settings` in messages of errors, `label` in front of questions."""

    settings: str
    label: str


class ProviderChain:
    """The providers of a session, asked in their order, each behind the door. A component for botocore's sessions."""

    def __init__(self, session: Session, region: str, owner: CredentialsOwner) -> None:
        """Raises CredentialsError where the settings of a provider make no sense."""
        self._session = session
        self._owner = owner
        self._profile = _profile_name(session)
        with self._wrapping_errors(""):
            resolver = create_credential_resolver(session, region_name=region)
            self._providers = [_with_own_process(provider, session) for provider in resolver.providers]
            _use_own_prompts(resolver.get_provider(AssumeRoleProvider.METHOD), session, region, owner)

    def load_credentials(self) -> "GuardedCredentials | None":
        """The credentials of the first provider that has any, None where none has. Raises CredentialsError."""
        with PROVIDER_LOCK:
            for provider in self._providers:
                with self._wrapping_errors(str(provider.METHOD)):
                    found = provider.load()
                if found is not None:
                    return GuardedCredentials(found, partial(self._wrapping_errors, str(provider.METHOD)))
        return None

    @contextmanager
    def _wrapping_errors(self, method: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # noqa: BLE001 - providers raise whatever Python does
            # Without a cause: boto3 quotes headers and answers, in which there may be secrets
            raise self._failure(method, error) from None

    def _failure(self, method: str, error: Exception) -> CredentialsError:
        source = sources.describe_source(method, self._settings())
        parts = [self._owner.settings, source, sources.reason(error, source)]
        return CredentialsError(": ".join(part for part in parts if part), sources.remedy(error, source))

    def _settings(self) -> sources.ProfileSettings:
        try:
            profiles = self._session.full_config.get("profiles", {})
        except Exception:  # noqa: BLE001 - it is the file itself that is wrong, as the failure says
            profiles = {}
        is_given = self._session.instance_variables().get("profile") is not None
        return sources.ProfileSettings(self._profile, profiles, {} if is_given else os.environ)


class GuardedCredentials:
    """Credentials that may have to be renewed before a request is signed with them, behind the door."""

    def __init__(self, inner: Credentials, wrapping_errors: Callable[[], Any]) -> None:
        self._inner = inner
        self._wrapping_errors = wrapping_errors

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """The credentials of this moment. Raises CredentialsError."""
        with self._wrapping_errors():
            needs_renewal = getattr(self._inner, "refresh_needed", None)
            if needs_renewal is None or not needs_renewal():
                return _require_text(self._inner.get_frozen_credentials())
        with PROVIDER_LOCK, self._wrapping_errors():
            return _require_text(self._inner.get_frozen_credentials())

    def get_deferred_property(self, property_name: str) -> Callable[[], Any]:
        """As botocore's: the property, read when it is called for."""

        def read() -> Any:  # noqa: ANN401 - botocore's signature
            return getattr(self.get_frozen_credentials(), property_name, None)

        return read

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever botocore's have
        with self._wrapping_errors():
            return getattr(self._inner, name)


def _require_text(found: ReadOnlyCredentials) -> ReadOnlyCredentials:
    """The same. botocore takes what a program or file gives without a look; a signature needs text."""
    for name, value in (("access key", found.access_key), ("secret key", found.secret_key), ("token", found.token)):
        if not isinstance(value, str) and not (name == "token" and value is None):
            raise TypeError(f"the {name} is no text")
    return found


def install(session: Session, region: str, owner: CredentialsOwner) -> None:
    """Let a session get its credentials from `ProviderChain`. Raises CredentialsError."""
    session.register_component("credential_provider", ProviderChain(session, region, owner))


class _ProfileProviders(ProfileProviderBuilder):
    """botocore's, for the profiles that `source_profile` names."""

    def __init__(self, session: Session, region: str) -> None:
        super().__init__(session, region_name=region)
        self._settings = session

    def providers(self, profile_name: str, disable_env_vars: bool = False) -> list[CredentialProvider]:
        """As botocore's, with programs that cannot hang."""
        found = super().providers(profile_name=profile_name, disable_env_vars=disable_env_vars)
        return [_with_own_process(provider, self._settings, profile_name) for provider in found]


def _with_own_process(provider: CredentialProvider, session: Session, profile: str | None = None) -> CredentialProvider:
    """The provider, or in place of the one that runs a program, one that runs it as `programs.run` does."""
    if provider.METHOD != ProcessProvider.METHOD:
        return provider
    name = profile or _profile_name(session)
    return ProcessProvider(name, load_config=lambda: session.full_config, popen=programs.run)


def _use_own_prompts(provider: CredentialProvider, session: Session, region: str, owner: CredentialsOwner) -> None:
    """Let a role's MFA code be asked for, and its source profile be read, by what is ours.

    botocore has no other way in than these two attributes of AssumeRoleProvider. Where a future one does not know them,
    it asks and reads as it always did, still behind the door.
    """
    provider._prompter = partial(prompts.prompt, owner.label)  # type: ignore[attr-defined] # noqa: SLF001
    provider._profile_provider_builder = _ProfileProviders(session, region)  # type: ignore[attr-defined] # noqa: SLF001


def _profile_name(session: Session) -> str:
    return session.get_config_variable("profile") or "default"
