/** Writes the table of the resources that publish to SNS topics in lib/trace-map/services/sns.ts from the resource schemas. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Property, PropertyType, SpecDatabase } from '@aws-cdk/service-spec-types';

const FILE = join(__dirname, '..', 'lib', 'trace-map', 'services', 'sns.ts');

/** The names of properties that hold an ARN, if they or their documentation mention SNS. */
const ARN = /(?:Arns?|ARNs?|Address|Target|Topic|TopicName)$/;
const OTHER_ARN = /Role|Caller|Application|Mqtt/;
const MENTIONS_SNS = /SNS|Simple Notification|Sns/;

/** Properties that take a topic among other targets. Their documentation does not say so. */
const TARGETS = /^(?:AlarmActions|InsufficientDataActions|OKActions|NotificationTargetARN|TargetAddress)$/;

/**
 * Types and properties that do not publish, or propagate a trace: SNS itself, services that the trace map knows, those
 * that subscribe to topics, and topics of Kafka and Amazon Quick Sight.
 */
const OTHERS =
  /^AWS::(?:Chatbot|Events|IoT::TopicRule|Lambda|MSK|MediaLive::EventBridgeRuleTemplate|Pipes|QuickSight|S3|SNS|Scheduler|Serverless|StepFunctions)\b|Chatbot/;

/** Returns the paths at which resources name topics, by resource type. */
export function topicPublishers(db: SpecDatabase): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  const resources = db.all('resource');
  for (const { cloudFormationType: type, properties } of resources) {
    const paths = pathsIn(properties, [], [], db).filter((path) => !OTHERS.test(`${type} ${path}`));
    if (paths.length > 0) found[type] = [...new Set(paths)].sort();
  }
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function pathsIn(
  properties: Readonly<Record<string, Property>>,
  path: readonly string[],
  through: readonly string[],
  db: SpecDatabase,
): string[] {
  return Object.entries(properties).flatMap(([name, { type, documentation = '' }]) =>
    pathsOf(type, [...path, name], documentation, through, db),
  );
}

function pathsOf(
  type: PropertyType,
  path: readonly string[],
  documentation: string,
  through: readonly string[],
  db: SpecDatabase,
): string[] {
  switch (type.type) {
    case 'array':
      return pathsOf(type.element, path, documentation, through, db);
    case 'union':
      return type.types.flatMap((one) => pathsOf(one, path, documentation, through, db));
    case 'ref': {
      const { name, properties } = db.get('typeDefinition', type.reference.$ref);
      return through.includes(name) ? [] : pathsIn(properties, path, [...through, name], db);
    }
    case 'string':
      return namesTopic(path, documentation) ? [path.join('.')] : [];
    default:
      return [];
  }
}

function namesTopic(path: readonly string[], documentation: string): boolean {
  const name = path.at(-1)!;
  if (TARGETS.test(name)) return true;
  return ARN.test(name) && !OTHER_ARN.test(name) && MENTIONS_SNS.test(`${path.join('.')} ${documentation}`);
}

function write(): void {
  const { version } = JSON.parse(
    readFileSync(require.resolve('@aws-cdk/aws-service-spec/package.json'), 'utf-8'),
  ) as { version: string };
  const date = new Date().toISOString().slice(0, 10);
  const table = `// Written by scripts/topic-publishers.ts on ${date}, from @aws-cdk/aws-service-spec ${version}.
export const PUBLISHERS: Readonly<Record<string, readonly string[]>> = ${JSON.stringify(topicPublishers(loadAwsServiceSpecSync()))};
// End of the table.
`;
  const source = readFileSync(FILE, 'utf-8').replace(/\/\/ Written by[^]*\/\/ End of the table\.\n/, table);
  writeFileSync(FILE, source);
  execFileSync('npx', ['oxfmt', FILE]);
}

if (require.main === module) write();
