"""API Gateway's control plane as a strict, deterministic state machine: no network, no moto, no boto3.

`ControlPlane.call(operation, **parameters)` takes and returns plain dicts in boto3's shape (listings under `items`,
dates as seconds since the epoch), and refuses what AWS refuses, with AWS's code, status and text. Results share
structure with the state: read them, do not change them.

The behaviour comes from recorded answers of the real service, else from the Developer Guide and API Reference, else
from users' reports. Anything that rests on less is marked where it is defined.

    plane          ControlPlane: call log, faults, lock | SimulatedAws: one plane per account and region
    faults         failures that tests can inject
    event_log      the writes, as CloudTrail shows them
    quotas         token buckets, if calls are to be throttled as AWS does
    apis, methods, integrations, responses, deployments, stages, export     the operations of v1 (REST), by topic
    invocations    TestInvokeMethod of v1, with the pipeline of `reconciler.mapping` | execution_log: its log
    definitions    models, request validators, gateway responses
    v2             the operations of v2 (WebSocket and HTTP APIs)
    patches        lists of patch operations, applied with tables of paths
    mappings       which parameter mappings and content types are accepted
    backends       which backends an integration accepts
    shapes         checks that come before any lookup
    state          what is stored, and lookups in it
    errors         AWS's error responses
"""
