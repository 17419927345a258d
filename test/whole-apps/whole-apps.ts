import type { App } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { checkModel } from '../../lib/checker/check';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { type LambdaTracingActiveOptions, TracingPermissions } from '../../lib/constructs/tracing-props';
import { load } from '../../lib/input/load';
import { buildTracingModel } from '../../lib/model/build-model';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';
import { app as newApp } from '../apps/app';
import { type Assembly, synthesized } from './assembly';
import { deploymentErrors } from './deployable';
import { type Allowed, unexpectedDifferences } from './differences';
import { modesIn, publishedWithoutChange } from './modes';

/** Adds everything to an app, and returns the paths of the functions that tracing leaves PassThrough. */
export type BuildApp = (app: App) => readonly string[] | void;

interface Variant {
  readonly name: string;
  readonly options?: LambdaTracingActiveOptions;
  readonly allowed: Allowed;
}

const VARIANTS: readonly Variant[] = [
  { name: 'active()', allowed: { callers: false, tieVersions: false, managedPolicies: true } },
  {
    name: 'active() with callers, tied versions and least privilege',
    options: { callers: true, tieVersions: true, tracingPermissions: TracingPermissions.LEAST_PRIVILEGE },
    allowed: { callers: true, tieVersions: true, managedPolicies: false },
  },
];

/**
 * Compares each app with the same app in which all functions are traced.
 *
 * @param apps the apps by their description
 * @param isStaged true if the apps synthesize their stages, so that tracing must be set up before
 */
export function wholeApps(apps: Readonly<Record<string, BuildApp>>, isStaged = false): void {
  describe.each(Object.entries(apps))('an app with %s', (_, build) => {
    const bare = once(() => synthesized(built(build).app));
    const errorsWithoutTracing = once(() => errorsIn(findingsOfPack(bare())));

    describe.each(VARIANTS)('$name', ({ options, allowed }) => {
      let passThrough: readonly string[] = [];
      const traced = once(() => {
        const result = built(build, (app) => LambdaTracing.of(app).active(options));
        ({ passThrough } = result);
        return synthesized(result.app);
      });
      const findings = once(() => findingsOfPack(traced()));

      test('changes only tracing', () => {
        expect(unexpectedDifferences(bare(), traced(), allowed)).toEqual([]);
      });

      test('traces the functions', () => {
        const modes = Object.entries(modesIn(traced()));
        const [active, others] = [true, false].map((isActive) =>
          modes.filter(([, mode]) => (mode === 'Active') === isActive).map(([path]) => path),
        );
        expect(others.sort()).toEqual([...passThrough].sort());
        expect(active).not.toEqual([]);
      });

      test('publishes no version of an unchanged function', () => {
        expect(publishedWithoutChange(bare(), traced())).toEqual([]);
      });

      test('can still be deployed', () => {
        const [before, after] = [bare(), traced()].map(deploymentErrors);
        expect(after.filter((error) => !before.includes(error))).toEqual([]);
      });

      test('causes no errors', () => {
        const before = errorsWithoutTracing();
        expect(errorsIn(findings()).filter((error) => !before.includes(error))).toEqual([]);
      });

      test('has the same findings in the pack and the command', () => {
        expect(findingsOfCommand(traced())).toEqual(findings());
      });

      if (!allowed.tieVersions) return;

      test('keeps no version on the old mode', () => {
        expect(errorsIn(findingsOfPack(traced(), bare().directory, 'LambdaXRay-VersionLock'))).toEqual([]);
      });

      if (isStaged) return;

      test('is the same if it is traced after everything is added', () => {
        const { app } = built(build);
        LambdaTracing.of(app).active(options);
        expect(synthesized(app).templates).toEqual(traced().templates);
      });
    });
  });
}

/** The context of new projects and of the CDK command. No code is bundled. */
const CONTEXT = {
  ...CURRENTLY_RECOMMENDED_FLAGS,
  'aws:cdk:bundling-stacks': [],
  'aws:cdk:enable-path-metadata': true,
};

function built(build: BuildApp, trace?: (app: App) => void): { app: App; passThrough: readonly string[] } {
  const app = newApp(CONTEXT);
  // A pipeline synthesizes its stages at once, so tracing comes first.
  trace?.(app);
  return { app, passThrough: build(app) ?? [] };
}

type Finding = readonly [severity: string, rule: string, path: string, property: string, message: string];

/** Returns the findings of the pack, which are not acknowledged. */
function findingsOfPack({ app }: Assembly, baseline?: string, rule?: string): Finding[] {
  const { violations } = new LambdaXRayChecks(undefined, { baseline }).validateScope(app);
  return violations
    .filter(({ ruleName }) => rule === undefined || ruleName === rule)
    .flatMap(({ severity = '', ruleName, description, violatingResources }) =>
      violatingResources.map(({ constructPath = '', locations }): Finding => {
        return [
          severity,
          ruleName,
          constructPath,
          locations.join().replace(/^Properties\./, ''),
          description,
        ];
      }),
    )
    .sort();
}

function findingsOfCommand({ directory }: Assembly): Finding[] {
  const { templates, errors } = load([directory]);
  expect(errors).toEqual([]);
  return checkModel(buildTracingModel(templates))
    .filter(({ acknowledged }) => !acknowledged)
    .map(({ severity, rule, resource, property, message }): Finding => {
      return [severity, rule.id, resource.constructPath ?? '', property, message];
    })
    .sort();
}

function errorsIn(findings: readonly Finding[]): string[] {
  return findings
    .filter(([severity]) => severity === 'error')
    .map(([, rule, path, , message]) => `${rule} at ${path}: ${message}`);
}

/** Runs a function at its first use, and repeats its result or its error. */
function once<T>(run: () => T): () => T {
  let result: { value: T } | { error: unknown } | undefined;
  return () => {
    if (!result) {
      try {
        result = { value: run() };
      } catch (error) {
        result = { error };
      }
    }
    if ('error' in result) throw result.error;
    return result.value;
  };
}
