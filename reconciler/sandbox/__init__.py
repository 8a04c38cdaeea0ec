"""A local AWS: the strict model, the in-memory cloud of tests and demo, the server that boto3 can talk to, the seed.

Promise: importing this package imports neither moto nor flask nor boto3; only `reconciler.sandbox.server` needs the
`sandbox` extra, and only once it serves.

    model      API Gateway as a strict, deterministic state machine in plain Python
    gateway    Reader, Writer and Cloud over the model, in one process, without a network
    building   whole APIs by ordinary calls: for the seed, for tests, for measuring
    seed       the APIs that a fresh sandbox holds; those that are not REST in seed_chat
    demo       what the guided tour shows
    server     a local AWS on loopback; a command run against it
    web        its HTTP server: the model in front, moto's server behind it for STS and everything else
    wire       requests to operations of the model, outcomes to responses
    paths      verbs and paths of both versions
"""
