"""YAML as text: parse it with positions, edit it in place, write it.

    events     the parser's events, and the choice of the parser (`surrogates`: escapes that JSON has and YAML has not)
    parse      bytes -> trees of `nodes` (`scalars`: the values of plain texts, `syntax`: the parser's errors explained)
    spans      where each value of a text begins and ends
    edit       changes values and leaves all else byte for byte (`splice`, `flow`, `styles`, `tree_changes`)
    layout     one layout for a text that keeps its meaning (`layout_lines`, `_marks`, `_scalars`, `_order`)
    emit       values -> YAML, with ruamel.yaml's emitter

Only this package imports a YAML library.
"""
