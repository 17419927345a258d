import {
  CfnElement,
  type CfnResource,
  type IPolicyValidationContext,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  Stack,
} from 'aws-cdk-lib';
import { NagPack, type NagPackProps } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { RULES } from '../rules';
import { VERSION_LOCK } from '../rules/version-lock';
import { printable } from '../text/printable';
import { VERSION } from '../version';
import { templatePath } from './app-templates';
import {
  type AppFinding,
  type AppCheckConfig,
  isWithin,
  checkApp,
  type CheckedApp,
  synthesizeApp,
} from './check-app';

const PACK_NAME = 'LambdaXRay';

/**
 * A cdk-nag pack that fails the synthesis when the X-Ray tracing of a Lambda function is wrong.
 *
 * It judges the synthesized templates of the whole app at once, so that it sees across stacks, nested
 * stacks and stages, and what raw overrides and includes made of a resource.
 *
 * ```ts
 * Validations.of(app).addPlugins(new LambdaXRayChecks(app));
 * ```
 *
 * A finding is acknowledged on the construct, or on one around it:
 *
 * ```ts
 * Validations.of(mapping).acknowledge({ id: 'LambdaXRay-UnsupportedEventSource', reason: '...' });
 * ```
 */
export class LambdaXRayChecks extends NagPack {
  public readonly name: string = PACK_NAME;
  public readonly version?: string = VERSION;
  public readonly ruleIds?: string[] = RULES.map((rule) => rule.id);
  private readonly explains: boolean;
  private readonly settings: AppCheckConfig;

  /**
   * @param scope the app or stage that the pack is registered on
   * @param props options of every cdk-nag pack, how severe the rules are, and what to compare with
   * @throws if there is no such rule, or no such severity
   */
  constructor(scope?: IConstruct, props?: LambdaXRayChecksProps) {
    super(scope, props);
    this.packName = PACK_NAME;
    this.explains = props?.verbose ?? false;
    this.settings = { severities: checkedSeverities(props?.severities ?? {}), baseline: props?.baseline };
  }

  /**
   * Called by CDK once the app is synthesized. Judges the stacks that CDK names, and those nested in them,
   * in the light of the whole app.
   */
  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const isAskedFor = (stack: IConstruct) =>
      Stack.isStack(stack) && context.templatePaths.includes(templatePath(stack));
    return this.report(checkApp(context.appConstruct, this.settings), (construct) =>
      construct.node.scopes.some(isAskedFor),
    );
  }

  /**
   * Checks a construct tree directly, for tests and scripts.
   *
   * @param scope findings on this construct and those in it are reported; the app around it is
   *     synthesized first, unless it is already
   * @throws if the scope isn't in an app, or if the app can't be synthesized
   */
  public validateScope(scope: IConstruct): PolicyValidationPluginReport {
    const judged = checkApp(synthesizeApp(scope), this.settings);
    return this.report(judged, (construct) => isWithin(construct, scope));
  }

  /** Does nothing: a resource by itself doesn't tell, so the pack judges all of them together. */
  protected checkResource(_node: CfnResource): void {}

  private report(
    { findings, baselineProblems }: CheckedApp,
    isAskedFor: (construct: IConstruct) => boolean,
  ): PolicyValidationPluginReport {
    const open = findings.filter(({ construct }) => isAskedFor(construct));
    return {
      success: baselineProblems.length === 0 && !open.some(({ finding }) => finding.severity === 'error'),
      pluginVersion: this.version,
      violations: [
        ...open.map((found) => this.violation(found)),
        ...baselineProblems.map((problem) => unreadBaseline(problem)),
      ],
    };
  }

  private violation({ finding, construct }: AppFinding): PolicyViolation {
    const { rule } = finding;
    const stack = CfnElement.isCfnElement(construct) ? construct.stack : undefined;
    return {
      ruleName: rule.id,
      severity: finding.severity,
      // CDK prints line breaks and marks of direction as they are.
      description: printable(this.explains ? `${finding.message} ${rule.rationale}` : finding.message),
      fix: printable(finding.fix),
      ruleMetadata: { documentation: rule.source.url },
      violatingResources: [
        {
          constructPath: construct.node.path,
          resourceLogicalId: finding.resource.logicalId,
          templatePath: stack && templatePath(stack),
          locations: finding.property ? [`Properties.${finding.property}`] : [],
        },
      ],
    };
  }
}

/** The app is wrong in nothing then, but the comparison that was asked for isn't made. */
function unreadBaseline(problem: string): PolicyViolation {
  return {
    ruleName: VERSION_LOCK.id,
    severity: 'error',
    description: printable(`The baseline is not compared with: ${problem}`),
    fix: 'Name the cloud assembly, or the template, that this app was synthesized to before, or leave the baseline out.',
    violatingResources: [{ constructPath: '', resourceLogicalId: '', locations: [] }],
  };
}

function checkedSeverities(given: Readonly<Record<string, RuleSeverity>>): Record<string, RuleSeverity> {
  const known = RULES.map(({ id }) => id);
  const severities = Object.values(RuleSeverity);
  return Object.fromEntries(
    Object.entries(given).map(([name, severity]) => {
      const id = known.find((candidate) => candidate === name || candidate === `${PACK_NAME}-${name}`);
      if (!id)
        throw new Error(`LambdaXRayChecks: there is no rule '${name}'. The rules are ${known.join(', ')}.`);
      if (!severities.includes(severity)) {
        throw new Error(
          `LambdaXRayChecks: '${String(severity)}' is no severity of ${id}. It is one of ${severities.join(', ')}.`,
        );
      }
      return [id, severity];
    }),
  );
}

/**
 * Properties of `LambdaXRayChecks`: those of every cdk-nag pack, how severe the rules are, and what to compare with.
 */
export interface LambdaXRayChecksProps extends NagPackProps {
  /**
   * Severities other than the rules' own, by rule ID, with or without `LambdaXRay-`.
   *
   * @default - the severity of each rule
   */
  readonly severities?: { [ruleId: string]: RuleSeverity };

  /**
   * What the app was synthesized to before: the path of a cloud assembly, a template, or a folder of templates. By
   * comparison with it, versions are found that would keep a tracing mode that their function no longer has
   * (LambdaXRay-VersionLock). One that can't be read, or is of another app, is an error among the findings.
   *
   * @default - nothing is compared
   */
  readonly baseline?: string;
}

/**
 * How severe the findings of a rule are.
 */
export enum RuleSeverity {
  /** They fail the synthesis. */
  ERROR = 'error',
  /** They are printed as warnings. */
  WARNING = 'warning',
  /** They are printed for information. */
  INFO = 'info',
  /** The rule isn't applied. */
  OFF = 'off',
}
