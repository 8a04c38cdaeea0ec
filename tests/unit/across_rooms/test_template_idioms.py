r"""Templates as people write them, rendered through the one door.

Each is an idiom of request and response templates in the wild, with words of its own; the outputs were worked out by
hand from the rules of Velocity 1.7, Jayway and the recorded answers.
"""

import json
from dataclasses import dataclass, field
from typing import Final

import pytest

from reconciler.mapping.exchange import ClientRequest
from reconciler.mapping.rendering import Overrides, TemplateInputs
from reconciler.mapping.template import render


@dataclass(frozen=True)
class Idiom:
    """A template, what it reads, and what it gives."""

    name: str
    template: str
    body: object
    output: str
    request: ClientRequest = field(default_factory=ClientRequest)
    context: dict[str, object] = field(default_factory=dict)
    stage_variables: dict[str, str] = field(default_factory=dict)
    overrides: Overrides = field(default_factory=Overrides)

    @property
    def inputs(self) -> TemplateInputs:
        """Return the inputs; a body that is no text is written as JSON."""
        body = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return TemplateInputs(body, self.request, self.context, self.stage_variables)


_ITEMS: Final = {
    "Items": [
        {"id": {"S": "p1"}, "name": {"S": "Ada's"}, "age": {"N": "3"}, "tags": {"L": [{"S": "big"}, {"S": "old"}]}},
        {"id": {"S": "p2"}, "name": {"S": "Bo"}, "age": {"N": "7"}, "tags": {"L": []}},
    ],
    "Count": 2,
}

IDIOMS: Final = [
    Idiom(
        "DynamoDB items as a list",
        """#set($inputRoot = $input.path('$'))
{
  "pets": [
    #foreach($item in $inputRoot.Items) {
      "id": "$item.id.S",
      "age": $item.age.N
    }#if($foreach.hasNext),#end

    #end
  ]
}""",
        _ITEMS,
        """{
  "pets": [
     {
      "id": "p1",
      "age": 3
    },
     {
      "id": "p2",
      "age": 7
    }
      ]
}""",
    ),
    Idiom(
        "DynamoDB lists within items",
        """[#foreach($item in $input.path('$.Items')){"id":"$item.id.S","tags":\
[#foreach($tag in $item.tags.L)"$tag.S"#if($foreach.hasNext),#end#end]}#if($foreach.hasNext),#end#end]""",
        _ITEMS,
        '[{"id":"p1","tags":["big","old"]},{"id":"p2","tags":[]}]',
    ),
    Idiom(
        "a link to the next page",
        """#set($root = $input.path('$'))
#if("$!root.LastEvaluatedKey.id.S" != "")
  #set($next = "$context.path?start=$util.urlEncode($root.LastEvaluatedKey.id.S)")
{"next": "$next"}
#else
{"next": null}
#end""",
        {"Items": [], "LastEvaluatedKey": {"id": {"S": "a b/c"}}},
        '{"next": "/pets?start=a+b%2Fc"}\n',
        context={"path": "/pets"},
    ),
    Idiom(
        "no next page",
        """#set($root = $input.path('$'))
#if("$!root.LastEvaluatedKey.id.S" != "")
{"next": "$root.LastEvaluatedKey.id.S"}
#else
{"next": null}
#end""",
        {"Items": []},
        '{"next": null}\n',
    ),
    Idiom(
        "an existence test that is always true",
        """#if($input.path('$.Item')){"found": true}#else{"found": false}#end""",
        {},
        '{"found": true}',
    ),
    Idiom(
        "an error envelope from a Lambda error",
        r"""#set($errorMessage = $util.parseJson($input.path('$.errorMessage')))
{
  "code": "$errorMessage.code",
  "message": "$util.escapeJavaScript($errorMessage.message).replaceAll("\\'", "'")",
  "requestId": "$context.requestId"
}""",
        {"errorMessage": json.dumps({"code": "NotFound", "message": 'Ada\'s "cat"'}), "errorType": "Error"},
        r"""{
  "code": "NotFound",
  "message": "Ada's \"cat\"",
  "requestId": "r-1"
}""",
        context={"requestId": "r-1"},
    ),
    Idiom(
        "an error as text, cut out with replaceAll",
        """{"error": "$input.path('$.errorMessage').replaceAll("^\\[(\\w+)\\] (.*)$", "$1: $2")"}""",
        {"errorMessage": "[NotFound] no pet 7"},
        '{"error": "NotFound: no pet 7"}',
    ),
    Idiom(
        "the status out of the body",
        """#set($root = $input.path('$'))
#if($root.ok == false)
#set($context.responseOverride.status = $root.code)
#set($context.responseOverride.header.X-Error = "$root.why")
#end
$input.json('$.why')""",
        {"ok": False, "code": 409, "why": "taken"},
        '"taken"',
        overrides=Overrides(409, {"X-Error": "taken"}),
    ),
    Idiom(
        "a status by the text of an error",
        """#set($message = $input.path('$.errorMessage'))
#if($message.contains("not found"))
  #set($context.responseOverride.status = 404)
#elseif($message.startsWith("Bad"))
  #set($context.responseOverride.status = 400)
#else
  #set($context.responseOverride.status = 500)
#end
{"message": "$message"}""",
        {"errorMessage": "Bad page size"},
        '{"message": "Bad page size"}',
        overrides=Overrides(400),
    ),
    Idiom(
        "a message for SQS",
        "Action=SendMessage&MessageBody=$util.urlEncode($input.body)&MessageAttribute.1.Name=trace&"
        "MessageAttribute.1.Value.StringValue=$util.urlEncode($input.params('X-Trace'))",
        '{"a": "b & c~*"}',
        "Action=SendMessage&MessageBody=%7B%22a%22%3A+%22b+%26+c%7E*%22%7D&MessageAttribute.1.Name=trace&"
        "MessageAttribute.1.Value.StringValue=t%2F1",
        request=ClientRequest(headers={"X-Trace": "t/1"}),
    ),
    Idiom(
        "a Kinesis record",
        """{"StreamName": "$stageVariables.stream", "Data": "$util.base64Encode($input.json('$.data'))", \
"PartitionKey": "$input.path('$.key')"}""",
        {"data": {"n": 1}, "key": "k"},
        '{"StreamName": "clicks", "Data": "eyJuIjoxfQ==", "PartitionKey": "k"}',
        stage_variables={"stream": "clicks"},
    ),
    Idiom(
        "all parameters, as the console writes them",
        """#set($allParams = $input.params())
{
"params" : {
#foreach($type in $allParams.keySet())
    #set($params = $allParams.get($type))
"$type" : {
    #foreach($paramName in $params.keySet())
    "$paramName" : "$util.escapeJavaScript($params.get($paramName))"
        #if($foreach.hasNext),#end
    #end
}
    #if($foreach.hasNext),#end
#end
}
}""",
        "",
        """{
"params" : {
"path" : {
        "id" : "7"
            }
    ,"querystring" : {
        "a" : "it\\'s"
        ,        "b" : "2"
            }
    ,"header" : {
    }
    }
}""",
        request=ClientRequest(path={"id": "7"}, query={"a": "it's", "b": "2"}),
    ),
    Idiom(
        "a map literal as a table",
        """#set($names = {"S": "small", "L": "large"})
#set($size = $input.params('size'))
{"size": "$names.get($size)", "known": $names.containsKey($size), "all": "$names"}""",
        "",
        '{"size": "large", "known": true, "all": "{S=small, L=large}"}',
        request=ClientRequest(query={"size": "L"}),
    ),
    Idiom(
        "a list that is built and printed",
        """#set($ids = [])
#foreach($pet in $input.path('$.pets'))
#set($ignored = $ids.add($pet.id))
#end
{"count": $ids.size(), "ids": $ids, "first": "$ids[0]", "last": "$ids.get(1)"}""",
        {"pets": [{"id": 1}, {"id": "x"}]},
        '{"count": 2, "ids": [1, x], "first": "1", "last": "x"}',
    ),
    Idiom(
        "a query string that is split",
        """#set($parts = $input.params('ids').split(","))
[#foreach($id in $parts)"$id.trim()"#if($foreach.hasNext), #end#end]
$parts.size() $parts[1]""",
        "",
        '["a", "b", "c"]\n3  b',
        request=ClientRequest(query={"ids": "a, b,c,,"}),
    ),
    Idiom(
        "arithmetic over pages",
        """#set($page = 3)
#set($size = 25)
#set($from = ($page - 1) * $size)
#set($pages = ($input.path('$.total') + $size - 1) / $size)
{"from": $from, "to": #set($to = $from + $size)$to, "pages": $pages, \
"odd": #if($pages % 2 == 1)true#{else}false#end}""",
        {"total": 101},
        '{"from": 50, "to": 75, "pages": 5, "odd": true}',
    ),
    Idiom(
        "numbers are Java's",
        """{"time": $input.path('$.time'), "ratio": $input.path('$.ratio'), "json": $input.json('$')}""",
        '{"time": 1743263483.047, "ratio": 1.50, "big": 12345678901, "e": 1e3}',
        '{"time": 1.743263483047E9, "ratio": 1.5, "json": '
        '{"time":1.743263483047E9,"ratio":1.5,"big":12345678901,"e":1000.0}}',
    ),
    Idiom(
        "a comment, a quiet reference and text that looks like directives",
        """## the price, in dollars
{"price": "$5.00", "tag": "#1", "colour": "#ff0000", "missing": "$!nothing", "also": "$nothing.at.all"}""",
        "",
        '{"price": "$5.00", "tag": "#1", "colour": "#ff0000", "missing": "", "also": ""}',
    ),
    Idiom(
        "a filter and a count",
        """#set($big = $input.path("$.pets[?(@.age > 3)].name"))
{"big": $big, "count": $big.size(), "all": $input.json("$.pets[*].age"), "n": $input.path("$.pets.length()")}""",
        {"pets": [{"name": "Ada", "age": 2}, {"name": "Bo", "age": 5}, {"name": "Cy", "age": 9}]},
        '{"big": ["Bo","Cy"], "count": 2, "all": [2,5,9], "n": 3}',
    ),
    Idiom(
        "a state machine's output, a text of JSON",
        """#set($output = $util.parseJson($input.path('$.output')))
{"status": "$input.path('$.status').toLowerCase()", "result": $input.path('$.output'), "score": $output.score, "tags": \
$output.tags}""",
        {"status": "SUCCEEDED", "output": '{"score": 7, "tags": ["a", {"b": null}]}'},
        '{"status": "succeeded", "result": {"score": 7, "tags": ["a", {"b": null}]}, '
        '"score": 7, "tags": ["a",{"b":null}]}',
    ),
    Idiom(
        "nested objects print like maps and arrays like JSON",
        "$input.path('$')",
        {"a": {"b": "c"}, "d": [{"e": "f"}], "g": None, "h": True},
        '{a={b=c}, d=[{"e":"f"}], g=null, h=true}',
    ),
    Idiom(
        "the first of two values that is there",
        """#set($name = $input.path('$.nick'))
#if(!$name || $name == "")
#set($name = $input.path('$.name'))
#end
{"name": "$name", "velocityCount": [#foreach($i in [1..3])$velocityCount#if($velocityHasNext),#end#end]}""",
        {"name": "Ada"},
        '{"name": "Ada", "velocityCount": [1,2,3]}',
    ),
]


@pytest.mark.parametrize("idiom", IDIOMS, ids=lambda idiom: idiom.name)
def test_idiom(idiom: Idiom) -> None:
    """The template gives this output and sets these overrides."""
    rendering = render(idiom.template, idiom.inputs)

    assert rendering.fault is None
    assert () == rendering.unknown
    assert idiom.output == rendering.output
    assert idiom.overrides == rendering.overrides
