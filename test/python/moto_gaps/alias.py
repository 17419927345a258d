"""AWS::Lambda::Alias, which moto's CloudFormation lacks."""

from moto.awslambda.models import lambda_backends
from moto.core.common_models import CloudFormationModel


class Alias(CloudFormationModel):
    def __init__(self, alias):
        self.alias = alias

    @staticmethod
    def cloudformation_type():
        return "AWS::Lambda::Alias"

    @property
    def physical_resource_id(self):
        return self.alias.arn

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name, cloudformation_json, account_id, region_name, **kwargs
    ):
        properties = cloudformation_json["Properties"]
        return cls(
            lambda_backends[account_id][region_name].create_alias(
                properties["Name"],
                properties["FunctionName"],
                properties["FunctionVersion"],
                properties.get("Description", ""),
                properties.get("RoutingConfig", {}),
            )
        )

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
    ):
        properties = cloudformation_json["Properties"]
        original_resource.alias.update(
            properties.get("Description"),
            properties["FunctionVersion"],
            properties.get("RoutingConfig"),
        )
        return original_resource
