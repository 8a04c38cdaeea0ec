"""What stops or limits a run: AWS and the way to it, journals, saved plans, the history of git, stages."""

from reconciler.rules.rule import Rule, RuleText, Severity


class RunRule(Rule):
    """A failure, or a limit of what the run could find out."""

    FAILED = RuleText("failed", "The command could not continue.")
    REFUSED = RuleText("refused", "A safety rule stopped the command.")
    INTERRUPTED = RuleText("interrupted", "The run was stopped before it had read everything.", reads_aws=True)
    TIMED_OUT = RuleText("timed-out", "The time that --timeout or --target-timeout allows is over.", reads_aws=True)
    JOURNAL = RuleText("journal", "The journal of a run cannot be written, or its contents are invalid.")
    PLAN_FILE = RuleText("plan-file", "The file is not a saved plan that can be applied.")
    REPORT = RuleText("report", "A file is not a report that can be merged, or does not belong to the others.")
    NOT_WRITTEN = RuleText("not-written", "A file could not be written.")
    HISTORY = RuleText(
        "history", "The history of drift runs could not be read or written.", Severity.WARNING, reads_aws=True
    )
    NOTIFICATION = RuleText(
        "notification", "A notification about drift could not be delivered.", Severity.WARNING, reads_aws=True
    )

    AWS = RuleText("aws", "A call to AWS failed.", reads_aws=True)
    CREDENTIALS = RuleText("credentials", "There are no AWS credentials, or AWS does not accept them.", reads_aws=True)
    AWS_SETTINGS = RuleText("aws-settings", "The settings of the AWS SDK are invalid.", reads_aws=True)
    ACCESS_DENIED = RuleText(
        "access-denied", "The credentials lack a permission that the command needs.", reads_aws=True
    )
    THROTTLED = RuleText("throttled", "AWS still throttled the calls after the last retry.", reads_aws=True)
    UNREACHABLE = RuleText("unreachable", "No connection to AWS could be made.", reads_aws=True)
    UNREADABLE_ANSWER = RuleText(
        "unreadable-answer", "A response is cut off, or does not come from API Gateway.", reads_aws=True
    )
    SHORTENED = RuleText(
        "shortened",
        "A part of the report was left out, because all of it is too large.",
        Severity.WARNING,
        reads_aws=True,
    )
    API_NOT_FOUND = RuleText(
        "api-not-found", "The API of a manifest does not exist, or its name is not unique.", reads_aws=True
    )
    WRONG_PROTOCOL = RuleText(
        "wrong-protocol", "The API is an HTTP API, which has no integration responses.", reads_aws=True
    )
    MANAGED_BY_STACK = RuleText(
        "managed-by-stack",
        "The API belongs to a CloudFormation stack, which may revert what is applied.",
        Severity.WARNING,
        needs_live=True,
    )
    PATTERN_TAKEN = RuleText(
        "pattern-taken",
        "A response that the plan keeps holds the selection pattern that another one needs.",
        Severity.ERROR,
        needs_live=True,
    )

    UNKNOWN_STAGE = RuleText("unknown-stage", "The API has no stage of that name.", reads_aws=True)
    NO_STAGE = RuleText("no-stage", "A manifest declares no stage to deploy to.", Severity.WARNING, reads_aws=True)
    NO_STAGES = RuleText("no-stages", "No stage to deploy to was named.")
    AUTO_DEPLOY = RuleText(
        "auto-deploy", "A stage deploys every change automatically.", Severity.WARNING, reads_aws=True
    )
    UNDEPLOYED = RuleText(
        "undeployed", "A deployment would publish changes that belong to no manifest.", Severity.WARNING, reads_aws=True
    )
    DEPLOYED_UNKNOWN = RuleText("deployed-unknown", "What a stage serves is unknown.", Severity.WARNING, reads_aws=True)
    DEPLOYMENT_GONE = RuleText(
        "deployment-gone", "The deployment that a stage served before the run no longer exists.", reads_aws=True
    )
    NOT_COMPARED = RuleText(
        "not-compared",
        "Part of a stage cannot be compared with the draft, so a deployment may publish more than is shown.",
        Severity.WARNING,
        reads_aws=True,
    )
    NOTHING_BEFORE = RuleText(
        "nothing-before",
        "A stage served nothing before the run, so it cannot be rolled back.",
        Severity.WARNING,
        reads_aws=True,
    )

    NO_BASE = RuleText(
        "no-base",
        "A guard rule needs the causes of changes, and no --base was given.",
        Severity.WARNING,
        reads_aws=True,
    )
    NO_MERGE_BASE = RuleText(
        "no-merge-base", "The local git history does not reach back to the merge base.", Severity.WARNING
    )
    NOTHING_AT_BASE = RuleText(
        "nothing-at-base", "There is nothing at the base that a review could compare with.", Severity.WARNING
    )
    BROKEN_BASE = RuleText("broken-base", "The manifests at the base of the review have errors.", Severity.WARNING)
    UNKNOWN_CAUSE = RuleText(
        "unknown-cause",
        "The base does not show whether a change comes from the branch or reverts a change made in AWS.",
        Severity.WARNING,
        reads_aws=True,
    )
    RELEASED = RuleText(
        "released",
        "Manifests at the base listed methods that no manifest lists now: they stay as they are.",
        Severity.WARNING,
    )
    SETS_ALONE = RuleText(
        "sets-alone", "Response sets are reviewed without the manifests that use them.", Severity.WARNING
    )

    @property
    def severity(self) -> Severity:
        """The severity: an error, unless the rule says otherwise."""
        return self._text.severity or Severity.ERROR
