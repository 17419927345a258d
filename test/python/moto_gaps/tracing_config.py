"""The tracing mode of functions, which moto keeps only for CreateFunction, not for CloudFormation and updates."""

from moto.awslambda.models import LambdaFunction

create = LambdaFunction.create_from_cloudformation_json.__func__
update = LambdaFunction.update_configuration


def create_from_cloudformation_json(
    cls, resource_name, cloudformation_json, account_id, region_name, **kwargs
):
    fn = create(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs)
    fn.tracing_config = cloudformation_json["Properties"].get("TracingConfig", fn.tracing_config)
    return fn


def update_configuration(self, config_updates):
    self.tracing_config = config_updates.get("TracingConfig", self.tracing_config)
    return update(self, config_updates)


LambdaFunction.create_from_cloudformation_json = classmethod(create_from_cloudformation_json)
LambdaFunction.update_configuration = update_configuration
