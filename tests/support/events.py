"""Events of EventBridge: calls of API Gateway that CloudTrail recorded."""

import json
from typing import Any, Final

from reconciler.sandbox.model.plane import ACCOUNT_ID, REGION

API_ID: Final = "a1b2c3d4e5"
WHO: Final = f"arn:aws:iam::{ACCOUNT_ID}:user/dev"
AT: Final = "2026-11-30T12:00:00Z"


def call_event(
    name: str = "UpdateIntegrationResponse",
    parameters: object = None,
    *,
    account: str = ACCOUNT_ID,
    region: str = REGION,
    **record: object,
) -> dict[str, Any]:
    """A call of API Gateway as EventBridge delivers it; `parameters` are of a REST API unless given.

    `record` are further members of CloudTrail's record; None removes one.
    """
    detail = {
        "eventVersion": "1.11",
        "userIdentity": {"type": "IAMUser", "arn": WHO, "accountId": account},
        "eventTime": AT,
        "eventSource": "apigateway.amazonaws.com",
        "eventName": name,
        "awsRegion": region,
        "sourceIPAddress": "192.0.2.7",
        "requestParameters": {"restApiId": API_ID} if parameters is None else parameters,
        "responseElements": None,
        "readOnly": False,
        "recipientAccountId": account,
        **record,
    }
    return {
        "version": "0",
        "id": "0f82efbd-0000-4748-9b2d-b6e273d282ec",
        "detail-type": "AWS API Call via CloudTrail",
        "source": "aws.apigateway",
        "account": account,
        "time": AT,
        "region": region,
        "resources": [],
        "detail": {key: value for key, value in detail.items() if value is not None},
    }


def event_text(name: str = "UpdateIntegrationResponse", parameters: object = None, **options: Any) -> str:  # noqa: ANN401 - as `call_event`
    """The JSON text of it."""
    return json.dumps(call_event(name, parameters, **options))


def sqs_batch(*bodies: str) -> dict[str, Any]:
    """What Lambda gets from a queue: messages m0, m1 ... with these bodies."""
    return {
        "Records": [
            {
                "messageId": f"m{number}",
                "receiptHandle": "AQEB",
                "body": body,
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:drift",
                "awsRegion": REGION,
            }
            for number, body in enumerate(bodies)
        ]
    }
