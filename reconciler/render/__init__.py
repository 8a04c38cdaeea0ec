"""Formats: text for people, and the files that other tools read. JSON documents are in `reconciler.documents`.

    style, sections, values    colours and escaping | the tree of lines that reports are | field values and differences
    comment, markdown          a report as a Markdown comment | pieces of Markdown that no content can break out of
    html                       a report as a page
    remarks, github, sarif     messages about places in files | as GitHub workflow commands | as SARIF
    junit                      test cases as JUnit XML
    code_spans, logs           code within sentences | keeping CI runners from reading commands in the output

Everything here is a pure function that returns `str`: nothing prints, and nothing knows an exit code or a command's
result. Text from outside, live state and manifests alike, reaches every format through `printable` only, so no control
character and no bidirectional override gets through. The last line of a text is its summary. A part that is added to a
report's sections appears in every format that people read.
"""
