# Rules for `reconciler drift --format json`. conftest test --policy samples/policy/rego --namespace drift drift.json
package drift

import rego.v1

production := {"prod"}

deny contains msg if {
	some finding in input.findings
	finding.type == "error"
	msg := sprintf("%s (%s) could not be compared: %s", [finding.address, site(finding), finding.message])
}

deny contains msg if {
	some finding in input.findings
	finding.type != "error"
	finding.environment in production
	msg := sprintf("%s (%s) is %s in AWS", [finding.address, site(finding), finding.type])
}

# Found by an earlier run too, so somebody knows of it. Needs --history.
deny contains msg if {
	some finding in input.findings
	finding.age == "known"
	msg := sprintf("%s (%s) has drifted since %s", [finding.address, site(finding), finding.firstSeen])
}

warn contains msg if {
	some finding in input.findings
	finding.type != "error"
	not finding.environment in production
	msg := sprintf("%s (%s) is %s in AWS", [finding.address, site(finding), finding.type])
}

site(finding) := finding.environment if finding.environment != null

site(finding) := finding.region if finding.environment == null
