"""AWS::Lambda::Version with attributes and replacement, which moto lacks."""

from moto.awslambda.models import LambdaVersion, lambda_backends


def create_from_cloudformation_json(
    cls, resource_name, cloudformation_json, account_id, region_name, **kwargs
):
    backend = lambda_backends[account_id][region_name]
    published = backend.publish_version(cloudformation_json["Properties"]["FunctionName"])
    version = cls({"Version": str(published.version)})
    version.physical_resource_id = published.function_arn
    return version


def update_from_cloudformation_json(
    cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
):
    """Replaces the version, as every property change does."""
    return cls.create_from_cloudformation_json(
        new_resource_name, cloudformation_json, account_id, region_name
    )


LambdaVersion.create_from_cloudformation_json = classmethod(create_from_cloudformation_json)
LambdaVersion.update_from_cloudformation_json = classmethod(update_from_cloudformation_json)
LambdaVersion.has_cfn_attr = classmethod(lambda cls, attribute: attribute == "Version")
LambdaVersion.get_cfn_attribute = lambda self, attribute: self.version
