import type { Choices } from './choices';
import { type Draft, PARTITION, type Spelling, CERTAIN, type Value } from './spelling';
import { type Grant, nameOf, type SystemRole } from './system';

const WRITE_ACTIONS = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
}

/** Permissions of a role: AWS managed policies, and statements in inline, attached or customer managed policies. */
interface Grants {
  readonly managed?: readonly string[];
  readonly statements?: readonly Statement[];
  readonly attached?: boolean;
  readonly own?: boolean;
}

const ALLOWED: Statement = { effect: 'Allow', actions: WRITE_ACTIONS };

const GRANTS: Readonly<Record<Grant, Grants>> = {
  'managed policy': { managed: ['AWSXRayDaemonWriteAccess'] },
  'older managed policy': { managed: ['AWSXrayWriteOnlyAccess'] },
  'inline policy': { statements: [ALLOWED] },
  'policy of its own': { statements: [ALLOWED], attached: true },
  'own managed policy': { statements: [ALLOWED], own: true },
  none: { statements: [{ effect: 'Allow', actions: ['logs:PutLogEvents', 's3:*'] }] },
  half: { statements: [{ effect: 'Allow', actions: ['xray:PutTraceSegments'] }], attached: true },
  denied: {
    managed: ['AWSXRayDaemonWriteAccess'],
    statements: [{ effect: 'Deny', actions: ['xray:PutTelemetryRecords'] }],
  },
};

/** The templates of resources. */
export interface Homes {
  /** Assigns a template to each resource, before it is written. */
  settle(...ids: readonly (string | undefined)[]): void;
  homeOf(id: string): Draft;
  add(id: string, type: string, properties: object): void;
}

/** Writes roles with the policies of their grants. */
export class RoleWriter {
  constructor(
    private readonly homes: Homes,
    private readonly spelling: Spelling,
    private readonly choices: Choices,
  ) {}

  public write({ id, grant, isNamed }: SystemRole): void {
    const at = this.homes.homeOf(id);
    const { managed = [], statements = [], attached, own }: Grants = GRANTS[grant];
    const policies = statements.length === 0 || attached || own ? [] : [this.policy(statements, at)];
    const arns = [...managed, 'service-role/AWSLambdaBasicExecutionRole'].map((name) =>
      this.spelling.string(
        this.choices.of<Value>([
          [`arn:aws:iam::aws:policy/${name}`],
          ['arn:', PARTITION, `:iam::aws:policy/${name}`],
        ]),
        at,
      ),
    );
    if (own) arns.push(this.spelling.string([{ of: this.ownManagedPolicy(id, statements) }], at));
    if (attached) this.attachPolicy(id, isNamed, statements);
    this.homes.add(id, 'AWS::IAM::Role', {
      ...(isNamed ? { RoleName: this.spelling.string([nameOf(id)], at) } : {}),
      ManagedPolicyArns: this.spelling.whole(this.spelling.list(this.choices.shuffled(arns))),
      ...(policies.length > 0 ? { Policies: this.spelling.list(policies.map(this.whole)) } : {}),
    });
  }

  private readonly whole = (value: unknown) => this.spelling.whole(value);

  private policy(statements: readonly Statement[], at: Draft): object {
    return { PolicyName: 'tracing', PolicyDocument: this.document(statements, at) };
  }

  private document(statements: readonly Statement[], at: Draft): object {
    const written = statements.map(({ effect, actions }) => ({
      Effect: effect,
      Action: this.actions(actions, at),
      Resource: this.choices.of<unknown>(['*', ['*']]),
    }));
    const single = this.choices.of([written, written.length === 1 ? written[0] : written]);
    return {
      Version: '2012-10-17',
      Statement: Array.isArray(single) ? this.spelling.list(single.map(this.whole)) : single,
    };
  }

  private actions(actions: readonly string[], at: Draft): unknown {
    const spelled = () => actions.map((action) => this.spelling.string([action], at, CERTAIN));
    const patterns = actions === WRITE_ACTIONS ? ['xray:Put*', 'xray:*', 'XRay:Put?*'] : [];
    return this.choices.of<() => unknown>([spelled, ...patterns.map((pattern) => () => pattern)])();
  }

  private ownManagedPolicy(role: string, statements: readonly Statement[]): string {
    const id = `Policy${role}`;
    this.homes.settle(id);
    this.homes.add(id, 'AWS::IAM::ManagedPolicy', {
      PolicyDocument: this.document(statements, this.homes.homeOf(id)),
    });
    return id;
  }

  private attachPolicy(role: string, isNamed: boolean, statements: readonly Statement[]): void {
    const id = `Policy${role}`;
    this.homes.settle(id);
    const at = this.homes.homeOf(id);
    const name = this.choices.of<Value>([[{ of: role }], isNamed ? [nameOf(role)] : [{ of: role }]]);
    const type = this.choices.of(['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']);
    this.homes.add(id, type, {
      ...(type === 'AWS::IAM::Policy' ? { PolicyName: 'tracing' } : {}),
      PolicyDocument: this.document(statements, at),
      Roles: this.spelling.list([this.spelling.string(name, at)]),
    });
  }
}
