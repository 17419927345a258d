import fc from 'fast-check';
import type { TemplateSource } from '../../lib/cloudformation/template';
import { Choices } from './choices';
import { type Homes, RoleWriter } from './role-writer';
import { type Draft, nestedStackOf, type Part, PARTITION, Spelling, CERTAIN, type Value } from './spelling';
import {
  type Mode,
  nameOf,
  type SourceKind,
  SYSTEM,
  type System,
  type SystemFunction,
  type SystemMapping,
} from './system';

/** Parameters of writing a system as templates. */
export interface Writing {
  /** Number of templates. */
  readonly templates: number;
  /** True if account, region and stack names are known, as in a cloud assembly. */
  readonly isEnvironmentKnown: boolean;
  readonly choices: readonly number[];
}

export const CHOICES = fc.array(fc.nat(359), { maxLength: 400, size: 'max' });

export const WRITING: fc.Arbitrary<Writing> = fc.record({
  templates: fc.integer({ min: 1, max: 4 }),
  isEnvironmentKnown: fc.boolean(),
  choices: CHOICES,
});

/** Parameters for template files, whose stacks are unknown. */
export const WITHOUT_ENVIRONMENT = WRITING.map((writing) => ({ ...writing, isEnvironmentKnown: false }));

/** A system in one of its spellings. A failure prints its templates. */
export const WRITTEN = fc
  .tuple(SYSTEM, WRITING)
  .map(([system, writing]) => ({ system, writing, sources: written(system, writing) }))
  .map((value) => ({ ...value, [fc.toStringMethod]: () => JSON.stringify(value.sources, undefined, 1) }));

/** Writes a system as templates. */
export function written(system: System, writing: Writing): TemplateSource[] {
  return new SystemWriter(system, writing).sources();
}

const REGION = 'eu-west-1';
const ACCOUNT = '111122223333';

const MODES: Readonly<Record<Exclude<Mode, 'unset'>, string>> = {
  Active: 'Active',
  PassThrough: 'PassThrough',
};

interface Source {
  /** Type of the source's resource, and the attribute with its ARN. */
  readonly resource?: { readonly type: string; readonly attribute?: string };
  /** Service of the ARN, and its part after the account. */
  readonly arn?: { readonly service: string; readonly name: string };
  /** Properties that identify the kind if the ARN is unknown. */
  readonly identifying?: object;
}

const SOURCES: Readonly<Record<SourceKind, Source>> = {
  sqs: {
    resource: { type: 'AWS::SQS::Queue', attribute: 'Arn' },
    arn: { service: 'sqs', name: 'orders' },
  },
  kinesis: {
    resource: { type: 'AWS::Kinesis::Stream', attribute: 'Arn' },
    arn: { service: 'kinesis', name: 'stream/orders' },
  },
  dynamodb: {
    resource: { type: 'AWS::DynamoDB::Table', attribute: 'StreamArn' },
    arn: { service: 'dynamodb', name: 'table/orders/stream/2025-01-01T00:00:00.000' },
  },
  msk: {
    resource: { type: 'AWS::MSK::Cluster' },
    arn: { service: 'kafka', name: 'cluster/orders/0123' },
    identifying: { AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'orders' } },
  },
  kafka: {
    identifying: { SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ['kafka:9092'] } } },
  },
  mq: {
    resource: { type: 'AWS::AmazonMQ::Broker', attribute: 'Arn' },
    arn: { service: 'mq', name: 'broker:orders:b-1' },
    identifying: { Queues: ['orders'] },
  },
  documentdb: {
    arn: { service: 'rds', name: 'cluster:orders' },
    identifying: { DocumentDBEventSourceConfig: { DatabaseName: 'orders' } },
  },
};

class SystemWriter implements Homes {
  private readonly choices: Choices;
  private readonly drafts: Draft[] = [];
  private readonly homes = new Map<string, Draft>();
  private readonly spelling: Spelling;

  constructor(
    private readonly system: System,
    private readonly writing: Writing,
  ) {
    this.choices = new Choices(writing.choices);
    for (let index = 0; index < writing.templates; index++) {
      const parent = index === 0 ? undefined : this.choices.of([undefined, ...this.drafts]);
      this.drafts.push({
        index,
        parent,
        resources: {},
        parameters: {},
        given: {},
        outputs: {},
        mappings: {},
      });
    }
    this.spelling = new Spelling(this.drafts, this.homes, this.choices, writing.isEnvironmentKnown);
  }

  public sources(): TemplateSource[] {
    const { functions, roles, mappings } = this.system;
    // Resources need a template before references to them are written.
    for (const { id, version, alias } of functions) this.settle(id, version?.id, alias?.id);
    for (const { id } of roles) this.settle(id);
    const roleWriter = new RoleWriter(this, this.spelling, this.choices);
    for (const role of roles) roleWriter.write(role);
    for (const fn of functions) this.writeFunction(fn);
    for (const mapping of mappings) this.writeMapping(mapping);
    for (const draft of this.drafts) this.writeNestedStack(draft);
    return this.choices.shuffled(this.drafts.map((draft) => this.source(draft)));
  }

  public settle(...ids: readonly (string | undefined)[]): void {
    for (const id of ids) if (id !== undefined) this.homes.set(id, this.choices.of(this.drafts));
  }

  public add(id: string, type: string, properties: object): void {
    const condition = this.choices.of([{}, {}, { Condition: 'Always' }]);
    this.homeOf(id).resources[id] = { Type: type, ...condition, Properties: properties };
  }

  public homeOf(id: string): Draft {
    return this.homes.get(id)!;
  }

  private writeFunction(fn: SystemFunction): void {
    const { id, mode, role, isNamed, isInvokedOtherwise } = fn;
    const at = this.homeOf(id);
    const isSam = this.choices.of([false, false, true]);
    this.add(id, isSam ? 'AWS::Serverless::Function' : 'AWS::Lambda::Function', {
      ...(isNamed ? { FunctionName: this.spelling.string([nameOf(id)], at) } : {}),
      Role: this.spelling.string(this.roleArn(role), at),
      ...(isSam ? this.samMode(mode, at) : this.mode(mode, at)),
    });
    if (isInvokedOtherwise) this.permit(fn);
    this.publish(fn);
  }

  private mode(mode: Mode, at: Draft): object {
    if (mode !== 'unset') {
      const config = { Mode: this.spelling.string([MODES[mode]], at) };
      return { TracingConfig: this.spelling.whole(config) };
    }
    return this.choices.of([
      {},
      {},
      { TracingConfig: { Ref: 'AWS::NoValue' } },
      { TracingConfig: { Mode: { Ref: 'AWS::NoValue' } } },
      { TracingConfig: { Mode: { 'Fn::If': ['Never', 'Active', { Ref: 'AWS::NoValue' }] } } },
      { TracingConfig: { 'Fn::If': ['Always', { Ref: 'AWS::NoValue' }, { Mode: 'Active' }] } },
    ]);
  }

  private samMode(mode: Mode, at: Draft): object {
    if (mode !== 'unset') return { Tracing: this.spelling.string([MODES[mode]], at) };
    return this.choices.of<object>([{}, { Tracing: 'Disabled' }, { Tracing: { Ref: 'AWS::NoValue' } }]);
  }

  private roleArn(role: SystemFunction['role']): Value {
    if (role === 'imported') return [`arn:aws:iam::${ACCOUNT}:role/somebody-elses`];
    const { id, isNamed } = role;
    const account: Part = { pseudo: 'AWS::AccountId' };
    return this.choices.of<Value>([
      [{ of: id, attribute: 'Arn' }],
      [{ of: id, attribute: 'Arn' }],
      ['arn:', PARTITION, ':iam::', account, ':role/', { of: id }],
      ...(isNamed
        ? [
            [`arn:aws:iam::${ACCOUNT}:role/${nameOf(id)}`],
            ['arn:', PARTITION, ':iam::', account, `:role/${nameOf(id)}`],
          ]
        : []),
    ]);
  }

  private permit(fn: SystemFunction): void {
    const id = `Permission${fn.id}`;
    this.settle(id);
    this.add(id, 'AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      FunctionName: this.spelling.string(this.functionOf(fn), this.homeOf(id)),
      Principal: 'iot.amazonaws.com',
    });
  }

  private publish(fn: SystemFunction): void {
    const { version, alias } = fn;
    if (version) {
      const at = this.homeOf(version.id);
      this.add(version.id, 'AWS::Lambda::Version', {
        FunctionName: this.spelling.string(this.functionOf(fn), at),
        ...this.description(version.modeKey, fn.mode, at),
      });
    }
    if (alias) {
      const at = this.homeOf(alias.id);
      this.add(alias.id, 'AWS::Lambda::Alias', {
        Name: this.spelling.string(['live'], at),
        FunctionName: this.spelling.string(this.functionOf(fn), at),
        FunctionVersion:
          alias.on === 'version'
            ? this.spelling.string([{ of: version!.id, attribute: 'Version' }], at)
            : this.spelling.string([alias.on === 'number' ? '7' : '$LATEST'], at, CERTAIN),
      });
    }
  }

  private description(modeKey: 'none' | 'description' | 'hash', mode: Mode, at: Draft): object {
    if (modeKey === 'description') {
      const effectiveMode = mode === 'unset' ? 'PassThrough' : mode;
      return { Description: this.spelling.string([`Release 7 (X-Ray tracing: ${effectiveMode})`], at) };
    }
    return this.choices.of([
      () => ({}),
      () => ({ Description: this.spelling.string(['Release 7'], at, CERTAIN) }),
    ])();
  }

  /** Returns a reference to a function: by logical ID, name or ARN. */
  private functionOf({ id, isNamed }: SystemFunction): Value {
    const region: Part = { pseudo: 'AWS::Region' };
    const account: Part = { pseudo: 'AWS::AccountId' };
    const arnOf = (name: Part): Value => [
      'arn:',
      PARTITION,
      ':lambda:',
      region,
      ':',
      account,
      ':function:',
      name,
    ];
    return this.choices.of<Value>([
      [{ of: id }],
      [{ of: id, attribute: 'Arn' }],
      arnOf({ of: id }),
      [account, ':function:', { of: id }],
      ...(isNamed
        ? [
            [nameOf(id)],
            [`${ACCOUNT}:function:${nameOf(id)}`],
            [`arn:aws:lambda:${REGION}:${ACCOUNT}:function:${nameOf(id)}`],
            arnOf(nameOf(id)),
          ]
        : []),
    ]);
  }

  private writeMapping({ id, kind, target, through }: SystemMapping): void {
    this.settle(id);
    const at = this.homeOf(id);
    this.add(id, 'AWS::Lambda::EventSourceMapping', {
      FunctionName: this.targetOf(target, through, at),
      ...this.sourceOf(id, kind, at),
    });
  }

  private targetOf(fn: SystemFunction, through: SystemMapping['through'], at: Draft): unknown {
    const byName = this.functionOf(fn);
    const { version, alias } = fn;
    if (through === 'version') {
      return this.spelling.string(
        this.choices.of<Value>([
          [{ of: version!.id }],
          [...byName, ':', { of: version!.id, attribute: 'Version' }],
        ]),
        at,
      );
    }
    if (through === 'alias') {
      const likeCdk = () => ({
        'Fn::Join': [
          '',
          [
            { 'Fn::Select': [6, { 'Fn::Split': [':', this.spelling.string([{ of: alias!.id }], at)] }] },
            ':live',
          ],
        ],
      });
      return this.choices.of([
        () => this.spelling.string([{ of: alias!.id }], at),
        () => this.spelling.string([...byName, ':live'], at),
        likeCdk,
      ])();
    }
    return this.spelling.string(byName, at);
  }

  private sourceOf(mapping: string, kind: SourceKind, at: Draft): object {
    const { resource, arn, identifying } = SOURCES[kind];
    const topics = kind === 'msk' || kind === 'kafka' ? { Topics: ['orders'] } : {};
    const byArn = (value: Value) => ({ EventSourceArn: this.spelling.string(value, at), ...topics });
    return this.choices.of<() => object>([
      ...(resource
        ? [
            () => {
              const id = `Source${mapping}`;
              this.settle(id);
              this.add(id, resource.type, {});
              return byArn([{ of: id, attribute: resource.attribute }]);
            },
          ]
        : []),
      ...(arn
        ? [
            () => byArn([`arn:aws:${arn.service}:${REGION}:${ACCOUNT}:${arn.name}`]),
            () =>
              byArn([
                'arn:',
                PARTITION,
                `:${arn.service}:`,
                { pseudo: 'AWS::Region' },
                ':',
                { pseudo: 'AWS::AccountId' },
                `:${arn.name}`,
              ]),
          ]
        : []),
      ...(identifying
        ? [
            () => ({
              ...(arn ? { EventSourceArn: { 'Fn::ImportValue': 'from-elsewhere' } } : {}),
              ...Object.fromEntries(
                Object.entries({ ...identifying, ...topics }).map(([name, value]) => [
                  name,
                  this.spelling.whole(value),
                ]),
              ),
            }),
          ]
        : []),
    ])();
  }

  private writeNestedStack(draft: Draft): void {
    if (!draft.parent) return;
    draft.parent.resources[nestedStackOf(draft)] = {
      Type: 'AWS::CloudFormation::Stack',
      Properties: { TemplateURL: `./${fileOf(draft)}`, Parameters: draft.given },
    };
  }

  private source(draft: Draft): TemplateSource {
    const { index, parent, resources, parameters, outputs, mappings } = draft;
    const always = this.choices.of<object>([
      { 'Fn::Equals': ['a', 'a'] },
      { 'Fn::Equals': [{ Ref: 'AWS::Region' }, { 'Fn::Sub': '${AWS::Region}' }] },
      { 'Fn::Not': [{ 'Fn::Equals': ['a', 'b'] }] },
      { 'Fn::Or': [{ Condition: 'Perhaps' }, { 'Fn::Equals': ['a', 'a'] }] },
    ]);
    return {
      id: fileOf(draft),
      template: {
        Parameters: { Stage: { Type: 'String' }, ...parameters },
        Conditions: {
          Always: always,
          Never: { 'Fn::Not': [{ Condition: 'Always' }] },
          Perhaps: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
        },
        Mappings: mappings,
        Resources: Object.fromEntries(this.choices.shuffled(Object.entries(resources))),
        Outputs: outputs,
      },
      ...(this.writing.isEnvironmentKnown
        ? { account: ACCOUNT, region: REGION, ...(parent ? {} : { stackName: `stack${index}` }) }
        : {}),
      ...(parent ? { nestedIn: { id: fileOf(parent), logicalId: nestedStackOf(draft) } } : {}),
    };
  }
}

function fileOf({ index }: Draft): string {
  return `template${index}.template`;
}
