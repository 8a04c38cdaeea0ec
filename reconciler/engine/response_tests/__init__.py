"""test: run the response tests of manifests, offline and, with --live, in AWS.

    run         documents with tests -> results, for each environment
    defaults    the defaults of a document merged under a test
    prepare     a test -> the call, the backend's answer and what is expected; the problems of tests that cannot run
    compare     what the client gets against what is expected
    goldens     expected bodies in files, written on request
    coverage    responses that no test selects, branches of templates that no test takes

    live             the methods of drafts called in AWS: what is called, and the results
    live_calls       a test -> a test call, or why it cannot be called
    replay           what the offline pipeline gives for what AWS had, as its execution log shows it
    live_causes      five answers -> what differs, and why
    live_result      what a live test comes to
    sandbox_backends tests play the backends of a sandbox

What a client gets is worked out by `mapping.answer`. Only `live` calls AWS.
"""
