import type { MapDocument } from '../document';
import type { Atlas } from '../layout/diagram';
import { MapIndex } from '../layout/units';
import { Trail } from './breadcrumbs';
import { Panel } from './details-panel';
import { PictureView } from './diagram-view';
import { Announcer, elementOf } from './dom';
import { FilterBar } from './filter-bar';
import { ListView } from './list-view';
import { SearchBox } from './search';
import { Reading } from './state';

const { document: map, atlas } = JSON.parse(elementOf('data').textContent) as Embedded;
const reading = new Reading(new MapIndex(map), atlas);
const announcer = new Announcer(elementOf('status'));

new SearchBox(reading, announcer);
new FilterBar(reading, announcer);
new Trail(reading);
new ListView(reading);
// It takes some of the picture's room, which has to be known before anything is scrolled to.
new Panel(reading, announcer);
new PictureView(reading, announcer);
const legend = elementOf('legend') as HTMLDetailsElement;
if (innerWidth < 820 || innerHeight < 640) legend.open = false;

reading.begin();
document.documentElement.dataset.ready = 'true';

/** What is in the page for its script. */
interface Embedded {
  readonly document: MapDocument;
  readonly atlas: Atlas;
}
