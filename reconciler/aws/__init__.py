"""The adapter to the real API Gateway: `reconciler.ports` implemented with boto3.

Importing this package costs nothing: `reconciler.aws.session` is the entry point (`AwsCloud`), and boto3 itself is
imported at the first `connect`. No other package knows boto3. The path of a call::

    session                entry point: finds out the account, opens one connection per account and region
    rest_* | websocket_*   reader and writer for each kind of API: which calls are made, results in normal form
    rest_invoker           test calls of methods
    trail                  the event history: who wrote to an API
    paging                 paginated lists
    websocket_client       a client with its caller, created at the first call
    clients                the clients of a profile, or of a role that it assumes
    client_factory         boto3's sessions and clients with our configuration, each created once
    role_credentials       which role signs a call: all roles of a profile share its clients
    settings               proxies, endpoints, certificates, retries: checked before anything is sent
    credentials            boto3's credential providers, with every error wrapped
    sources | programs     what a credential source is called and why it failed | a credential_process
    prompts                the prompt for an MFA code
    retry                  rate limit -> send -> classify -> retry?      (every call, STS included)
    phases                 whether an attempt has sent its request yet
    rate_limit             token buckets per account and region, shared by both kinds of API
    token_bucket           one bucket, whose rate shrinks when AWS throttles, and recovers
    translate              boto3's exceptions -> reconciler.errors, and whether a retry can help
    failures               the tables for that
    readonly               hooks: what each client may send, and that responses are complete JSON
    response_checks        what a response must contain to be accepted
    calls                  how messages name a call, and whether it is safe to repeat
    operations             every operation that may be called: its IAM action and its purpose
    permissions            the IAM policy derived from that table
    regions | endpoints    what is known about a region offline | whether calls go to AWS itself
    s3_history | sns       the history of drift runs in a bucket | notifications to a topic
"""
