/** Events with the shapes of "Example Events for AWS Config Rules", for functions. */

const SHARED = {
  version: '1.0',
  ruleParameters: '{}',
  resultToken: 'myResultToken',
  eventLeftScope: false,
  executionRoleArn:
    'arn:aws:iam::123456789012:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig',
  configRuleArn: 'arn:aws:config:eu-west-1:123456789012:config-rule/config-rule-0123456',
  configRuleName: 'tracing',
  configRuleId: 'config-rule-0123456',
  accountId: '123456789012',
};

export const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:orders';

function item(status: string): object {
  return {
    configurationItemVersion: '1.3',
    configurationItemCaptureTime: '2026-11-17T01:36:34.043Z',
    configurationStateId: 1_479_346_594_043,
    awsAccountId: '123456789012',
    configurationItemStatus: status,
    resourceType: 'AWS::Lambda::Function',
    resourceId: 'orders',
    resourceName: 'orders',
    ARN,
    awsRegion: 'eu-west-1',
    availabilityZone: 'Not Applicable',
    configurationStateMd5Hash: '',
  };
}

function event(invokingEvent: object, more: object = {}): object {
  return { ...SHARED, invokingEvent: JSON.stringify(invokingEvent), ...more };
}

/** Returns the event for a function that changed. */
export function changeEvent(status = 'OK', more: object = {}): object {
  const configurationItem = {
    ...item(status),
    relatedEvents: [],
    relationships: [
      {
        resourceId: 'AROAEXAMPLE',
        resourceName: 'orders-role',
        resourceType: 'AWS::IAM::Role',
        name: 'Is associated with ',
      },
    ],
    // An older state than that of Lambda.
    configuration:
      status === 'OK'
        ? { functionName: 'orders', functionArn: ARN, tracingConfig: { mode: 'Active' } }
        : null,
    supplementaryConfiguration: {},
    tags: {},
  };
  return event(
    {
      configurationItemDiff: { changedProperties: {}, changeType: 'UPDATE' },
      configurationItem,
      notificationCreationTime: '2026-11-17T01:36:38.001Z',
      messageType: 'ConfigurationItemChangeNotification',
      recordVersion: '1.3',
    },
    more,
  );
}

/** Returns the event for a function whose configuration is too large for an event. */
export function oversizedEvent(): object {
  return event({
    configurationItemSummary: { ...item('OK'), changeType: 'UPDATE', tags: null },
    s3DeliverySummary: {
      s3BucketLocation: 'bucket/AWSLogs/123456789012/Config/OversizedChangeNotification/orders.json.gz',
      errorCode: null,
      errorMessage: null,
    },
    notificationCreationTime: '2026-11-17T01:36:38.001Z',
    messageType: 'OversizedConfigurationItemChangeNotification',
    recordVersion: '1.0',
  });
}

/** Returns the event for the evaluation of all functions. */
export function scheduledEvent(more: object = {}): object {
  return event(
    {
      awsAccountId: '123456789012',
      notificationCreationTime: '2026-11-17T03:00:00.000Z',
      messageType: 'ScheduledNotification',
      recordVersion: '1.0',
    },
    more,
  );
}
