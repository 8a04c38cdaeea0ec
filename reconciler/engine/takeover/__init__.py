"""What to take out of another tool once manifests declare the responses of an API. Offline, from an export.

responses       the exported responses, with what AWS calls them
state           Terraform's state, as `terraform show -json` prints it
terraform       the resources that hold exported responses
template        the methods of CloudFormation's templates that declare integration responses
cloudformation  those of them that declare exported ones
"""
