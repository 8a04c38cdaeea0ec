"""What is wrong with manifests, configurations and the command line."""

from reconciler.rules.rule import Rule, RuleText, Severity


class InputRule(Rule):
    """A problem of what a user wrote: in YAML, in a manifest or configuration, in options."""

    # Files
    CONTAINMENT = RuleText("containment", "A file is outside the folder that files may be read from.")
    MISSING_FILE = RuleText("missing-file", "The file does not exist.")
    UNREADABLE_FILE = RuleText("unreadable-file", "The file cannot be read.")
    ROOT = RuleText("root", "The `root` of a configuration is not a folder that files may be read from.")
    TEMPLATE_FILE = RuleText("template-file", "A template file cannot be used.")
    TOO_LARGE = RuleText("too-large", "The file, or what it expands to, exceeds a size limit.")
    TOO_MANY_PROBLEMS = RuleText("too-many-problems", "There are more problems than are listed.")

    # YAML
    ALIAS = RuleText("alias", "A YAML alias has no anchor, or refers to a value that contains it.")
    DUPLICATE_KEY = RuleText("duplicate-key", "A map has the same key twice.")
    EMPTY = RuleText("empty", "The file contains no document.")
    ENCODING = RuleText("encoding", "The file is not UTF-8.")
    MERGE_KEY = RuleText("merge-key", "YAML merge keys are not supported.")
    SYNTAX = RuleText("syntax", "The file is not valid YAML.")
    TAG = RuleText("tag", "YAML tags are not supported.")
    TOO_DEEP = RuleText("too-deep", "Maps and lists are nested too deeply.")

    # Keys and values
    ACCOUNT_ID = RuleText("account-id", "The value is not an AWS account id.")
    API = RuleText("api", "A manifest names its API by exactly one of `name` and `id`.")
    API_ID = RuleText("api-id", "The value is not the id of an API.")
    ENV = RuleText("env", "An environment variable that may hold credentials cannot be read.")
    FIELD = RuleText("field", "The value does not name a field of a response.")
    MISSING_KEY = RuleText("missing-key", "A required key is missing.")
    NAME = RuleText("name", "A name has a form that is not allowed.")
    PATH = RuleText("path", "A resource path, or a glob over resource paths, is malformed.")
    STAGE_NAME = RuleText("stage-name", "The value is not the name of a stage.")
    UNKNOWN_KEY = RuleText("unknown-key", "The map has no such key.")
    VERB = RuleText("verb", "The HTTP method does not exist.")
    WRONG_KIND = RuleText("wrong-kind", "The document is of the wrong kind.")
    WRONG_TYPE = RuleText("wrong-type", "A value has the wrong type.")
    WRONG_VALUE = RuleText("wrong-value", "A value is not one of those allowed.")

    # Variables
    PLACEHOLDER = RuleText(
        "placeholder", "A placeholder is not allowed here, or refers to something that does not exist."
    )
    UNDEFINED_VARIABLE = RuleText("undefined-variable", "A placeholder names a variable that is not defined.")
    UNREAD_VARIABLE = RuleText("unread-variable", "No manifest uses a variable given by --var.", Severity.WARNING)
    UNSET_VARIABLE = RuleText("unset-variable", "An environment variable is not set here.", Severity.WARNING)

    # Documents together
    CIRCULAR_USE = RuleText("circular-use", "Response sets use each other in a cycle.")
    CONTRADICTING_ROUTES = RuleText(
        "contradicting-routes",
        "Two listed routes share an integration and declare different responses for it.",
        reads_aws=True,
    )
    DUPLICATE_INTEGRATION = RuleText("duplicate-integration", "An integration is listed twice.")
    DUPLICATE_METHOD = RuleText("duplicate-method", "Two manifests list the same method of an API.", reads_aws=True)
    DUPLICATE_NAME = RuleText("duplicate-name", "Two documents of one kind have the same name.")
    NOT_OWNED = RuleText("not-owned", "A manifest writes a field that it does not own.")
    SET_KIND = RuleText("set-kind", "A response set is for the other kind of API.")
    UNKNOWN_SET = RuleText("unknown-set", "There is no response set of that name.")

    # Response tests
    BACKEND = RuleText("backend", "A test needs exactly one kind of backend that its method can have.")
    DUPLICATE_TEST = RuleText("duplicate-test", "Two tests of one document have the same name.")
    EXPECTATION = RuleText("expectation", "A test expects nothing, or something that cannot be.")
    FAULTY_MANIFEST = RuleText("faulty-manifest", "Tests cannot run because their manifest has errors.")
    NO_TESTS = RuleText(
        "no-tests", "No response test ran: the path is probably wrong, or the options leave out every test."
    )
    TEST_FILE = RuleText("test-file", "A file that a response test names cannot be used.")
    TESTED_METHOD = RuleText("tested-method", "A test is not about exactly one method that its manifest lists.")

    # Documents of other tools
    FUNCTION = RuleText("function", "A text depends on a function of CloudFormation whose value is not known here.")
    OPENAPI = RuleText("openapi", "An OpenAPI definition, or an integration in it, cannot be read or written.")
    RESPONSE_CLASH = RuleText(
        "response-clash", "One status has two selection patterns, or one selection pattern belongs to two statuses."
    )

    # Selection
    EMPTY_SET = RuleText("empty-set", "No manifest was found; the path is probably wrong.")
    LEFT_OUT = RuleText(
        "left-out", "Manifests are skipped because they have no environment of the requested name.", Severity.WARNING
    )
    UNKNOWN_ENVIRONMENT = RuleText("unknown-environment", "There is no environment of that name.")
    UNKNOWN_MANIFEST = RuleText("unknown-manifest", "There is no manifest of that name.")
    EXPIRED_IGNORE = RuleText(
        "expired-ignore", "An ignore rule has passed its `until` date.", Severity.WARNING, reads_aws=True
    )
    IDLE_IGNORE = RuleText("idle-ignore", "An ignore rule matches nothing.", Severity.WARNING, reads_aws=True)
    IDLE_ONLY = RuleText(
        "idle-only", "A glob of --only matches no response of a shard.", Severity.WARNING, reads_aws=True
    )

    @property
    def severity(self) -> Severity:
        """The severity: an error, unless the rule says otherwise."""
        return self._text.severity or Severity.ERROR
