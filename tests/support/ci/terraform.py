"""The program `terraform`, as far as the recipe uses it: its plan is to make `POST /orders`, its apply makes that.

It makes what `main.tf` says: the method, its integration and its method responses, and no integration response.
"""

import sys
from pathlib import Path

import boto3

_PLAN = "terraform: POST /orders is to be made\n"


def main() -> int:
    """Run a command line."""
    match sys.argv[1:]:
        case ["init", "-input=false"]:
            return 0
        case ["plan", "-input=false", "-lock=false", out]:
            Path(out.removeprefix("-out=")).write_text(_PLAN, encoding="utf-8")
            return 0
        case ["apply", "-input=false", plan] if Path(plan).read_text(encoding="utf-8") == _PLAN:
            _make()
            return 0
    sys.stderr.write(f"terraform: {sys.argv[1:]} is not known\n")
    return 1


def _make() -> None:
    aws = boto3.client("apigateway")
    api = next(one["id"] for one in aws.get_rest_apis()["items"] if one["name"] == "orders")
    resources = aws.get_resources(restApiId=api, embed=["methods"])["items"]
    orders = next(resource for resource in resources if resource["path"] == "/orders")
    if "POST" in orders["resourceMethods"]:
        return
    aws.put_method(restApiId=api, resourceId=orders["id"], httpMethod="POST", authorizationType="NONE")
    aws.put_integration(
        restApiId=api,
        resourceId=orders["id"],
        httpMethod="POST",
        type="HTTP",
        integrationHttpMethod="POST",
        uri="https://orders.example/orders",
    )
    for status in ("201", "502"):
        aws.put_method_response(restApiId=api, resourceId=orders["id"], httpMethod="POST", statusCode=status)
