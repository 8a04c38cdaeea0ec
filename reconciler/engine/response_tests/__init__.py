"""test: run the response tests of manifests, offline and, with --live, in AWS.

    run             documents with tests -> results, for each environment; `processes`: in several processes
    collect         the tests that can run, and the problems of the others
    prepare         a test -> an exchange (`exchanges`) and what is expected (`expectations`), with its `bodies`
    defaults        the defaults of a document merged under a test
    sources         a test, where it is written
    results         what a client gets for a test; `compare`: whether it is as expected
    goldens         expected bodies in files, written on request
    coverage        responses that no test selects, branches of templates that no test takes
    document        all of it as JSON

    live             the methods of drafts called in AWS: what is called, and the results
    live_calls       a test -> a test call, or why it cannot be called
    replay           what the offline pipeline gives for what AWS had, as its execution log shows it
    live_causes      five answers -> what differs, and why
    live_result      what a live test comes to
    sandbox_backends tests play the backends of a sandbox

What a client gets is worked out by `mapping.answer`. Only `live` calls AWS.
"""
