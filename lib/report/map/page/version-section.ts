import type { MapIndex } from '../atlas/map-index';
import { type Content, element, type VirtualElement } from '../drawing/element';
import type { MapAlias, MapAliasedVersion, MapFunction, MapVersion } from '../map-function';
import { section } from './section';

const TIES: Readonly<Record<MapVersion['isTied'], string>> = {
  'by the template': 'a change of the mode publishes a new one',
  'at deployment': 'a change of the mode publishes a new one, of a parameter too',
  no: 'a change of the mode publishes no new one',
  unknown: 'whether a change of the mode publishes a new one is not known',
};

/** What is published of a function, with the modes that are locked in it. */
export function versionSection({ versions, aliases }: MapFunction, index: MapIndex): VirtualElement {
  const rows = [
    ...versions.map((version) => versionRow(version, index)),
    ...aliases.map((alias) => aliasRow(alias, index)),
  ];
  if (rows.length === 0)
    return section('Versions and aliases', element('p', { class: 'muted' }, 'None: $LATEST runs.'));
  return section('Versions and aliases', element('ul', {}, ...rows));
}

function versionRow(version: MapVersion, index: MapIndex): VirtualElement {
  const { logicalId, lockedModes, isTied, keptModes } = version;
  return element(
    'li',
    {},
    'Version ',
    element('code', {}, logicalId),
    ` (${index.placeInWords(version)}) has ${locked(lockedModes)} locked; ${TIES[isTied]}.`,
    ...kept(keptModes),
  );
}

function aliasRow(alias: MapAlias, index: MapIndex): VirtualElement {
  const { logicalId, versions, keptModes } = alias;
  const targets = versions.flatMap((version, i) => [i === 0 ? ' is on ' : ', and on ', ...target(version)]);
  return element(
    'li',
    {},
    'Alias ',
    element('code', {}, logicalId),
    ` (${index.placeInWords(alias)})`,
    ...(targets.length > 0 ? targets : [' is on a version that templates don’t tell']),
    '.',
    ...kept(keptModes),
  );
}

function target({ logicalId, number, lockedModes, isAdditional }: MapAliasedVersion): Content[] {
  return [
    ...(logicalId === undefined ? [] : [element('code', {}, logicalId)]),
    ...(logicalId === undefined ? [number === undefined ? 'a version' : `version ${number}`] : []),
    ` with ${locked(lockedModes)}${isAdditional ? ' for a part of the traffic' : ''}`,
  ];
}

function locked(modes: readonly string[]): string {
  return modes.length === 0 ? 'a mode that isn’t known' : modes.join(' or ');
}

function kept(modes: readonly string[]): VirtualElement[] {
  return modes.length === 0 ? [] : [element('strong', {}, ` It keeps ${modes.join(' or ')} from before.`)];
}
