"""The adapter to the real API Gateway: `reconciler.ports` kept with boto3.

Promise: importing this package costs nothing; `reconciler.aws.session` has the way in (`AwsCloud`), and boto3 itself is
imported at the first `connect`. Only in here is boto3 known. The way of a call::

    session              the way in: who are we, where, and one connection for each
    rest_* | websocket_* reader and writer of each kind of API: what is asked, in normal form
    paging | together    lists in pages | several calls at once
    line | clients       a client with its door | boto3's sessions and clients, set up for us
    settings             proxies, endpoints, certificates, retries: checked before anything is sent
    credentials          boto3's providers of credentials behind one door
    sources | programs   what a source is called, and why it failed | a credential_process
    prompts              the question for an MFA code
    door                 pace -> send -> translate -> again?      (every call, STS included)
    phases               whether a try has sent its request yet
    pacing               token buckets per account and region, for both kinds of API together
    translate            what boto3 raises -> reconciler.errors, and whether a repeat can help
    failures             the tables for that
    guards | answers     readers send only GET, answers are whole JSON | what an answer must have to be believed
    calls                how a call is named in messages, and what its repetition would do
    operations           all that may be called: what IAM calls it, and what for
    permissions          the IAM policy that this makes
    regions              what is known of a region without asking anybody
"""
