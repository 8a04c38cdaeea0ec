"""OpenAPI definitions of REST APIs: their integration responses as manifests, and manifests written into them.

functions    texts that depend on functions of CloudFormation (`Fn::Sub`)
definitions  the definitions of a file: an OpenAPI document, or those within a template of SAM or CloudFormation
operations   the methods of a definition, with their integrations (`$ref` included)
read         their responses
export       -> manifests
desired      the manifests of one API -> the responses of each method
rewrite      -> edits of the definition (`clashes`: responses that one JSON object cannot hold)
update       a definition's file with the responses of the manifests
"""
