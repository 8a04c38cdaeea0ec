"""What names a method and a response."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class MethodKey:
    """A REST method by resource path and HTTP verb, as in `GET /pets/{petId}`."""

    path: str
    method: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True, order=True)
class ResponseKey:
    """One integration response: its method and its status code, as in `GET /pets/{petId} 404`."""

    scope: MethodKey
    code: str

    def __str__(self) -> str:
        return f"{self.scope} {self.code}"
