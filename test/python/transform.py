"""Transforms a list of SAM templates to CloudFormation templates."""

import json
import sys

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator


class NoManagedPolicies:
    def load(self):
        return {}


def transform(template):
    return Translator({}, Parser()).translate(template, parameter_values={"AWS::Region": "eu-west-1"})


json.dump([transform(template) for template in json.load(sys.stdin)], sys.stdout)
