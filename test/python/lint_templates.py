"""Validates templates against the schemas of CloudFormation resources. Prints the errors of each."""

import json
import sys

from cfnlint.api import lint

# The end of the support of a runtime depends on the day, and the layers also list older runtimes.
ENDED_RUNTIMES = ("E2531", "E2533")


def errors(template, regions):
    found = [(match.rule.id, match.message) for match in lint(json.dumps(template), None, regions)]
    return sorted({
        f"{rule} {message}"
        for rule, message in found
        if rule.startswith("E") and rule not in ENDED_RUNTIMES
    })


print(json.dumps([errors(each["template"], each["regions"]) for each in json.load(sys.stdin)]))
