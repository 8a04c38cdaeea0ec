"""A local AWS: the strict model, the in-memory cloud of tests and demo, the server that boto3 can talk to, the seed.

Promise: importing this package imports neither moto nor flask nor boto3; only `reconciler.sandbox.server` needs the
`sandbox` extra, and only once it serves.

    model      API Gateway as a strict, deterministic state machine in plain Python
    gateway    Reader, Writer and Cloud over the model, in one process, without a network
    seed       the APIs that a fresh sandbox holds
    server     the model on a loopback port, with moto's server behind it for STS and everything else
"""
