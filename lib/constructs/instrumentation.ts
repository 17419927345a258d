/**
 * Options of `Instrumentation.openTelemetry()`.
 */
export interface OpenTelemetryOptions {
  /**
   * Send metrics to CloudWatch Application Signals, which CloudWatch charges for. The stack gets one
   * `AWS::ApplicationSignals::Discovery`, unless it has one. An account needs it once; more of them change nothing.
   * CloudFormation does not have this resource in the China regions, where you turn Application Signals on in the console.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Application-Monitoring-Sections.html
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-applicationsignals-discovery.html
   * @see https://aws.amazon.com/cloudwatch/pricing/
   * @default false
   */
  readonly applicationSignals?: boolean;

  /**
   * The ARN of the layer version, such as a copy in your account or a newer version. The runtime, the architecture and the
   * region are not checked then.
   *
   * @default - the AWSOpenTelemetryDistro layer for the runtime and the region, in the version that this package lists
   */
  readonly layerVersionArn?: string;

  /**
   * The sampling decision for spans.
   *
   * @default - the decision of the incoming trace header, which is that of the first traced service
   */
  readonly sampler?: OpenTelemetrySampler;

  /**
   * Turn on all instrumentations of the layer. This makes cold starts longer.
   *
   * @see https://aws-otel.github.io/docs/getting-started/lambda
   * @default false - calls of the AWS SDK and HTTP
   */
  readonly allInstrumentations?: boolean;

  /**
   * The name of the service that the function belongs to. Application Signals shows functions with the same name as one
   * service.
   *
   * @default - the name of the function
   */
  readonly serviceName?: string;
}

/**
 * Sampling of OpenTelemetry in a function: the environment variables `OTEL_TRACES_SAMPLER` and
 * `OTEL_TRACES_SAMPLER_ARG`.
 *
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export class OpenTelemetrySampler {
  /** Samples each request, no matter what the trace header says. */
  public static alwaysOn(): OpenTelemetrySampler {
    return new OpenTelemetrySampler('always_on');
  }

  /**
   * Samples a part of the traces, no matter what the trace header says.
   *
   * @param ratio the part, from above 0 to 1
   * @throws if the ratio is out of range
   */
  public static traceIdRatio(ratio: number): OpenTelemetrySampler {
    return new OpenTelemetrySampler('traceidratio', validateRatio(ratio));
  }

  /**
   * Follows the decision of the trace header. Samples a part of the requests without a header.
   *
   * @param ratio the part, from above 0 to 1
   * @throws if the ratio is out of range
   */
  public static parentBasedTraceIdRatio(ratio: number): OpenTelemetrySampler {
    return new OpenTelemetrySampler('parentbased_traceidratio', validateRatio(ratio));
  }

  private constructor(
    /** @internal */
    public readonly _name: string,
    /** @internal */
    public readonly _ratio?: number,
  ) {}
}

function validateRatio(ratio: number): number {
  if (Number.isFinite(ratio) && ratio > 0 && ratio <= 1) return ratio;
  throw new Error(
    `OpenTelemetrySampler: the ratio must be above 0 and at most 1, but is ${String(ratio)}. To record no spans, use ` +
      'Instrumentation.none().',
  );
}

/**
 * Instrumentation of the code of a function. Active tracing alone records the two segments of Lambda. Calls that the code
 * makes, and annotations, need a library.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export class Instrumentation {
  /** Adds no library. The trace has the two segments of Lambda. */
  public static none(): Instrumentation {
    return new Instrumentation('none');
  }

  /**
   * Instruments the function with the AWS Distro for OpenTelemetry, without changing its code. AWS recommends this
   * instead of the X-Ray SDKs.
   *
   * The function gets the layer for its runtime and region, the environment variable `AWS_LAMBDA_EXEC_WRAPPER`, and the
   * AWS managed policy `CloudWatchLambdaApplicationSignalsExecutionRolePolicy`, or a statement with
   * `TracingPermissions.LEAST_PRIVILEGE`. A stack without a region gets a mapping with the layers of all regions.
   *
   * The layers are part of a version, as is the environment: `currentVersion` publishes a new version. Node.js, Python, Java
   * and .NET are supported. For container images, the layer's content must be copied in the Dockerfile.
   *
   * @param options the layer and its settings
   * @see https://aws-otel.github.io/docs/getting-started/lambda
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Application-Signals-Enable-LambdaMain.html
   */
  public static openTelemetry(options: OpenTelemetryOptions = {}): Instrumentation {
    return new Instrumentation('openTelemetry', options);
  }

  /**
   * States that the code uses an X-Ray SDK, which you add to the function. AWS supports the X-Ray SDKs until 25 February
   * 2027, with security fixes only. Use `openTelemetry()` for new functions.
   *
   * The function gets the environment variable `AWS_XRAY_SDK_ENABLED=true`. Synthesis fails if a variable turns the SDK
   * off, or if a layer instruments the function too.
   *
   * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-sdk-migration.html
   */
  public static xraySdk(): Instrumentation {
    return new Instrumentation('xraySdk');
  }

  /**
   * States that the code uses the Tracer of Powertools for AWS Lambda, which you add to the function. Tracer is based on
   * the X-Ray SDKs, which AWS supports until 25 February 2027, with security fixes only.
   *
   * The function gets the environment variable `POWERTOOLS_TRACE_ENABLED=true`. Synthesis fails if a variable turns Tracer
   * off, or if a layer instruments the function too.
   *
   * @see https://docs.aws.amazon.com/powertools/
   * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-sdk-migration.html
   */
  public static powertools(): Instrumentation {
    return new Instrumentation('powertools');
  }

  private constructor(
    /** @internal */
    public readonly _library: 'none' | 'openTelemetry' | 'xraySdk' | 'powertools',
    /** @internal */
    public readonly _options: OpenTelemetryOptions = {},
  ) {}
}

/**
 * The instrumentation of traced functions.
 */
export interface InstrumentationProps {
  /**
   * Instrumentation of the code.
   *
   * @default Instrumentation.none()
   */
  readonly instrumentation?: Instrumentation;
}
