"""The rules by which the guard refuses a plan, a deployment or a rollback."""

from typing import Final

from reconciler.rules.rule import Rule, RuleText

_PREFIX: Final = "guard/"


class GuardRule(Rule):
    """The guard's rules; `--force` takes these names, reports show them as `guard/NAME`."""

    MAX_DELETE = RuleText(
        "maxDelete", "The plan deletes more than the limit of an API's listed responses (30 %, from 10 responses up)."
    )
    MAX_UPDATE = RuleText(
        "maxUpdate", "The plan updates more than the limit of an API's listed responses (50 %, from 10 responses up)."
    )
    EMPTY_METHOD = RuleText("emptyMethod", "The plan removes all responses of a method.")
    DEFAULT_REMOVED = RuleText("defaultRemoved", "The plan removes the default response of a method.")
    PROTECT = RuleText(
        "protect",
        "The plan deletes a protected response.",
        remedy="remove `protect: true` from the manifest in a separate change",
    )
    EMPTY_SET = RuleText("emptySet", "No manifest was found, so the plan is empty.")
    REVERTS_LIVE = RuleText(
        "revertsLive",
        "The plan reverts changes made directly in AWS, and the configuration sets `revertsLive: refuse`.",
    )
    BREAKING = RuleText(
        "breaking",
        "The plan breaks clients, as response tests show, and the configuration sets `breaking: refuse`.",
    )
    PUBLISHES_OTHERS = RuleText(
        "publishesOthers",
        "A deployment would publish changes that are not part of the plan.",
        remedy="check with the authors of these changes; to publish them too, add --publish-all",
    )
    UNKNOWN_STAGE = RuleText(
        "unknownStage",
        "The stage to deploy to does not exist.",
        remedy="check `deploy.stages` and --stage; reconciler does not create stages",
    )
    ACTIVE_CANARY = RuleText(
        "activeCanary",
        "The stage to deploy to has an active canary.",
        remedy="promote or end the canary first",
    )
    UNDEPLOYABLE = RuleText(
        "undeployable",
        "AWS would refuse the deployment because a method has no integration.",
        remedy="give the method an integration or delete it, or run without --deploy",
    )
    CHANGED_SINCE = RuleText("changedSince", "A rollback would overwrite changes made after the run.")

    @property
    def id(self) -> str:
        """The id in reports: `guard/NAME`."""
        return f"{_PREFIX}{self.value}"

    @property
    def needs_aws(self) -> bool:
        """Whether it is only reported by commands that read AWS: plans compare with it."""
        return self is not GuardRule.EMPTY_SET

    @property
    def can_be_forced(self) -> bool:
        """Whether `--force` waives it."""
        return not self._text.remedy

    @property
    def waived_by(self) -> str:
        """The option that waives it; "" for a rule that nothing waives."""
        if self is GuardRule.PUBLISHES_OTHERS:
            return "--publish-all"
        return "--force" if self.can_be_forced else ""

    @property
    def remedy(self) -> str:
        """What to do about a plan that it refuses."""
        return self._text.remedy or f"check the plan; if this is intended, add --force {self}"
