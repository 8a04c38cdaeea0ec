"""A REST API that is deployed, and edits of its draft by somebody else."""

from dataclasses import dataclass, replace

from reconciler.engine.load.request import Request
from reconciler.models.keys import MethodKey
from reconciler.models.targets import Coordinates, Target
from reconciler.sandbox.model.plane import ACCOUNT_ID, REGION
from support.apis import Method
from support.live import DEFAULT, GET_PETS, POST_PETS
from support.stage import Stage, manifest

PUT = "PutIntegrationResponse"
TWO = "{200: {}, 404: {selectionPattern: '404'}}"
PROD = "deploy: {stages: [prod]}"

_DECLARED: dict[str, list[str]] = {"200": [], "404": [], "500": []}
_DEPLOYING = Request((".",), deploys=True, compares_stages=True)


def deploying(**more: object) -> Request:
    """All manifests of the folder, with --deploy."""
    return replace(_DEPLOYING, **more)  # type: ignore[arg-type]


@dataclass
class Pets:
    """An API `petstore` with a listed GET and an unlisted POST, both with a 200 only; the manifest wants a 404 too."""

    stage: Stage
    id: str

    def put(self, code: str, pattern: str = "", scope: MethodKey = POST_PETS) -> None:
        """Somebody else's edit of the draft."""
        self.call(PUT, scope, statusCode=code, selectionPattern=pattern)

    def call(self, operation: str, scope: MethodKey = POST_PETS, **parameters: object) -> None:
        """Somebody else's call about a method."""
        resources = self.stage.plane.call("GetResources", restApiId=self.id)["items"]
        resource = next(one["id"] for one in resources if one["path"] == scope.path)
        where = {"restApiId": self.id, "resourceId": resource, "httpMethod": scope.method}
        self.stage.plane.call(operation, **where, **parameters)

    def deploy(self, name: str = "prod") -> str:
        """Somebody else's deployment; its id."""
        return str(self.stage.plane.call("CreateDeployment", restApiId=self.id, stageName=name)["id"])

    def serves(self, name: str = "prod") -> str:
        """The deployment that a stage serves."""
        return str(self.stage.plane.call("GetStage", restApiId=self.id, stageName=name)["deploymentId"])

    def served(self, scope: MethodKey = GET_PETS, name: str = "prod") -> list[str]:
        """The statuses that a stage answers with."""
        reader = self.stage.cloud.connect(Coordinates()).reader
        return list(reader.deployed(Target(ACCOUNT_ID, REGION, self.id), name).methods[scope].responses)

    def description(self, name: str = "prod") -> str:
        """Of the deployment that a stage serves."""
        found = self.stage.plane.call("GetDeployment", restApiId=self.id, deploymentId=self.serves(name))
        return str(found.get("description", ""))

    def writes(self) -> list[str]:
        """The writes so far."""
        return [call.operation for call in self.stage.plane.calls.writes()]


def pets_of(stage: Stage, *stages: str) -> Pets:
    """The API, deployed to these stages as it is."""
    names = stages or ("prod",)
    method = Method({"200": DEFAULT}, _DECLARED)
    pets = Pets(stage, stage.api("petstore", {GET_PETS: method, POST_PETS: method}))
    for name in names:
        pets.deploy(name)
    stage.plane.calls.clear()
    stage.write(manifest(TWO, spec=f"deploy: {{stages: [{', '.join(names)}]}}"))
    return pets
