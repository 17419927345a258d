import { MapIndex } from '../atlas/map-index';
import { Announcer } from './announcer';
import { elementOf } from './dom';
import type { Embedded } from './embedded';
import { FilterBar } from './filter-bar';
import { ListView } from './list-view';
import { Panel } from './panel';
import { PictureView } from './picture-view';
import { Reading } from './reading';
import { SearchBox } from './search-box';
import { Trail } from './trail';

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
