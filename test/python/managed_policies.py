"""Prints the AWS managed policies that moto contains, by the part of their ARN after `policy/`."""

import json
import sys

from moto.iam.aws_managed_policies import aws_managed_policies_data

policies = json.loads(aws_managed_policies_data)
json.dump(
    {
        (policy["Path"].strip("/") + "/" + name).lstrip("/"): policy["Document"]
        for name, policy in policies.items()
    },
    sys.stdout,
)
