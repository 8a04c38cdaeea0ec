r"""Templates render as API Gateway renders them, through the one door.

The facts are those of recorded answers of real AWS where a docstring says so, with words and inputs of our own; the
others are what Velocity 1.7 with Jayway and json-smart does, which agrees with all recordings.
"""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconciler.mapping.exchange import ClientRequest
from reconciler.mapping.rendering import Overrides, Rendering, TemplateInputs
from reconciler.mapping.template import render


def rendered(template: str, body: str | bytes = "", **inputs: object) -> str:
    """Return the output of a template that renders, and about which nothing is unknown."""
    rendering = render(template, TemplateInputs(body=body, **inputs))  # type: ignore[arg-type]
    assert rendering.fault is None
    assert () == rendering.unknown
    return rendering.output


def handed_on(request_template: str, response_template: str, request: ClientRequest | None = None) -> Rendering:
    """Return the rendering of a response template behind a request template."""
    first = render(request_template, TemplateInputs(request=request or ClientRequest()))
    assert first.fault is None
    return render(response_template, TemplateInputs(request=request or ClientRequest(), state=first.state))


_SET = '#set($r = $input.path("$.x"))'


@pytest.mark.parametrize(
    ("template", "x", "output"),
    [
        ("$r", '{"a": "b"}', "{a=b}"),
        ("$r", '[{"a": "b"}]', '[{"a":"b"}]'),
        ("$r.y", '{"y": {"a": "b"}}', "{a=b}"),
        ("$r.y", '{"y": [{"a": "b"}]}', '[{"a":"b"}]'),
        ("$r[0]", '[{"a": "b"}]', "{a=b}"),
        ("$r[0]", '[[{"a": "b"}]]', '[{"a":"b"}]'),
        ("$r", '{"a": [{"y": "b"}]}', '{a=[{"y":"b"}]}'),
        ("$r", '{"a": "1", "b": "2", "c": "3"}', "{a=1, b=2, c=3}"),
        ("$r.toString()", '{"a": [{"b": "c"}]}', '{a=[{"b":"c"}]}'),
    ],
)
def test_objects_print_like_maps_and_arrays_as_json(template: str, x: str, output: str) -> None:
    """Objects print as Java's maps, arrays as JSON, even within objects (recorded answers)."""
    assert output == rendered(_SET + template, f'{{"x": {x}}}')


@pytest.mark.parametrize(
    ("body", "output"), [("{}", "||true|true"), ('{"x": []}', "[]||false|false"), ('{"x": null}', "||true|true")]
)
def test_null_prints_as_nothing_and_equals_the_empty_text(body: str, output: str) -> None:
    """A missing value and a JSON null print as nothing and equal null and the empty text (recorded answers)."""
    template = '$r|$r.y|#if($r == $null)true#{else}false#end|#if($r == "")true#{else}false#end'

    assert output == rendered(_SET + template, body)


@pytest.mark.parametrize(("body", "output"), [("", "{}"), ('{"a": "b"}', '{"a": "b"}'), ("some text", "some text")])
def test_the_body_is_its_text(body: str, output: str) -> None:
    """`$input.body` is the body as it came, and {} if there is none (recorded answers)."""
    assert output == rendered("#set($r = $input.body)$r", body)
    assert f"Body={output}" == rendered("Body=$input.body", body)


@pytest.mark.parametrize("body", ["", '{"a": "b"}', "some text"])
def test_members_of_the_body_are_nothing(body: str) -> None:
    """The text of the body has no properties (recorded answers)."""
    assert "" == rendered("#set($r = $input.body.a)$r", body)
    assert "x=" == rendered("x=$util.urlEncode($input.body.a)", body)


def test_the_body_is_encoded_as_a_form() -> None:
    """A blank becomes a plus sign (recorded answers)."""
    assert "%7B%22a%22%3A+%22b%22%7D" == rendered("$util.urlEncode($input.body)", '{"a": "b"}')


@pytest.mark.parametrize(("way", "output"), [("ImEi", "one"), ("ImIi", "two"), ("ImMi", "other")])
def test_a_request_override_is_read_by_the_response_template(way: str, output: str) -> None:
    """What the request template sets in requestOverride is there in the response template (recorded answers)."""
    rendering = handed_on(
        "#set($context.requestOverride.path.kind = $util.base64Decode($input.params('way'))){statusCode: 200}",
        "#set($kind = $util.parseJson($context.requestOverride.path.kind))"
        '#if($kind == "a")one#elseif($kind == "b")two#{else}other#end',
        ClientRequest(query={"way": way}),
    )

    assert output == rendering.output


def test_a_response_override_of_the_request_template_carries_over() -> None:
    """Status, header and keys of one's own are there in the response template, and override (recorded answers)."""
    rendering = handed_on(
        '#set($context.responseOverride.status = 418)#set($context.responseOverride.header.pot = "tea")'
        '#set($context.responseOverride.note = "short")',
        "$context.responseOverride.status $context.responseOverride.header.pot $context.responseOverride.note",
    )

    assert "418 tea short" == rendering.output
    assert Overrides(418, {"pot": "tea"}) == rendering.overrides


def test_the_state_has_the_overrides_for_an_answer_without_a_template() -> None:
    """Status and header of the request template override an answer that no template renders (recorded answers)."""
    template = '#set($context.responseOverride.status = 418)#set($context.responseOverride.header.pot = "tea")'
    state = render(template, TemplateInputs()).state

    assert {"header": {"pot": "tea"}, "status": 418} == state["responseOverride"]


@pytest.mark.parametrize(("path", "value"), [({"kind": "dog"}, "dog"), ({"kind": "{kind}"}, "{kind}"), ({}, "")])
def test_a_path_parameter_is_its_text(path: dict[str, str], value: str) -> None:
    """Without a value it is the empty text (recorded answers)."""
    template = """{"kind": "$input.params('kind')"}"""

    assert f'{{"kind": "{value}"}}' == rendered(template, request=ClientRequest(path=path))


def test_overrides_are_set_in_three_ways() -> None:
    """By an index, by put() and by an index and a name (recorded answers)."""
    rendering = handed_on(
        '#set($name = "a")#set($context.requestOverride.querystring[$name] = "by index")'
        '#set($void = $context.requestOverride.querystring.put("b", "by put"))'
        '#set($context["requestOverride"].querystring["c"] = "by both")',
        "#set($q = $context.requestOverride.querystring)$q.a|$q.b|$q.c",
    )

    assert "by index|by put|by both" == rendering.output


@pytest.mark.parametrize(("word", "status"), [("fine", 202), ("trouble", 400)])
def test_the_status_by_the_text_of_the_body(word: str, status: int) -> None:
    """The status is overridden, the body stays (recorded answers)."""
    body = f'{{"code":200,"body":"{word}"}}'
    template = """#set($root = $input.path('$'))
$input.json("$")
#if($root.toString().contains("trouble"))
#set($context.responseOverride.status = 400)
#else
#set($context.responseOverride.status = 202)
#end"""
    rendering = render(template, TemplateInputs(body=body))

    assert f"{body}\n" == rendering.output
    assert Overrides(status) == rendering.overrides


def test_stage_variables_and_context() -> None:
    """What is not set is nothing, and a boolean prints as its word (recorded answers)."""
    output = rendered(
        '"$stageVariables.none" "$stageVariables.tier" "$stageVariables[\'tier\']" "${stageVariables[\'tier\']}" '
        '"$context.isCanaryRequest"',
        stage_variables={"tier": "gold"},
        context={"isCanaryRequest": False},
    )

    assert '"" "gold" "gold" "gold" "false"' == output


def test_keys_of_the_context_are_listed() -> None:
    """The identity and the override maps print as nothing, their keys are there (recorded answers)."""
    template = '#foreach($key in $context.keySet())$key:"$context.get($key)" #end$context.identity.keySet()'
    rendering = render(template, TemplateInputs(context={"requestId": "r-1", "identity": {"sourceIp": "192.0.2.1"}}))

    assert 'requestId:"r-1" identity:"" requestOverride:"" responseOverride:"" [sourceIp]' == rendering.output
    assert [
        "which keys $context has apart from those that are given",
        "which keys $context.identity has apart from those that are given",
    ] == [unknown.why for unknown in rendering.unknown]


def test_keys_of_ones_own_are_no_reason_for_doubt() -> None:
    """Only listing the keys of `$context` depends on those that are not given."""
    rendering = render("#set($context.own = {'a': 1})$context.own.keySet()$context.requestId", TemplateInputs())

    assert "[a]" == rendering.output
    assert () == rendering.unknown


@pytest.mark.parametrize(
    ("template", "body", "output"),
    [
        # only false is false
        ("#if($input.path('$.x'))yes#{else}no#end", '{"x": false}', "no"),
        ("#if($input.path('$.x'))yes#{else}no#end", '{"x": 0}', "yes"),
        ("#if($input.path('$.x'))yes#{else}no#end", '{"x": ""}', "yes"),
        ("#if($input.path('$.x'))yes#{else}no#end", '{"x": null}', "yes"),
        ("#if($input.path('$.x'))yes#{else}no#end", '{"x": []}', "yes"),
        ("#if($input.path('$.x'))yes#{else}no#end", "{}", "yes"),
        ("#if(!$input.path('$.x'))yes#{else}no#end", "{}", "no"),
        # what #set does with a missing value
        ("#set($a = 1)#set($a = $input.path('$.x'))[$a]", "{}", "[]"),
        # bodies that are no JSON
        ("$input.path('$')", "a=b", "a=b"),
        ("$input.path('$')", "null{", "null{"),
        ("$input.path('$.a')", "{a:1}", "1"),
        ("$input.body", "{a", "{a"),
        # JSON
        ("$input.json('$.missing')", "{}", '""'),
        ("$input.json('$.x')", '{"x": 1743263483.047}', "1.743263483047E9"),
        ("$input.path('x.y')", '{"x": {"y": 1}}', "1"),
        ("$input.path('$.x[*].y')", "{}", "[]"),
        # helpers
        (r"$util.escapeJavaScript($input.path('$.x'))", '{"x": "a/b\u00e9"}', r"a\/b\u00E9"),
        (r"$util.urlEncode($input.path('$.x'))", '{"x": "*~"}', "*%7E"),
        ("$util.defaultIfNull($input.path('$.x'), 'y')", "{}", ""),
        # literals and arrays
        ("#set($l = ['a', 1, true])$l", "", "[a, 1, true]"),
        ("#set($m = {'a': 'b'})$m", "", "{a=b}"),
    ],
)
def test_where_api_gateway_is_not_what_one_expects(template: str, body: str, output: str) -> None:
    """The template gives this output."""
    assert output == rendered(template, body)


def test_bytes_are_read_as_utf_8() -> None:
    """What is no UTF-8 is replaced."""
    assert "\u00e9 \ufffd" == rendered("$input.body", b"\xc3\xa9 \xff")


@pytest.mark.parametrize(
    ("template", "line", "column"),
    [
        ("#if(true)\n  #foreach($a in [1])\n#end", 1, 1),
        ('ok\n #set($a = "\\"")', 2, 15),
        ("a\n  $input.path('$[')", 2, 3),
        ("$util.parseJson('{a')", 1, 1),
        ("ab\n\n$util.urlDecode('%')", 3, 1),
    ],
)
def test_a_fault_has_its_place_and_no_output(template: str, line: int, column: int) -> None:
    """Syntax errors and failures say where in the template they are."""
    rendering = render(template, TemplateInputs())

    assert rendering.fault is not None
    assert (line, column) == (rendering.fault.line, rendering.fault.column)
    assert rendering.fault.message
    assert rendering.fault.is_certain
    assert "" == rendering.output


def test_a_broken_body_is_a_fault_where_it_is_looked_into() -> None:
    """The message says that it is the body."""
    rendering = render("\n$input.path('$')", TemplateInputs(body="{a"))

    assert rendering.fault is not None
    assert "the body cannot be read as JSON" in rendering.fault.message
    assert 2 == rendering.fault.line


def test_half_a_surrogate_pair_prints_as_a_question_mark() -> None:
    """The output can be encoded; two halves that meet are one character."""
    body = r'{"x": "\ud83d\ude00 \ud83d"}'

    assert "\U0001f600 ?" == rendered("$input.path('$.x')", body)
    assert "\U0001f600" == rendered("$input.path('$.x').substring(0, 1)$input.path('$.x').substring(1, 2)", body)


def test_reasons_are_one_printable_line() -> None:
    """What a message quotes of a template cannot colour a terminal or forge a line."""
    rendering = render("$input.path('$x\x1b[31m\n" + "y" * 999 + "')", TemplateInputs())

    assert rendering.fault is not None
    assert rendering.fault.message.isprintable()
    assert len(rendering.fault.message) < 400


def test_what_is_unknown_comes_with_the_output() -> None:
    """Each reason is there once."""
    rendering = render("$input.json('$.x')$input.json('$.x')", TemplateInputs(body='{"x": null}'))

    assert ["what $input.json gives for a JSON null"] == [unknown.why for unknown in rendering.unknown]


@pytest.mark.parametrize("variable", ["$input", "$util"])
def test_what_an_object_of_api_gateways_prints_is_unknown(variable: str) -> None:
    """Java would print the name of its class."""
    rendering = render(variable, TemplateInputs())

    assert "" == rendering.output
    assert [f"what {variable} prints by itself"] == [unknown.why for unknown in rendering.unknown]


@pytest.mark.parametrize(
    ("template", "is_unknown"),
    [
        ("#set($root = $input.path('$'))#set($root.x = 2)$input.json('$')", True),
        ("#set($list = $input.path('$.l'))#set($void = $list.add(2))$input.path('$.l')", True),
        ("#set($root = $input.path('$'))#set($root.x = 2)$root", False),
        ("$input.json('$')$input.json('$.x')", False),
    ],
)
def test_whether_changes_to_the_body_are_seen_is_unknown(template: str, *, is_unknown: bool) -> None:
    """No source says whether API Gateway parses the body once or each time."""
    rendering = render(template, TemplateInputs(body='{"x": 1, "l": [1]}'))

    assert is_unknown == bool(rendering.unknown)


def test_the_state_of_a_fault_is_empty() -> None:
    """A request template that fails leaves nothing behind."""
    rendering = render("#set($context.responseOverride.status = 404)#if(", TemplateInputs())

    assert {} == rendering.state
    assert Overrides() == rendering.overrides


@pytest.mark.parametrize(
    "template",
    ["#foreach($i in [1..5000000])x#end", "#if(true)" * 3000 + "#end" * 3000],
)
def test_where_a_bound_ends_a_rendering_aws_may_go_on(template: str) -> None:
    """The fault is not one of AWS's."""
    rendering = render(template, TemplateInputs())

    assert rendering.fault is not None
    assert not rendering.fault.is_certain


@pytest.mark.parametrize(
    "template",
    [
        "#foreach($i in [1..5000000])x#end",
        "#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..1000])x#end#end#end",
        "#set($a = 'xxxxxxxxxxxxxxxx')" + '#set($a = "$a$a")' * 60 + "$a",
        "#set($a = 9999999999)" + "#set($a = $a * $a)" * 60 + "$a",
        "#set($x = $input.body.replaceAll('(a+)+$', 'b'))$x",
        "#if(true)" * 3000 + "#end" * 3000,
        "#define($a)$a#end$a",
        "#set($l = [])#foreach($i in [1..900])#set($void = $l.add($l))#end$l",
        "#set($context.x = $context)$context.x.keySet()#set($m = {})#set($m.m = $m)$m",
        '#foreach($i in [1..1000])#set($context.responseOverride.header["h$i"] = $input.body)#end',
    ],
)
def test_what_costs_too_much_ends(template: str) -> None:
    """The bounds end it, with a fault or an output, never in another way."""
    rendering = render(template, TemplateInputs(body="a" * 40 + "!"))

    assert rendering.fault is None or rendering.fault.message


_WORDS = r"""
#set($a= #if( #elseif( #else #end #define($d) #stop #break ## #* *# #[[ ]]# $a $!a ${a} $d $i $input
.path('$.x') .json('$..*') .params() .body $util .urlDecode( $context .responseOverride .status .header [1..9] [ ] {
} ( ) , 1 0 - + * / % == && ! < true null .keySet() .put('k',$a) .replaceAll( .split( .get(0)
.size() .class .__class__ .x ' " \
"""
_PARTS = st.sampled_from([*_WORDS.split(), "#foreach($i in ", " ", "\n", "\u00e9", "\ud800"])
_BODIES = st.sampled_from(["", "{}", '{"x": [1, {"y": null}]}', "{a:1}", "{a", "[[[[", "a=b", '"x', "\ud800"])


@settings(deadline=None)
@given(st.lists(_PARTS, max_size=12).map("".join) | st.text(), _BODIES | st.text() | st.binary())
@example("$context.put($context, $context)$context.keySet()", "")
def test_any_template_over_any_body_is_a_rendering(template: str, body: str | bytes) -> None:
    """Rendering ends in a value, whatever the template and the body are."""
    rendering = render(template, TemplateInputs(body=body))

    assert rendering.fault is None or "" == rendering.output


def test_context_that_is_not_given() -> None:
    """A variable that every call has and that is not given is empty, and named once; others are not."""
    rendering = render(
        "$context.requestId $context.requestId $context.mine $context.stage", TemplateInputs(context={"stage": "a"})
    )

    assert (("$context.requestId is not given, and empty here",), ()) == (rendering.assumed, rendering.unknown)
    assert "   a" == rendering.output


def test_identity_that_is_not_given() -> None:
    """The same goes for the identity of the caller."""
    inputs = TemplateInputs(context={"identity": {"userAgent": "curl"}})
    rendering = render("$context.identity.userAgent $context.identity.get('sourceIp')", inputs)

    assert ("$context.identity.sourceIp is not given, and empty here",) == rendering.assumed
