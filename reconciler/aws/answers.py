"""What an answer must have to be believed.

Promise: each function gives back the answer it was given, or raises ForeignAnswer. boto3 leaves out what it does not
find, so an answer of something else than API Gateway would read as an API without anything in it.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from reconciler.aws.failures import ForeignAnswer

Raw: TypeAlias = Mapping[str, Any]

_OK: Final = 200


def page_of_resources(page: Raw, *, first: bool) -> Raw:
    """A page of GetResources with methods embedded. An API always has its root resource, so the first is not empty."""
    resources = page.get("items") or ()
    if first and not resources:
        raise ForeignAnswer(_OK, "the API has no resources, not even its root")
    for resource in resources:
        if not resource.get("id") or not resource.get("path"):
            raise ForeignAnswer(_OK, "a resource without id or path")
        if not all((resource.get("resourceMethods") or {}).values()):
            raise ForeignAnswer(_OK, f"the methods of {resource['path']} are not embedded, though asked for")
    return page


def page_of_apis(page: Raw) -> Raw:
    """A page of GetRestApis; it may be empty."""
    if not all(api.get("id") for api in page.get("items") or ()):
        raise ForeignAnswer(_OK, "an API without an id")
    return page


def of_status(answer: Raw, code: str) -> Raw:
    """An integration response or method response: AWS always repeats its status code."""
    if answer.get("statusCode") != code:
        raise ForeignAnswer(_OK, f"the answer is not about status {code}")
    return answer


def account(answer: Raw) -> str:
    """The account id out of GetCallerIdentity's answer."""
    account_id = answer.get("Account")
    if not isinstance(account_id, str) or not account_id:
        raise ForeignAnswer(_OK, "the answer names no account")
    return account_id
