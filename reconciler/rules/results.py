"""What reports say about responses and stages: the results of plans, reviews, comparisons, applies and deployments."""

from reconciler.rules.rule import Rule, RuleText


class ResultRule(Rule):
    """A result as `COMMAND/RESULT`; `ResultRule.of(f"apply/{result}")` looks one up."""

    PLAN_CREATE = RuleText("plan/create", "An apply would create an integration response.", reads_aws=True)
    PLAN_UPDATE = RuleText("plan/update", "An apply would update an integration response.", reads_aws=True)
    PLAN_DELETE = RuleText("plan/delete", "An apply would delete an integration response.", reads_aws=True)
    PLAN_DEFERRED = RuleText("plan/deferred", "A response is deferred until its method exists.", reads_aws=True)
    REVIEW_CREATE = RuleText("review/create", "The change adds an integration response to the manifests.")
    REVIEW_UPDATE = RuleText("review/update", "The change alters an integration response in the manifests.")
    REVIEW_DELETE = RuleText(
        "review/delete", "The change removes an integration response from the manifests: an apply would delete it."
    )
    REVIEW_RELEASE = RuleText(
        "review/release", "The manifests no longer manage an integration response: it stays as it is in AWS."
    )
    DRIFT_CHANGED = RuleText("drift/changed", "A response in AWS differs from the manifest.", reads_aws=True)
    DRIFT_MISSING = RuleText("drift/missing", "A response of the manifest is missing in AWS.", reads_aws=True)
    DRIFT_UNEXPECTED = RuleText(
        "drift/unexpected", "AWS has a response or method that no manifest declares.", reads_aws=True
    )
    DRIFT_IGNORED = RuleText(
        "drift/ignored", "An ignore rule leaves out differences between AWS and the manifest.", reads_aws=True
    )
    DRIFT_NOT_REMEDIATED = RuleText(
        "drift/not-remediated", "Drift was found, but the manifests were not applied.", reads_aws=True
    )
    COVERAGE_UNCOVERED = RuleText("coverage/uncovered", "No manifest addresses an API.", reads_aws=True)
    COVERAGE_UNLISTED = RuleText(
        "coverage/unlisted", "No manifest lists a method of an API that manifests address.", reads_aws=True
    )
    BREAKING = RuleText("effect/breaking", "A change may break clients, as a response test shows.")
    TEST_FAILED = RuleText("test/failed", "A client would not get what a response test expects.")
    TEST_UNKNOWN = RuleText("test/unknown", "What a response test expects cannot be known without AWS.")
    APPLY_REFUSED = RuleText(
        "apply/refused", "AWS changed between the plan and its approval: nothing was written.", reads_aws=True
    )
    APPLY_APPLIED = RuleText("apply/applied", "The write succeeded.", reads_aws=True)
    APPLY_SKIPPED = RuleText(
        "apply/skipped", "AWS already had the desired state, so nothing was written.", reads_aws=True
    )
    APPLY_FAILED = RuleText("apply/failed", "AWS refused the write.", reads_aws=True)
    APPLY_UNKNOWN = RuleText(
        "apply/unknown", "The answer to a write was lost, and its result is unknown.", reads_aws=True
    )
    APPLY_NOT_RUN = RuleText(
        "apply/not-run", "The write was not tried because an earlier one failed or the run was stopped.", reads_aws=True
    )
    APPLY_VERIFIED = RuleText(
        "apply/verified", "After an apply, AWS differs from the manifests or could not be read.", reads_aws=True
    )
    DEPLOY_FAILED = RuleText("deploy/failed", "AWS refused a deployment.", reads_aws=True)
    DEPLOY_UNKNOWN = RuleText(
        "deploy/unknown", "The answer to a deployment was lost, and its result is unknown.", reads_aws=True
    )
    DEPLOY_NOT_RUN = RuleText("deploy/not-run", "A deployment was not tried.", reads_aws=True)
    DEPLOY_UNVERIFIED = RuleText(
        "deploy/unverified", "A deployment was made, but the stage was not confirmed to serve it.", reads_aws=True
    )
