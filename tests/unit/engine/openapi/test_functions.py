"""Texts that depend on functions of CloudFormation."""

import pytest

from reconciler.engine.openapi.functions import UnknownValue, evaluate

VALUES = {"Origin": "https://pets.example", "AWS::Region": "eu-west-1"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("${Origin}", "${Origin}"),
        ({"Ref": "Origin"}, "https://pets.example"),
        ({"Fn::Sub": "'${Origin}' in ${ AWS::Region }"}, "'https://pets.example' in eu-west-1"),
        ({"Fn::Sub": "${!input.path}"}, "${input.path}"),
        ({"Fn::Sub": ["${A}${Origin}", {"A": {"Ref": "AWS::Region"}}]}, "eu-west-1https://pets.example"),
        ({"Fn::Join": ["", ["'", {"Ref": "Origin"}, "'"]]}, "'https://pets.example'"),
        ({"Ref": "Origin", "more": 1}, {"Ref": "Origin", "more": 1}),
        (7, 7),
    ],
)
def test_texts_are_made_of_known_values(value: object, text: object) -> None:
    """What is no call of a function stays as it is."""
    assert text == evaluate(value, VALUES)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"Ref": "Stage"}, "the value of the parameter `Stage` is not known"),
        ({"Fn::Sub": "a${Stage}"}, "the value of the parameter `Stage` is not known"),
        ({"Fn::If": ["a", "b", "c"]}, "`Fn::If` is not evaluated here"),
        ({"Fn::Join": "a"}, "`Fn::Join` is not evaluated here"),
        ({"Fn::Join": ["", [1]]}, "this argument of a function is not text"),
    ],
)
def test_nothing_is_guessed(value: object, message: str) -> None:
    """A value that only a deployment knows is an error, with the option that gives it."""
    with pytest.raises(UnknownValue) as unknown:
        evaluate(value, VALUES)

    assert message == str(unknown.value)
