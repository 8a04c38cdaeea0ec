r"""Recognize templates that need no closer look, which most templates are, without the parser.

`is_plain` is true only for a subset of the language that no rule has anything to say about: text, references to what
API Gateway has or the template sets, assignments, loops, and `$util.escapeJavaScript(...)` with its repair. It takes
some 20 microseconds, the parser a millisecond.
"""

import re
from typing import Final

from reconciler.strict_json import is_strict_json

_NAME: Final = "[a-zA-Z][a-zA-Z0-9_]*+"
_STOP: Final = r"(?![-\[({$]|\.[a-zA-Z]|\#\#|[ \t]*+\#set)"
"""Behind a reference: neither more of it, nor what the lexer takes for something else there."""

_LITERAL: Final = r"""(?:'[^'"#\\]*+'|"(?:[^"$#\\]|\$(?=[."]))*+"|[0-9]++)"""
_MEMBERS: Final = rf"(?:\.{_NAME}(?:\(\s*+(?:{_LITERAL}\s*+(?:,\s*+{_LITERAL}\s*+)*+)?\))?)*+"
_BARE: Final = (
    rf"(?:(?:context|stageVariables)(?:\.{_NAME}(?!\())++|input\.(?:json|path|params)\({_LITERAL}\){_MEMBERS}"
    rf"|input\.body(?![a-zA-Z0-9_])|(?!(?:util|input|context|stageVariables)\b){_NAME}{_MEMBERS}){_STOP}"
)
_REFERRED: Final = rf"!?(?:\{{{_BARE}\}}{_STOP}|{_BARE})"
_REFERENCE: Final = rf"\${_REFERRED}"
_ESCAPED: Final = rf"""util\.escapeJavaScript\({_REFERENCE}\)\.replaceAll\("\\\\'",\s*"'"\){_STOP}"""
_VALUE: Final = rf"\$(?:{_ESCAPED}|{_REFERRED})"
_COMPARISON: Final = rf"{_REFERENCE}\s*+(?:==|!=|<=|>=|<|>)\s*+(?:{_REFERENCE}|{_LITERAL}|true|false)\s*+"
_CONDITION: Final = rf"\(\s*+{_COMPARISON}(?:(?:&&|\|\|)\s*+{_COMPARISON})*+\)"
_WORD_END: Final = "(?![a-zA-Z0-9_@])"
_TOKENS: Final = (
    (rf"(?<=\#)(?:\#[^\n$#\\]*+(?=\n|\Z)|set\(\s*+\${_NAME}\s*+=\s*+(?:{_VALUE}|{_LITERAL})\s*+\))", ""),
    (rf"(?<=\#)if\(\s*+\$foreach\.hasNext\s*+\)\s*+,?\s*+\#end{_WORD_END}", ""),
    (rf"(?<=\$)(?:{_ESCAPED}|{_REFERRED})", "0"),
    (rf"(?<=\#)foreach\(\s*+\${_NAME}\s++in\s++{_REFERENCE}\s*+\)", "\1"),
    (rf"(?<=\#)if{_CONDITION}", "\2"),
    (rf"(?<=\#)elseif{_CONDITION}", "\3"),
    (rf"(?<=\#)(?:else{_WORD_END}|\{{else\}})", "\4"),
    (rf"(?<=\#)(?:end{_WORD_END}|\{{end\}})", "\5"),
)
"""What a template consists of besides text, and what stands for it: nothing, a value, or a mark."""

# The first character alone lets the search skip the text between tokens ten times as fast
_TOKEN: Final = re.compile("[$#](?:{})".format("|".join(f"({token})" for token, _ in _TOKENS)))
_STAND_INS: Final = ("", *(stand_in for _, stand_in in _TOKENS))
_INNERMOST: Final = re.compile("\1([^\1-\5]*+)\5|\2([^\1-\5]*+)(?:\3[^\1-\5]*+)*+(?:\4[^\1-\5]*+)?\5")
_OTHER: Final = re.compile(r"[$#\\]")
_MARK: Final = re.compile("[\1-\5]")
_ROOTS: Final = re.compile(r"\$!?\{?([a-zA-Z][a-zA-Z0-9_]*)")
_ASSIGNED: Final = re.compile(rf"\#(?:set|foreach)\(\s*+\$({_NAME})")
_DEEPEST: Final = 20
_KNOWN: Final = frozenset({"input", "util", "context", "stageVariables", "foreach"})


def is_plain(text: str, *, is_json: bool) -> bool:
    """Whether no rule has anything to say about a template. `is_json`: its output should be JSON."""
    output = text
    if _OTHER.search(text):
        output = _TOKEN.sub(lambda found: _STAND_INS[found.lastindex or 0], text)
        if _OTHER.search(output) or not _KNOWN.union(_ASSIGNED.findall(text)).issuperset(_ROOTS.findall(text)):
            return False
    for _ in range(_DEEPEST):  # blocks from the inside out: a loop runs once, the first branch of an #if is taken
        before, output = output, _INNERMOST.sub(r"\1\2", output)
        if before == output:
            break
    return _MARK.search(output) is None and (not is_json or is_strict_json(output))
