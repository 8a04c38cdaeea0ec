"""What a rule is: an id that stays, a meaning and, where they exist, a default severity and a remedy."""

import enum
from dataclasses import dataclass
from typing import Self


class Severity(enum.StrEnum):
    """How serious a problem is: an error stops the command, a warning is only shown."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class RuleText:
    """A row of the registry: `meaning` is a sentence, `remedy` a clause that can follow a semicolon.

    `severity` is the default one, None where it depends on the case. `remedy` is "" where only the message knows it.
    `silenceable`: `allow:` and a changed severity have an effect. `soft`: the rule is only a warning for responses that
    a plan does not write. `needs_live`: it compares with the API, so `validate` cannot check it. `reads_aws`: for
    another reason, only commands that read AWS report it.
    """

    id: str
    meaning: str
    severity: Severity | None = None
    remedy: str = ""
    silenceable: bool = False
    soft: bool = False
    needs_live: bool = False
    reads_aws: bool = False


class Rule(enum.StrEnum):
    """A registered rule; its families are closed enumerations, so an unregistered id cannot be constructed.

    A rule is its id wherever text is needed: in JSON, in `allow:`, in a sort key.
    """

    _text: RuleText

    def __new__(cls, text: RuleText) -> Self:
        """Make the rule of a row."""
        rule = str.__new__(cls, text.id)
        rule._value_ = text.id
        rule._text = text  # noqa: SLF001 - this is its constructor
        return rule

    @classmethod
    def of(cls, value: str) -> Self:
        """Return the family's rule of this name.

        Raises:
            ValueError: the family has no such rule.
        """
        rule = cls._value2member_map_.get(value)
        if not isinstance(rule, cls):
            raise ValueError(f"{value!r} is not a {cls.__name__}")  # noqa: TRY004 - of the right type, and unknown
        return rule

    @property
    def id(self) -> str:
        """The id that users see, look up and grade."""
        return self.value

    @property
    def family(self) -> str:
        """The name of its family: `lint`, `input`, `run`, `guard` or `result`."""
        return type(self).__name__.removesuffix("Rule").lower()

    @property
    def names(self) -> tuple[str, ...]:
        """What messages and options call the rule, and its id."""
        return tuple(dict.fromkeys((self.value, self.id)))

    @property
    def needs_aws(self) -> bool:
        """Whether it is only reported by commands that read AWS."""
        return self.needs_live or self._text.reads_aws

    @property
    def meaning(self) -> str:
        """What a problem of this rule is, as a sentence."""
        return self._text.meaning

    @property
    def remedy(self) -> str:
        """What to do about it in general; "" where only the message knows."""
        return self._text.remedy

    @property
    def severity(self) -> Severity | None:
        """The default severity; None where it depends on the case."""
        return self._text.severity

    @property
    def silenceable(self) -> bool:
        """Whether `allow:` and the configuration's `lint:` have an effect on it."""
        return self._text.silenceable

    @property
    def soft(self) -> bool:
        """Whether it is only a warning for responses that a plan does not write."""
        return self._text.soft

    @property
    def needs_live(self) -> bool:
        """Whether it compares with the API, so that `validate` cannot check it."""
        return self._text.needs_live


def require_rule(value: object) -> None:
    """Refuse what is not a registered rule.

    Raises:
        TypeError: for any other value, a plain string too.
    """
    if not isinstance(value, Rule):
        raise TypeError(f"{value!r} is not a registered rule; see reconciler.rules")
