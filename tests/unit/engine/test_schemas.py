"""Schemas: what stands in `schemas/` is what the models say."""

import json

import click
import pytest
from jsonschema import Draft202012Validator

from reconciler.cli.commands.schema import command
from reconciler.engine.schemas import NAMES, schema_text
from support.project import SCHEMAS


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_current(name: str) -> None:
    """`reconciler schema NAME > schemas/NAME.schema.json` changes nothing."""
    assert (SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8") == schema_text(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one(name: str) -> None:
    """An independent validator takes it as a schema of its dialect."""
    schema = json.loads(schema_text(name))
    Draft202012Validator.check_schema(schema)

    assert "https://json-schema.org/draft/2020-12/schema" == schema["$schema"]


def test_every_file_is_of_a_schema() -> None:
    """None stands there that nobody generates."""
    assert sorted(NAMES) == sorted(file.name.removesuffix(".schema.json") for file in SCHEMAS.iterdir())


def test_the_command_prints_each() -> None:
    """It names them itself, so as not to load any of them before one is asked for."""
    (argument,) = (param for param in command.params if param.name == "name")

    assert isinstance(argument.type, click.Choice)
    assert sorted(NAMES) == sorted(argument.type.choices)
