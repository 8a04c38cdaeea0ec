"""A drift report of a fleet with something of everything: three environments, six APIs, stages, errors, history."""

from dataclasses import replace
from typing import Final

from reconciler.diagnostics import Diagnostic, Location, warning
from reconciler.diff import FieldChange
from reconciler.engine.deploy.compare_stages import StageFailure
from reconciler.engine.drift.result import Drift
from reconciler.engine.read.connect import ReadFailure
from reconciler.errors import AccessDenied, ApiNotFound
from reconciler.findings import Finding, InSync, StageDrift, TargetDrift, Type
from reconciler.fleet.ages import Age, Ages, Resolved
from reconciler.fleet.blame import AwsChange, Blame
from reconciler.fleet.coverage import CoverageCount
from reconciler.fleet.facts import FleetFacts
from reconciler.fleet.fingerprint import fingerprint
from reconciler.fleet.ignored import IgnoredResponses
from reconciler.fleet.run_facts import RunFacts
from reconciler.fleet.trend import TrendPoint
from reconciler.models.desired import ManifestRef
from reconciler.models.keys import IntegrationKey, MethodKey, ResponseKey, Scope
from reconciler.models.targets import ApiRef, Kind, Target
from reconciler.ports import Usage
from reconciler.rules import LintRule, RunRule

NOW: Final = "2026-11-30T06:00:00Z"
ENVIRONMENTS: Final = {
    "dev": ("111111111111", "eu-west-1"),
    "stage": ("222222222222", "eu-west-1"),
    "prod": ("333333333333", "us-east-1"),
}
MANIFESTS: Final = ("catalog", "orders", "users", "billing", "search", "chat")
METHODS: Final = tuple(
    MethodKey(path, verb)
    for path in ("/items", "/items/{itemId}", "/items/{itemId}/reviews", "/carts")
    for verb in ("GET", "PUT", "POST", "DELETE")
)
HEADER: Final = "responseParameters.method.response.header.Access-Control-Allow-Origin"
OF_SET: Final = FieldChange(HEADER, "'*'", "'https://shop.example'")
"""What somebody changed in AWS on every method of a set."""

TEMPLATE: Final = "\n".join(
    [
        "#set($root = $input.path('$'))",
        "#set($items = $root.items)",
        "{",
        *(f'  "field{number}": "$root.field{number}",' for number in range(22)),
        '  "total": $items.size(),',
        '  "items": [',
        '    #foreach($item in $items){"id": "$item.id"}#if($foreach.hasNext),#end#end',
        "  ]",
        "}",
    ]
)
"""Thirty lines."""

EDITED: Final = (
    TEMPLATE.replace("$root.field7", "$root.fieldSeven")
    .replace('  "total": $items.size(),', '  "total": $items.size(),\n  "debug": "$context.requestId",')
    .replace('  "field20": "$root.field20",\n', "")
)


def target_of(environment: str, manifest: str) -> Target:
    """An API of the fleet."""
    account, region = ENVIRONMENTS[environment]
    kind = Kind.WEBSOCKET_API if manifest == "chat" else Kind.REST_API
    return Target(account, region, f"{manifest[:4]}{environment}", kind, f"{manifest}-{environment}", environment)


def finding(manifest: str, scope: Scope, code: str, type_: Type, *changes: FieldChange, note: str = "") -> Finding:
    """A finding, written somewhere in the manifest."""
    key = ResponseKey(scope, code)
    return Finding(
        type_, f"{manifest}: {key}", key, changes, manifest, "response", note, Location(f"{manifest}.yaml", 12, 9)
    )


def of_api(environment: str, manifest: str, *findings: Finding, in_sync: int = 9, unmanaged: int = 0) -> TargetDrift:
    """What was found of one API."""
    where = Location(f"{manifest}.yaml", 3, 1)
    synced = tuple(InSync(ResponseKey(METHODS[0], str(500 + number))) for number in range(in_sync))
    return TargetDrift(
        target_of(environment, manifest),
        (ManifestRef(manifest, ApiRef(name=f"{manifest}-{environment}"), location=where),),
        findings,
        synced,
        unmanaged,
    )


def set_change(manifest: str, change: FieldChange = OF_SET) -> tuple[Finding, ...]:
    """The same change of sixteen methods."""
    return tuple(finding(manifest, scope, "200", Type.CHANGED, change) for scope in METHODS)


def _targets(words: str) -> tuple[TargetDrift, ...]:
    template = "responseTemplates.application/json"
    edited = EDITED.replace("debug", f"debug{words}")
    changed = finding("orders", METHODS[5], "404", Type.CHANGED, FieldChange(template, edited, TEMPLATE))
    pattern = finding(
        "users", METHODS[1], "409", Type.CHANGED, FieldChange("selectionPattern", rf"4\d\d{words}", "409.*")
    )
    extra = finding("users", METHODS[1], "418", Type.UNEXPECTED, FieldChange("selectionPattern", ".*teapot.*", None))
    gone = [
        finding("billing", METHODS[8], code, Type.MISSING, note="the API has no path /items/{itemId}/reviews")
        for code in ("200", "400", "404", "500")
    ]
    lone = finding("search", METHODS[0], "503", Type.MISSING, FieldChange(template, None, "{}"))
    message = finding(
        "chat",
        IntegrationKey("sendMessage", "int1"),
        "$default",
        Type.CHANGED,
        FieldChange("templateSelectionExpression", "$default", "${integration.response.statuscode}"),
    )
    return (
        of_api("dev", "catalog", *set_change("catalog"), unmanaged=2),
        of_api("dev", "orders", *set_change("orders"), changed),
        *(of_api("dev", manifest) for manifest in ("users", "billing", "search")),
        of_api("dev", "chat", message, in_sync=3),
        *(of_api("stage", manifest, in_sync=24) for manifest in ("catalog", "orders", "users")),
        of_api("stage", "billing", *gone),
        of_api("stage", "search", lone),
        of_api("stage", "chat", in_sync=4),
        of_api("prod", "catalog", *set_change("catalog"), in_sync=120),
        of_api("prod", "orders", changed, in_sync=14, unmanaged=12),
        of_api("prod", "users", pattern, extra),
        of_api("prod", "chat", in_sync=4),
    )


def _facts(targets: tuple[TargetDrift, ...], words: str) -> FleetFacts:
    names = [fingerprint(each.target, found) for each in targets for found in each.findings]
    ages = {
        name: Age("new", NOW) if number % 3 == 1 else Age("known", f"2026-11-{10 + number % 18}T06:00:00Z")
        for number, name in enumerate(names)
    }
    writes = (
        AwsChange(
            "2026-11-29T17:41:09Z",
            f"arn:aws:sts::111111111111:assumed-role/developer/sam{words}",
            "UpdateIntegrationResponse",
            "203.0.113.7",
            "console.amazonaws.com",
            "GET /items 200",
        ),
        AwsChange("2026-11-28T08:02:00Z", "arn:aws:iam::111111111111:user/deploy", "ImportRestApi", "203.0.113.9"),
    )
    blames = {
        name: Blame(writes[: 1 + number % 2]) if number < 30 else Blame((), f"no event{words} in the last 90 days")
        for number, name in enumerate(names)
    }
    resolved = (
        Resolved(
            "r1",
            "changed",
            f"search: GET /items 200{words}",
            "prod",
            "333333333333",
            "us-east-1",
            "2026-11-02T06:00:00Z",
        ),
        Resolved(
            "r2", "missing", "users: GET /items 404", "dev", "111111111111", "eu-west-1", "2026-11-28T06:00:00Z", "live"
        ),
    )
    ignored = (
        IgnoredResponses(
            "catalog: * /items/** 404",
            ("responseTemplates",),
            f"team shop, TICKET-1{words}",
            "2027-01-31",
            "prod",
            "us-east-1",
            ("catalog: GET /items 404",),
            Location("reconciler.yaml", 20, 5),
        ),
        IgnoredResponses("users: * * 5*", (), "moves to another API", None, "dev", "eu-west-1", ()),
    )
    trend = tuple(
        TrendPoint(
            f"2026-{10 + day // 30:02}-{1 + day % 30:02}T06:00:00Z", day * 7 % 23, day % 5, day % 3, day % 7 == 0
        )
        for day in range(45)
    )
    return FleetFacts(
        RunFacts(74.25, Usage(1204, 3)),
        ignored,
        Ages(ages, resolved, "2026-11-29T06:00:00Z"),
        blames,
        CoverageCount(44, 41),
        None,
        "sha256:0123456789ab",
        trend=trend,
    )


def _problems(words: str) -> tuple[Diagnostic, ...]:
    return (
        *(
            warning(
                LintRule.REMAPPED_HEADER,
                f"API Gateway renames the header {name}",
                "use another name",
                Location("catalog.yaml", 40, 9),
            )
            for name in ("Date", "Server", f"Via{words}")
        ),
        warning(
            RunRule.DEPLOYED_UNKNOWN,
            "chat (prod, us-east-1): stage live: what it serves is unknown",
            "deploy it: reconciler deploy samples/chat --stage live",
            Location("chat.yaml", 1, 1),
        ),
    )


def fleet_drift(words: str = "") -> Drift:
    """The report; `words` are in texts of every kind."""
    targets = _targets(words)
    catalog, chat = targets[12], targets[-1]
    served = replace(catalog, findings=(*catalog.findings[:4], finding("catalog", METHODS[2], "404", Type.MISSING)))
    denied = AccessDenied(f"not allowed to call GetResources{words}", "allow apigateway:GET: reconciler iam-policy")
    gone = ApiNotFound("the API a1b2c3 does not exist", "correct spec.api")
    account, region = ENVIRONMENTS["prod"]
    return Drift(
        targets,
        (
            ReadFailure(("billing",), denied, Location("billing.yaml", 3, 1), "prod", region, account),
            ReadFailure(("search",), denied, Location("search.yaml", 3, 1), "prod", region, account),
            ReadFailure((f"legacy{words}",), gone, None, "stage", "eu-west-1"),
        ),
        _problems(words),
        NOW,
        (
            StageDrift("live", served),
            StageDrift(
                "live",
                replace(chat, findings=()),
                "the listed responses of the draft have changed since the last deployment",
            ),
        ),
        (StageFailure("beta", ReadFailure(("users",), gone, None, "prod", region, account)),),
        _facts(targets, words),
    )
