"""Managed policies of roles, which moto's CloudFormation ignores. Also loads the AWS managed policies."""

import os

from moto.iam.models import Role, iam_backends
from moto.utilities.utils import get_partition

os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"

create = Role.create_from_cloudformation_json.__func__


def create_from_cloudformation_json(
    cls, resource_name, cloudformation_json, account_id, region_name, **kwargs
):
    role = create(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs)
    backend = iam_backends[account_id][get_partition(region_name)]
    for arn in cloudformation_json["Properties"].get("ManagedPolicyArns", []):
        backend.attach_role_policy(arn, role.name)
    return role


Role.create_from_cloudformation_json = classmethod(create_from_cloudformation_json)
