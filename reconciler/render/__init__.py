"""Results -> text for people, and what tools read that people look at; for programs there are `reconciler.documents`.

    plan, drift, apply, validate, adopt   a result as text, and as the parts of a report (`sections.Report`)
    problems, values                      diagnostics and refusals | field values and their differences
    style, sections                       colours, and text made harmless | the tree of lines that reports are
    comment, page                         a report as Markdown | as HTML
    markdown                              the pieces of Markdown that nothing can leave
    remarks, rules                        what is to be said of places in files | what the rules are about
    annotations, sarif                    remarks as workflow commands of GitHub | as SARIF
    cases, junit                          what was found as cases that passed or not | as XML
    logs                                  what a runner of CI jobs would take for a command

Promise: pure functions to `str`; nothing here prints or knows an exit code. Whatever comes from outside, live state and
manifests alike, reaches any format only through `printable`, so no control character and no bidirectional override
does. The last line of a text is the summary; a part that is added to a report's sections is in every format for people.
"""
