import type { MapDocument } from '../document';
import type { MapLayout } from '../layout/diagram';
import { MapIndex } from '../layout/units';
import { Breadcrumbs } from './breadcrumbs';
import { Panel } from './details-panel';
import { DiagramView } from './diagram-view';
import { Announcer, elementOf } from './dom';
import { FilterBar } from './filter-bar';
import { ListView } from './list-view';
import { SearchBox } from './search';
import { PageState } from './state';

const { document: map, atlas } = JSON.parse(elementOf('data').textContent) as Embedded;
const reading = new PageState(new MapIndex(map), atlas);
const announcer = new Announcer(elementOf('status'));

new SearchBox(reading, announcer);
new FilterBar(reading, announcer);
new Breadcrumbs(reading);
new ListView(reading);
// It takes some of the picture's room, which has to be known before anything is scrolled to.
new Panel(reading, announcer);
new DiagramView(reading, announcer);
const legend = elementOf('legend') as HTMLDetailsElement;
if (innerWidth < 820 || innerHeight < 640) legend.open = false;

reading.begin();
document.documentElement.dataset.ready = 'true';

/** What is in the page for its script. */
interface Embedded {
  readonly document: MapDocument;
  readonly atlas: MapLayout;
}
