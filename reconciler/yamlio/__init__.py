"""YAML as text: parsed with positions, edited in place, written.

    events     picks the parser of ruamel.yaml (`surrogates`: escapes that JSON has and YAML has not)
    parse      bytes -> trees with places (`scalars`: what plain texts mean, `syntax`: what the parser's errors mean)
    spans      where each value of a text begins and ends
    emit       values -> YAML, with ruamel.yaml's emitter
    edit       changes values and leaves all else byte for byte (`splice`, `flow`, `styles`, `tree_changes`)

Only this package imports a YAML library.
"""
