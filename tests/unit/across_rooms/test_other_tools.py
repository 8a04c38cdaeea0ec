"""Living beside other tools: what is said of them."""

from support.stage import Stage, manifest


def test_api_of_a_stack_is_told(stage: Stage) -> None:
    """A plan for an API that CloudFormation made names the stack, as a warning."""
    stage.plane.call("CreateRestApi", name="petstore", tags={"aws:cloudformation:stack-name": "pets-prod"})
    stage.write(manifest())
    (told,) = [diagnostic for diagnostic in stage.plan().diagnostics if diagnostic.rule == "managed-by-stack"]

    assert (False, True) == (told.is_error, "pets-prod" in told.message)
