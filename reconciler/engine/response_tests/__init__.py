"""test: run the response tests of manifests offline.

    run         documents with tests -> results, for each environment
    defaults    the defaults of a document merged under a test
    prepare     a test -> the call, the backend's answer and what is expected; the problems of tests that cannot run
    compare     what the client gets against what is expected
    goldens     expected bodies in files, written on request
    coverage    responses that no test selects, branches of templates that no test takes

What a client gets is worked out by `mapping.answer`. AWS is not called.
"""
