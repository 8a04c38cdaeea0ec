"""What stops or limits a run: AWS and the way to it, journals, saved plans, the history of git, stages."""

from reconciler.rules.rule import Rule, RuleText, Severity


class RunRule(Rule):
    """A failure, or a limit of what the run could find out."""

    FAILED = RuleText("failed", "The command could not continue.")
    REFUSED = RuleText("refused", "A safety rule stopped the command.")
    INTERRUPTED = RuleText("interrupted", "The run was stopped before it had read everything.")
    TIMED_OUT = RuleText("timed-out", "The time that --timeout or --target-timeout allows is over.")
    JOURNAL = RuleText("journal", "The journal of a run cannot be written, or its contents are invalid.")
    PLAN_FILE = RuleText("plan-file", "The file is not a saved plan that can be applied.")
    REPORT = RuleText("report", "A file is not a report that can be merged, or does not belong to the others.")
    NOT_WRITTEN = RuleText("not-written", "A file could not be written.")
    HISTORY = RuleText("history", "The history of drift runs could not be read or written.", Severity.WARNING)
    NOTIFICATION = RuleText("notification", "A notification about drift could not be delivered.", Severity.WARNING)

    AWS = RuleText("aws", "A call to AWS failed.")
    CREDENTIALS = RuleText("credentials", "There are no AWS credentials, or AWS does not accept them.")
    AWS_SETTINGS = RuleText("aws-settings", "The settings of the AWS SDK are invalid.")
    ACCESS_DENIED = RuleText("access-denied", "The credentials lack a permission that the command needs.")
    THROTTLED = RuleText("throttled", "AWS still throttled the calls after the last retry.")
    UNREACHABLE = RuleText("unreachable", "No connection to AWS could be made.")
    UNREADABLE_ANSWER = RuleText("unreadable-answer", "A response is cut off, or does not come from API Gateway.")
    SHORTENED = RuleText("shortened", "A part of the report was left out, because all of it is too large.")
    API_NOT_FOUND = RuleText("api-not-found", "The API of a manifest does not exist, or its name is not unique.")
    WRONG_PROTOCOL = RuleText("wrong-protocol", "The API is an HTTP API, which has no integration responses.")
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

    UNKNOWN_STAGE = RuleText("unknown-stage", "The API has no stage of that name.")
    NO_STAGE = RuleText("no-stage", "A manifest declares no stage to deploy to.")
    NO_STAGES = RuleText("no-stages", "No stage to deploy to was named.")
    AUTO_DEPLOY = RuleText("auto-deploy", "A stage deploys every change automatically.")
    UNDEPLOYED = RuleText("undeployed", "A deployment would publish changes that belong to no manifest.")
    DEPLOYED_UNKNOWN = RuleText("deployed-unknown", "What a stage serves is unknown.")
    DEPLOYMENT_GONE = RuleText("deployment-gone", "The deployment that a stage served before the run no longer exists.")
    NOT_COMPARED = RuleText(
        "not-compared",
        "Part of a stage cannot be compared with the draft, so a deployment may publish more than is shown.",
    )
    NOTHING_BEFORE = RuleText("nothing-before", "A stage served nothing before the run, so it cannot be rolled back.")

    BASE = RuleText("base", "There was nothing at the base to compare with.")
    NO_BASE = RuleText("no-base", "A guard rule needs the causes of changes, and no --base was given.")
    NO_MERGE_BASE = RuleText("no-merge-base", "The local git history does not reach back to the merge base.")
    NOTHING_AT_BASE = RuleText("nothing-at-base", "There is nothing at the base that a review could compare with.")
    BROKEN_BASE = RuleText("broken-base", "The manifests at the base of the review have errors.")
    UNKNOWN_CAUSE = RuleText(
        "unknown-cause",
        "The base does not show whether a change comes from the branch or reverts a change made in AWS.",
    )
    RELEASED = RuleText(
        "released", "Manifests at the base listed methods that no manifest lists now: they stay as they are."
    )
    SETS_ALONE = RuleText("sets-alone", "Response sets are reviewed without the manifests that use them.")
