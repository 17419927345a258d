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

const { document: map, layout } = JSON.parse(elementOf('data').textContent) as Embedded;
const pageState = new PageState(new MapIndex(map), layout);
const announcer = new Announcer(elementOf('status'));

new SearchBox(pageState, announcer);
new FilterBar(pageState, announcer);
new Breadcrumbs(pageState);
new ListView(pageState);
// The panel reduces the size of the diagram, which must be known before scrolling.
new Panel(pageState, announcer);
new DiagramView(pageState, announcer);
const legend = elementOf('legend') as HTMLDetailsElement;
if (innerWidth < 820 || innerHeight < 640) legend.open = false;

pageState.begin();
document.documentElement.dataset.ready = 'true';

/** Data in the page for its script. */
interface Embedded {
  readonly document: MapDocument;
  readonly layout: MapLayout;
}
