"""A local AWS: the strict model, the in-memory cloud for tests and demo, a server for boto3, and the seed.

Importing this package imports neither moto nor flask nor boto3; only `reconciler.sandbox.server` needs the `sandbox`
extra, and only when it serves.

    model      API Gateway as a strict, deterministic state machine in plain Python
    gateway    Reader, Writer, MethodInvoker and Cloud on the model, in one process, without a network
    trail      the event history of the same
    plane_client    calls to the model, with its errors as ours
    building   builds whole APIs with ordinary calls: for the seed, tests and benchmarks
    seed       the APIs of a fresh sandbox; seed_chat has the WebSocket and HTTP APIs
    demo       the APIs and manifests of the guided tour
    server     a local AWS on loopback, and running a command against it
    web        its HTTP server: the model in front, moto's server behind it for STS and every other service
    wire       HTTP requests to operations of the model, outcomes to HTTP responses
    paths      verbs and paths of both versions
"""
