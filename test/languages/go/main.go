// The same app as app.cjs, without the pack, which needs cdk-nag 3.
package main

import (
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
	xray "github.com/cdk-lambda-xray/cdk-lambda-xray-go/cdklambdaxray"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String(os.Args[1])})
	stack := awscdk.NewStack(app, jsii.String("Orders"), nil)
	runtime := awslambda.Runtime_PYTHON_3_13()
	handler := jsii.String("index.handler")
	code := awslambda.Code_FromInline(jsii.String("def handler(event, context): return 1"))

	intake := xray.NewTracedFunction(stack, jsii.String("Intake"), &xray.TracedFunctionProps{
		TracingPermissions: xray.TracingPermissions_LEAST_PRIVILEGE,
		Runtime:            runtime,
		Handler:            handler,
		Code:               code,
	})
	awslambda.NewAlias(stack, jsii.String("Live"), &awslambda.AliasProps{
		AliasName: jsii.String("live"),
		Version:   intake.CurrentVersion(),
	})
	consumer := awslambda.NewFunction(stack, jsii.String("Consumer"), &awslambda.FunctionProps{
		Tracing: awslambda.Tracing_ACTIVE,
		Runtime: runtime,
		Handler: handler,
		Code:    code,
	})
	mapping := awslambda.NewEventSourceMapping(stack, jsii.String("Kafka"), &awslambda.EventSourceMappingProps{
		Target:           consumer,
		EventSourceArn:   jsii.String("arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123"),
		StartingPosition: awslambda.StartingPosition_LATEST,
		KafkaTopic:       jsii.String("orders"),
	})
	awslambda.NewFunction(stack, jsii.String("Reports"), &awslambda.FunctionProps{
		Runtime: runtime,
		Handler: handler,
		Code:    code,
	})

	xray.LambdaTracing_Of(app).Active(&xray.LambdaTracingActiveOptions{
		ExcludePaths: jsii.Strings("Orders/Nothing?"),
		TieVersions:  jsii.Bool(true),
	})
	awscdk.Validations_Of(mapping).Acknowledge(&awscdk.Acknowledgment{
		Id:     jsii.String("UnsupportedEventSource"),
		Reason: jsii.String("The API in front of this function is what we trace."),
	})
	app.Synth(nil)

	xray.TracingAssertions_FromStack(stack).HasMode(jsii.String("Orders/Reports"), awslambda.Tracing_ACTIVE)
}
