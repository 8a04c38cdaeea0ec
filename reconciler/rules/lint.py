r"""The rules of the linter: on the desired state alone, and on the desired state compared with the API.

ERROR is for what AWS refuses and for what can never work, WARNING for the rest.
"""

from reconciler.rules.rule import Rule, RuleText, Severity


def _error(id_: str, meaning: str, remedy: str, *, live: bool = False) -> RuleText:
    return RuleText(id_, meaning, Severity.ERROR, remedy, silenceable=True, soft=True, needs_live=live)


def _always(id_: str, meaning: str, remedy: str, *, live: bool = False) -> RuleText:
    """An error that nothing silences or downgrades: no plan can be made in spite of it."""
    return RuleText(id_, meaning, Severity.ERROR, remedy, needs_live=live)


def _warning(id_: str, meaning: str, remedy: str, *, live: bool = False) -> RuleText:
    return RuleText(id_, meaning, Severity.WARNING, remedy, silenceable=True, soft=True, needs_live=live)


class LintRule(Rule):
    """A rule of the linter; the names of these rules stand in `allow:` and in the configuration's `lint:`."""

    STATUS_CODE = _always(
        "status-code",
        "AWS accepts status codes from 100 to 599 only.",
        "write three digits, the first from 1 to 5",
    )
    PARAMETER_KEY = _error(
        "parameter-key",
        "A response parameter can only set a header of the method response; AWS refuses other keys.",
        "write `method.response.header.NAME`",
    )
    PARAMETER_VALUE = _error(
        "parameter-value",
        "AWS refuses a mapping that is neither a mapping expression nor static text in single quotes.",
        "write an expression such as `integration.response.header.NAME`, or static text in single quotes, "
        "as in `\"'*'\"`",
    )
    REMAPPED_HEADER = _warning(
        "remapped-header",
        "API Gateway accepts the mapping but delivers the header as `x-amzn-Remapped-NAME`.",
        "use another header, or allow remapped-header if clients read the new name",
    )
    DROPPED_HEADER = _error(
        "dropped-header",
        "API Gateway accepts the mapping but never delivers the header.",
        "remove the mapping",
    )
    REPEATED_HEADER = _warning(
        "repeated-header",
        "A header is mapped twice, in different case: clients see one name, and which value wins is undocumented.",
        "keep one of them",
    )
    HEADER_SIZE = _error(
        "header-size",
        "The response's headers exceed what API Gateway delivers (10,240 bytes of names and values).",
        "shorten the static texts",
    )
    CONTENT_TYPE = _error(
        "content-type",
        "AWS refuses a template whose key is not a content type.",
        "write a content type such as `application/json`",
    )
    CONTENT_HANDLING = _error(
        "content-handling",
        "AWS accepts only two values for content handling and for the content handling strategy.",
        "write CONVERT_TO_TEXT or CONVERT_TO_BINARY, or leave contentHandling out",
    )
    UNKNOWN_CONTENT_HANDLING = _warning(
        "unknown-content-handling",
        "The content handling is unknown. AWS may have added it recently; a plan that would write it is refused.",
        "write CONVERT_TO_TEXT or CONVERT_TO_BINARY, unless AWS itself has this value",
    )
    TEMPLATE_SIZE = _error(
        "template-size",
        "A mapping template can have up to 300 KB, in a WebSocket API 32,768 characters.",
        "make it smaller",
    )
    BINARY_TEMPLATE = _warning(
        "binary-template",
        "API Gateway answers 500 when a template runs on a payload that was converted to binary.",
        "leave the template empty, or do not convert to binary",
    )
    MERGE_CONFLICT = _error(
        "merge-conflict",
        "A template contains unresolved merge conflict markers: clients would get both sides.",
        "keep one side and remove the markers",
    )
    TEMPLATE_BOM = _warning(
        "template-bom",
        "A template begins with a byte order mark: clients receive it, and JSON parsers reject it.",
        "save the file as UTF-8 without a byte order mark",
    )
    TEMPLATE_SYNTAX = _error(
        "template-syntax",
        "The template does not parse: clients get a 500.",
        "fix the template; `reconciler render --template FILE` shows what it gives",
    )
    ALWAYS_TRUE = _warning(
        "always-true",
        "A condition tests whether a value exists by its bare reference, and only the boolean false is false: the test "
        "is also true for missing, null and empty values.",
        'compare with the empty text, as in `#if($root.Item != "") ... #end`',
    )
    UNKNOWN_HELPER = _error(
        "unknown-helper",
        "API Gateway has no such helper, such as those of AppSync: it prints nothing.",
        "use the methods of $input and $util that API Gateway has",
    )
    UNDEFINED_REFERENCE = _warning(
        "undefined-reference",
        "Nothing sets the variable, so it prints as the empty text.",
        "set it with #set, or remove it",
    )
    NO_MACROS = _error(
        "no-macros",
        "API Gateway has no macros and no other templates: #macro, #evaluate and misspelt directives print as text or "
        "vanish, #parse and #include fail.",
        "write the text where it is needed, or set it once with #set or #define",
    )
    ESCAPED_QUOTE = _error(
        "escaped-quote",
        r"In a string of a template, `\"` is a backslash and the end of the string: clients get a 500.",
        'write `""` for a quote, or put the string in single quotes',
    )
    UNESCAPED_JSON = _warning(
        "unescaped-json",
        r"An apostrophe becomes `\'` by `$util.escapeJavaScript`, which JSON does not have.",
        r"""append `.replaceAll("\\'", "'")`""",
    )
    NOT_JSON = _warning(
        "not-json",
        "The output of a template for JSON is not JSON, whatever the input.",
        "fix the JSON around the references, or use another content type",
    )
    BROKEN_PATTERN = _error(
        "broken-pattern",
        "The pattern is not a valid Java regular expression: it can never match.",
        "fix the pattern; escape special characters with a backslash",
    )
    UNVERIFIED_PATTERN = _warning(
        "unverified-pattern",
        "The pattern uses Java syntax that is not checked here; it may be right.",
        "test it against the API, then allow unverified-pattern",
    )
    PATTERN_WHITESPACE = _warning(
        "pattern-whitespace",
        "The pattern begins or ends with white space, which has to match too.",
        "remove the white space",
    )
    DOUBLED_BACKSLASH = _warning(
        "doubled-backslash",
        r"A doubled backslash matches a literal backslash: `\\d` is not a digit, so the pattern misses digits.",
        "write one backslash; YAML needs two in double quotes only",
    )
    DASH_PATTERN = _error(
        "dash-pattern",
        "AWS stores the pattern `-` as no pattern, so the response becomes the default and always shows a difference.",
        "leave selectionPattern out for the default response, or write `'[-]'`",
    )
    GLOB_PATTERN = _warning(
        "glob-pattern",
        "The pattern looks like a glob, but is a regular expression that has to match the whole text: `Invalid*` "
        "matches `Invali` and `Invaliddd`, not `Invalid request`.",
        "write .* for any text",
    )
    DEFAULT_PATTERN = _error(
        "default-pattern",
        "AWS exports the default response under the key `default`, so an export does not distinguish this pattern from "
        "no pattern: stages cannot be compared, and importing the export makes it the default response.",
        "leave selectionPattern out for the default response, or write `'[d]efault'`",
    )
    DUPLICATE_PATTERN = _always(
        "duplicate-pattern",
        "Two responses of a method have the same selection pattern, or are both the default; AWS refuses the second.",
        "give one of them another pattern, or join both conditions under one status with |",
    )
    OVERLAPPING_PATTERNS = _warning(
        "overlapping-patterns",
        "Two patterns of a method match the same text; AWS does not document which response it selects.",
        r"make the patterns disjoint, as `\[BadRequest\](\n|.)*` and `\[NotFound\](\n|.)*` are",
    )
    UNREACHABLE_RESPONSE = _warning(
        "unreachable-response",
        "The response may never be selected: another pattern matches everything that its pattern matches, or its "
        "pattern matches no text.",
        r"exclude these texts from the wider pattern, as in `(?!404)4\d\d`, or remove the response",
    )
    PROTECTED_ABSENT = _always(
        "protected-absent",
        "A response is both protected from deletion and declared absent.",
        "remove one of the two",
    )
    UNKNOWN_RULE = _always(
        "unknown-rule",
        "An `allow:` names a rule that does not exist or cannot be silenced.",
        "use the rule name shown in brackets in the message",
    )
    RESPONSE_KEY = _always(
        "response-key",
        "The key of a WebSocket response is `$default` or a regular expression between slashes.",
        "write `$default`, or a regular expression between slashes such as `/404/`",
    )
    PARAMETER_SIZE = _error(
        "parameter-size",
        "The value of a response parameter of a WebSocket API can have up to 512 characters.",
        "make it shorter",
    )
    WEBSOCKET_PARAMETERS = _warning(
        "websocket-parameters",
        "AWS does not document an effect of response parameters in a WebSocket API: its messages have no headers.",
        "remove them, and shape the message with responseTemplates",
    )
    UNSELECTED_TEMPLATE = _warning(
        "unselected-template",
        "The template selection expression is static text, so it always selects the same template and never this one.",
        "remove the template, or select by a variable such as ${integration.response.statuscode}",
    )

    UNKNOWN_PATH = _always(
        "unknown-path",
        "The API has no resource at that path.",
        "fix the path, or create the resource first",
        live=True,
    )
    UNKNOWN_METHOD = _always(
        "unknown-method",
        "The resource has no such method.",
        "fix the method, or create it first",
        live=True,
    )
    NO_INTEGRATION = _always(
        "no-integration",
        "The method has no integration, so AWS refuses integration responses.",
        "create the integration first",
        live=True,
    )
    MISSING_METHOD_RESPONSE = _error(
        "missing-method-response",
        "The method does not declare the status: clients get a 500 instead.",
        "declare it on the method or set methodResponses: ensure",
        live=True,
    )
    UNDECLARED_HEADER = _error(
        "undeclared-header",
        "The method response does not declare a mapped header: AWS refuses the integration response.",
        "declare it on the method or set methodResponses: ensure",
        live=True,
    )
    IGNORED_BY_PROXY = _error(
        "ignored-by-proxy",
        "Proxy integrations ignore integration responses.",
        "remove this one, or use a non-proxy integration",
        live=True,
    )
    STATUS_ON_LAMBDA = _error(
        "status-on-lambda",
        "Patterns of a Lambda integration are matched against the error message, never against a status code.",
        r"match the message, as in `'.*\[NotFound\].*'`",
        live=True,
    )
    SWALLOWS_SUCCESS = _error(
        "swallows-success",
        "A Lambda function that succeeds has an empty error message: a pattern that matches it selects successes too.",
        "write `'.+'` instead of `'.*'`, or leave selectionPattern out for the default response",
        live=True,
    )
    NEVER_SELECTED = _warning(
        "never-selected",
        "The integration's patterns are matched against the status code, and this one matches none.",
        r"match three digits, as in `'404'` or `'5\d{2}'`",
        live=True,
    )
    UNKNOWN_ROUTE = _always(
        "unknown-route",
        "The API has no route with that key and an integration.",
        "fix the route key, or create the route first",
        live=True,
    )
    UNKNOWN_INTEGRATION = _always(
        "unknown-integration",
        "The API has no integration with that id; every API has its own ids.",
        "fix the id, or create the integration first",
        live=True,
    )
    PROXY_INTEGRATION = _always(
        "proxy-integration",
        "A proxy integration of a WebSocket API has no integration responses: the backend's answer passes through.",
        "remove the responses, or use a non-proxy integration",
        live=True,
    )
    MISSING_DEFAULT = _warning(
        "missing-default",
        "Without a `$default` response, nothing handles results that no other key matches, such as a successful Lambda "
        "invocation.",
        "add $default",
        live=True,
    )
    ONE_WAY_ROUTE = _warning(
        "one-way-route",
        "A route without a `$default` route response is one-way: clients never get its integration responses.",
        "set `routeResponses: ensure`, or give the route a $default route response and set its "
        "routeResponseSelectionExpression to $default",
        live=True,
    )
    RESPONSES_WIPED = _warning(
        "responses-wiped",
        "Several listed methods have lost all their responses at once: something replaced their integrations.",
        "if they existed before, another tool or an OpenAPI re-import replaced the integrations; apply restores the "
        "responses",
        live=True,
    )
