# Rules for `reconciler plan --format json`. conftest test --policy samples/policy/rego --namespace plan plan.json
package plan

import rego.v1

production := {"prod"}

# Steps prepare a change (a method response, a parked pattern) and are no changes themselves.
changes contains action if {
	some action in input.actions
	action.step == null
}

deny contains msg if {
	some action in changes
	action.op == "delete"
	action.target.environment in production
	msg := sprintf("%s (%s) is deleted", [action.address, action.target.environment])
}

# What a backend says when it fails is for its owners: stack traces, host names, SQL.
deny contains msg if {
	some action in changes
	action.op != "delete"
	startswith(action.target.statusCode, "5")
	some template in object.get(action.after, "responseTemplates", {})
	some whole in ["$input.body", "$input.json('$')"]
	contains(template, whole)
	msg := sprintf("%s hands the backend's whole answer to clients", [action.address])
}

deny contains msg if {
	some action in changes
	action.op != "delete"
	some name, value in object.get(action.after, "responseParameters", {})
	lower(name) == "method.response.header.access-control-allow-origin"
	value == "'*'"
	action.target.environment in production
	msg := sprintf("%s (%s) lets every web site read it", [action.address, action.target.environment])
}

warn contains msg if {
	count(changes) > 50
	msg := sprintf("%d changes in one plan are hard to review: split it", [count(changes)])
}
