import { AspectPriority, CfnResource, type IAspect, Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { addAspectAcrossStages } from './aspects-across-stages';
import { FunctionLinks, isVersion } from './function-links';
import { FunctionResource } from './function-resource';
import { tieAutoPublish, tieVersion } from './version-tie';

/** Whether the versions of a function are to be tied. */
type Meant = (target: FunctionResource, links: FunctionLinks) => boolean;

/** Ties the versions of a function, wherever they stand in the app, when all of them are there: at synthesis. */
export function tieVersionsOf({ cfn }: FunctionResource): void {
  VersionTies.of(cfn).functions.add(cfn);
}

/**
 * The same for all functions that are meant.
 *
 * @param construct any of the app
 */
export function tieVersionsWhere(construct: IConstruct, meant: Meant): void {
  VersionTies.of(construct).meant.push(meant);
}

/** The functions of an app whose versions are tied. */
class VersionTies implements IAspect {
  public static of({ node: { root } }: IConstruct): VersionTies {
    const ties = TIES.get(root) ?? new VersionTies(root);
    TIES.set(root, ties);
    return ties;
  }

  public readonly functions = new Set<CfnResource>();
  public readonly meant: Meant[] = [];
  private readonly links = new WeakMap<IConstruct, FunctionLinks>();

  private constructor(private readonly root: IConstruct) {
    // After all that may still describe a version, and before what only reads.
    addAspectAcrossStages(root, this, AspectPriority.READONLY - 1);
  }

  public visit(construct: IConstruct): void {
    if (!CfnResource.isCfnResource(construct)) return;
    const fn = FunctionResource.of(construct);
    if (fn?.isServerless && this.mean(fn)) tieAutoPublish(fn);
    if (!isVersion(construct)) return;
    const published = this.linksFor(construct).publishedBy(construct);
    if (published.some((target) => this.mean(target))) tieVersion(construct, published);
  }

  private mean(target: FunctionResource): boolean {
    if (this.functions.has(target.cfn)) return true;
    return this.meant.some((meant) => meant(target, this.linksFor(target.cfn)));
  }

  /** Looked up once for each stage: stages are synthesized one after the other. */
  private linksFor(construct: IConstruct): FunctionLinks {
    const stage = Stage.of(construct) ?? this.root;
    const links = this.links.get(stage) ?? new FunctionLinks(this.root);
    this.links.set(stage, links);
    return links;
  }
}

/** By the root of the app. */
const TIES = new WeakMap<IConstruct, VersionTies>();
