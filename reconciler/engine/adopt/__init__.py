"""adopt: write drift into the manifests.

    adopt      the command: drift -> proposal -> files
    choices    the questions about findings, and the answers: what to adopt and what not
    propose    findings -> `proposal`; tries the new files out in memory, and shows them with `overlay_files`
    rewrite    the edits of many findings -> file contents; `manifest_edits` has those of one response

`references` finds what else uses a set or a template; `consensus` refuses a change unless all of it drifted alike.
"""
