"""What a template gives when it is rendered, and where it fails."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from reconciler.mapping.exchange import ClientRequest, Payload


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """Why AWS answers 500 instead of rendering a template, or why it is not rendered here.

    `line` and `column` count from 1 within the template, in characters; the position is that of the directive or
    reference that fails, for an unclosed block its opening. `is_certain`: False where a bound ends the rendering, or
    something is not evaluated here, and AWS may well go on.
    """

    message: str
    line: int
    column: int
    is_certain: bool = True


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that no source tells: what AWS does there is not recorded or documented; `why` is a sentence part."""

    why: str


@dataclass(frozen=True, slots=True, order=True)
class Branch:
    """A way through a template that can be taken or not: of an `#if`, `#elseif`, `#else`, or the body of a loop.

    `line` and `column` are those of the directive. `taken` is False for the way past an `#if` without `#else` and past
    a `#foreach` over nothing.
    """

    line: int
    column: int
    directive: str
    taken: bool = True


@dataclass(frozen=True, slots=True)
class Overrides:
    """What a template set in `$context.responseOverride`: None and no headers if nothing."""

    status: object | None = None
    headers: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class TemplateInputs:
    """What a template can read. `body` is `$input.body`: of the backend's answer in a response template.

    `context`, `stage_variables` and `state` are as in `Exchange`.
    """

    body: Payload = ""
    request: ClientRequest = field(default_factory=ClientRequest)
    context: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    stage_variables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    state: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Rendering:
    """The output of a template; none with a `fault`. `unknown` says why the output may not be what AWS gives.

    `assumed` are sentences on inputs that every call has on AWS, that the template reads, and that are not given: the
    output has nothing in their places.

    `state` is `$context` as the template left it: what `Exchange.state` is for the response template that follows a
    request template. `branches` are the ways that were taken.
    """

    output: str = ""
    overrides: Overrides = field(default_factory=Overrides)
    fault: TemplateFault | None = None
    unknown: tuple[Unknown, ...] = ()
    branches: frozenset[Branch] = frozenset()
    state: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    assumed: tuple[str, ...] = ()
