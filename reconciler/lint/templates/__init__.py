"""Check mapping templates: their syntax, references, conditions, quotes, and whether they can give JSON.

`plain` spares most templates the parser, `check` parses the others; `scope` says what variables hold, `sketch` what a
template can print, and the other modules have the rules. Nothing here knows the desired state: a finding has its place
in the text of the template, and `violations` puts it into its file.
"""
