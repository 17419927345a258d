import sys

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from cdk_lambda_xray import (
    LambdaTracing,
    LambdaXRayChecks,
    RuleSeverity,
    TracedFunction,
    TracingAssertions,
    TracingPermissions,
)

app = cdk.App(outdir=sys.argv[1])
stack = cdk.Stack(app, "Orders")
code = {
    "runtime": lambda_.Runtime.PYTHON_3_13,
    "handler": "index.handler",
    "code": lambda_.Code.from_inline("def handler(event, context): return 1"),
}
intake = TracedFunction(stack, "Intake", tracing_permissions=TracingPermissions.LEAST_PRIVILEGE, **code)
lambda_.Alias(stack, "Live", alias_name="live", version=intake.current_version)
consumer = lambda_.Function(stack, "Consumer", tracing=lambda_.Tracing.ACTIVE, **code)
mapping = lambda_.EventSourceMapping(
    stack,
    "Kafka",
    target=consumer,
    event_source_arn="arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123",
    starting_position=lambda_.StartingPosition.LATEST,
    kafka_topic="orders",
)
lambda_.Function(stack, "Reports", **code)

LambdaTracing.of(app).active(exclude_paths=["Orders/Nothing?"], tie_versions=True)
cdk.Validations.of(mapping).acknowledge(
    cdk.Acknowledgment(
        id="UnsupportedEventSource", reason="The API in front of this function is what we trace."
    )
)
checks = LambdaXRayChecks(app, severities={"DaemonMemory": RuleSeverity.OFF})
cdk.Validations.of(app).add_plugins(checks)
app.synth()

TracingAssertions.from_stack(stack).has_mode("Orders/Reports", lambda_.Tracing.ACTIVE)
