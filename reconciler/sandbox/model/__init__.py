"""API Gateway's control plane as a strict, deterministic state machine: no network, no moto, no boto3, no clock.

Promise: `ControlPlane.call(operation, **parameters)` takes and gives plain dicts in the shape that boto3 takes and
gives (so listings are under `items`; dates are seconds since the epoch), and refuses what AWS refuses, with AWS's code,
status and text. Answers share structure with the state: read them, do not change them.

Where the behaviour comes from: recorded answers of the real service, else the Developer Guide and API Reference, else
what users report. What rests on less says so at its place.

    plane          ControlPlane: call log, faults, lock | World: one plane per account and region
    faults         what tests can make go wrong
    apis, methods, integrations, responses, deployments, stages, export     the operations of v1 (REST), by topic
    v2           the operations of v2 (WebSocket and HTTP APIs)
    patches        lists of patch operations, by tables of paths
    mappings       which parameter mappings and content types are accepted
    shapes         what is refused before anything is looked up
    state          what is stored, and how it is found
    errors         AWS's error answers
"""
