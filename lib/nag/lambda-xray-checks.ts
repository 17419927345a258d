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
import { validateCdkCopy } from '../constructs/private/validate-props';
import { RULES } from '../rules';
import { VERSION_LOCK } from '../rules/version-lock';
import { printable } from '../text/printable';
import type { CheckedFinding } from '../checker/check';
import { PACK_NAME } from '../cloudformation/template';
import { helpUrlOf, VERSION } from '../version';
import { templatePath } from './app-templates';
import {
  type AppFinding,
  type AppCheckConfig,
  type AppConfig,
  isWithin,
  checkApp,
  NO_APP_CONFIG,
  readAppConfig,
  type CheckedApp,
  synthesizeApp,
} from './check-app';

/**
 * A cdk-nag pack that checks the X-Ray tracing of Lambda functions. Findings with the severity `error` make synthesis
 * fail.
 *
 * It checks the synthesized templates of the whole app together. Rules follow references across stacks, nested stacks
 * and stages, and see raw overrides and included resources.
 *
 * ```ts
 * Validations.of(app).addPlugins(new LambdaXRayChecks(app));
 * ```
 *
 * Acknowledge a finding on its construct or on a parent:
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
  private readonly config: AppCheckConfig;
  private readonly fails: AppConfig['fails'];

  /**
   * @param scope the app or stage that the pack is registered on
   * @param props the options of cdk-nag packs, the severities of rules, and the baseline
   * @throws if `severities` contains an unknown rule or severity, if the configuration file is missing or invalid, if cdk-nag
   *   is older than 3.0.0, or if the scope comes from another copy of aws-cdk-lib
   */
  constructor(scope?: IConstruct, props?: LambdaXRayChecksProps) {
    super(scope, props);
    if (!('validateScope' in NagPack.prototype)) {
      throw new Error(
        'LambdaXRayChecks requires cdk-nag 3, but an older version is installed. Run npm install cdk-nag@3. In a pack ' +
          'for cdk-nag 2, use LambdaXRayRules.',
      );
    }
    if (scope) validateCdkCopy(scope, 'LambdaXRayChecks');
    this.packName = PACK_NAME;
    this.explains = props?.verbose ?? false;
    const config = configOf(props);
    this.fails = config.fails;
    this.config = {
      severities: validateSeverities(props?.severities ?? {}),
      baseline: props?.baseline,
      readCode: props?.readCode,
      config,
      includeCdkFunctions: props?.includeCdkFunctions,
    };
  }

  /**
   * Checks the app and reports the findings of the stacks that CDK selects, including their nested stacks. CDK calls
   * this method after synthesis.
   *
   * @param context the app and the paths of its templates
   */
  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const isSelected = (stack: IConstruct) =>
      Stack.isStack(stack) && context.templatePaths.includes(templatePath(stack));
    const checkedApp = checkApp(context.appConstruct, this.config);
    return this.report(
      checkedApp,
      (construct) => construct.node.scopes.some(isSelected),
      checkedApp.configFindings,
    );
  }

  /**
   * Checks a construct tree directly, for tests and scripts. The app of the scope is synthesized first, unless it is
   * already synthesized.
   *
   * @param scope the construct whose findings are reported, including those of its children
   * @throws if the scope is not in an app, or if synthesis fails
   */
  public validateScope(scope: IConstruct): PolicyValidationPluginReport {
    const checkedApp = checkApp(synthesizeApp(scope), this.config);
    return this.report(checkedApp, (construct) => isWithin(construct, scope));
  }

  /** Does nothing, because the pack checks all resources together. */
  protected checkResource(_node: CfnResource): void {}

  private report(
    { findings, baselineProblems }: CheckedApp,
    isSelected: (construct: IConstruct) => boolean,
    configFindings: CheckedApp['configFindings'] = [],
  ): PolicyValidationPluginReport {
    const selected = findings.filter(({ construct }) => isSelected(construct));
    const reported = [...selected.map(({ finding }) => finding), ...configFindings];
    return {
      success: baselineProblems.length === 0 && !reported.some(({ severity }) => this.fails(severity)),
      pluginVersion: this.version,
      violations: [
        ...selected.map((finding) => this.violation(finding)),
        ...configFindings.map((finding) => configViolation(finding)),
        ...baselineProblems.map((problem) => baselineViolation(problem)),
      ],
    };
  }

  private violation({ finding, construct }: AppFinding): PolicyViolation {
    const { rule } = finding;
    const stack = CfnElement.isCfnElement(construct) ? construct.stack : undefined;
    return {
      ruleName: rule.id,
      severity: finding.severity,
      // CDK does not escape line breaks and text direction marks.
      description: printable(this.explains ? `${finding.message} ${rule.rationale}` : finding.message),
      fix: printable(finding.fix),
      ruleMetadata: { documentation: helpUrlOf(rule) },
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

/** Returns a problem with an acknowledgement in the configuration file. */
function configViolation({
  rule,
  severity,
  message,
  fix,
  resource,
  position,
}: CheckedFinding): PolicyViolation {
  const names = [resource.constructPath, resource.logicalId].filter((name) => name);
  const on = names.length > 0 ? ` (${names.join(', ')})` : '';
  const at = [resource.template.id, ...(position ? [position.line, position.column] : [])].join(':');
  return {
    ruleName: rule.id,
    severity,
    description: printable(`${at}: ${message.replace(/\.$/, '')}${on}.`),
    fix: printable(fix),
    ruleMetadata: { documentation: helpUrlOf(rule) },
    violatingResources: [{ constructPath: '', resourceLogicalId: '', locations: [] }],
  };
}

/** Returns an error for a baseline that can't be read, because the comparison is then missing. */
function baselineViolation(problem: string): PolicyViolation {
  return {
    ruleName: VERSION_LOCK.id,
    severity: 'error',
    ruleMetadata: { documentation: helpUrlOf(VERSION_LOCK) },
    description: printable(`The app can't be compared with the baseline: ${problem}`),
    fix: 'Pass the previous cloud assembly or templates of this app as the baseline, or remove the baseline.',
    violatingResources: [{ constructPath: '', resourceLogicalId: '', locations: [] }],
  };
}

function configOf({ config = true, configFile }: LambdaXRayChecksProps = {}): AppConfig {
  if (config) return readAppConfig(configFile);
  if (configFile === undefined) return NO_APP_CONFIG;
  throw new Error(
    'LambdaXRayChecks: config: false ignores configuration files, but configFile names one. Remove one of them.',
  );
}

function validateSeverities(given: Readonly<Record<string, RuleSeverity>>): Record<string, RuleSeverity> {
  const known = RULES.map(({ id }) => id);
  const severities = Object.values(RuleSeverity);
  return Object.fromEntries(
    Object.entries(given).map(([name, severity]) => {
      const id = known.find((candidate) => candidate === name || candidate === `${PACK_NAME}-${name}`);
      if (!id)
        throw new Error(`LambdaXRayChecks: '${name}' is not a rule. The rules are ${known.join(', ')}.`);
      if (!severities.includes(severity)) {
        throw new Error(
          `LambdaXRayChecks: '${String(severity)}' is not a valid severity for ${id}. Use one of ${severities.join(', ')}.`,
        );
      }
      return [id, severity];
    }),
  );
}

/**
 * Properties of `LambdaXRayChecks`: the properties of cdk-nag packs, the severities of rules, the baseline and the
 * configuration file.
 */
export interface LambdaXRayChecksProps extends NagPackProps {
  /**
   * Severities that replace the default severities, by rule ID with or without the prefix `LambdaXRay-`.
   *
   * @default - each rule has its default severity
   */
  readonly severities?: { [ruleId: string]: RuleSeverity };

  /**
   * The path of the app's previous cloud assembly, template or folder of templates. The comparison finds versions that
   * would stay on a tracing mode that their function no longer has (`LambdaXRay-VersionLock`). A baseline that can't be
   * read, or that belongs to a different app, is reported as an error.
   *
   * @default - no comparison
   */
  readonly baseline?: string;

  /**
   * Set to `false` to ignore the configuration file that the pack shares with the command: `.cdk-lambda-xray.yaml`,
   * `.cdk-lambda-xray.yml` or `.cdk-lambda-xray.json`, in the folder of `cdk.json` or a parent in the same repository.
   * The pack uses its `failOn`, `rules`, `acknowledge`, `parameters`, `includeCdkFunctions` and `transactionSearch`. `severities` takes precedence
   * over `rules`, and so does the prop `includeCdkFunctions`.
   *
   * @default true
   */
  readonly config?: boolean;

  /**
   * The path of the configuration file, such as one in a package that the apps of a company share. The pack then reads no other
   * configuration file. With `--config`, the command reads the same file.
   *
   * @default - the nearest configuration file, as `config` describes
   */
  readonly configFile?: string;

  /**
   * Set to `true` to apply all rules to the functions that CDK makes for itself, such as the handlers of its custom
   * resources. Otherwise, `ActiveTracing`, `ExplicitMode`, `UnpublishedMode` and `DaemonMemory` don't report them, because you
   * can't set their properties where you use the construct.
   *
   * @default - the value in the configuration file, or else `false`
   */
  readonly includeCdkFunctions?: boolean;

  /**
   * Read source files in the assets of functions, to find tracing libraries (`LambdaXRay-LegacyInstrumentation`,
   * `LambdaXRay-InstrumentedPassThrough`). At most 100 files and 20 MB of an asset are read, and nothing is executed.
   *
   * @default true
   */
  readonly readCode?: boolean;
}

/**
 * The severity of a rule's findings.
 */
export enum RuleSeverity {
  /** Findings make synthesis fail. */
  ERROR = 'error',
  /** Findings are printed as warnings. */
  WARNING = 'warning',
  /** Findings are printed as information. */
  INFO = 'info',
  /** The rule is disabled. */
  OFF = 'off',
}
