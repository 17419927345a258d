import io.github.cdklambdaxray.LambdaTracing;
import io.github.cdklambdaxray.LambdaTracingActiveOptions;
import io.github.cdklambdaxray.LambdaXRayChecks;
import io.github.cdklambdaxray.LambdaXRayChecksProps;
import io.github.cdklambdaxray.RuleSeverity;
import io.github.cdklambdaxray.TracedFunction;
import io.github.cdklambdaxray.TracingAssertions;
import io.github.cdklambdaxray.TracingPermissions;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Acknowledgment;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Validations;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.EventSourceMapping;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.StartingPosition;
import software.amazon.awscdk.services.lambda.Tracing;

/** The same app as app.cjs. */
public final class OrdersApp {
    public static void main(String[] args) {
        App app = App.Builder.create().outdir(args[0]).build();
        Stack stack = new Stack(app, "Orders");
        Code code = Code.fromInline("def handler(event, context): return 1");
        TracedFunction intake = TracedFunction.Builder.create(stack, "Intake")
                .tracingPermissions(TracingPermissions.LEAST_PRIVILEGE)
                .runtime(Runtime.PYTHON_3_13)
                .handler("index.handler")
                .code(code)
                .build();
        Alias.Builder.create(stack, "Live").aliasName("live").version(intake.getCurrentVersion()).build();
        Function consumer = Function.Builder.create(stack, "Consumer")
                .tracing(Tracing.ACTIVE)
                .runtime(Runtime.PYTHON_3_13)
                .handler("index.handler")
                .code(code)
                .build();
        EventSourceMapping mapping = EventSourceMapping.Builder.create(stack, "Kafka")
                .target(consumer)
                .eventSourceArn("arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123")
                .startingPosition(StartingPosition.LATEST)
                .kafkaTopic("orders")
                .build();
        Function.Builder.create(stack, "Reports")
                .runtime(Runtime.PYTHON_3_13)
                .handler("index.handler")
                .code(code)
                .build();

        LambdaTracing.of(app).active(LambdaTracingActiveOptions.builder()
                .excludePaths(List.of("Orders/Nothing?"))
                .tieVersions(true)
                .build());
        Validations.of(mapping).acknowledge(Acknowledgment.builder()
                .id("UnsupportedEventSource")
                .reason("The API in front of this function is what we trace.")
                .build());
        LambdaXRayChecks checks = new LambdaXRayChecks(app, LambdaXRayChecksProps.builder()
                .severities(Map.of("DaemonMemory", RuleSeverity.OFF))
                .build());
        Validations.of(app).addPlugins(checks);
        app.synth();

        TracingAssertions.fromStack(stack).hasMode("Orders/Reports", Tracing.ACTIVE);
    }
}
