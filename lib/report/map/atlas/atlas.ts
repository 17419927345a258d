import type { Folder } from './folder';
import type { Picture } from './picture';

/** Every picture of a system. */
export interface Atlas {
  /** The whole system first. */
  readonly folders: readonly Folder[];
  /** The folder that each unit is directly in. */
  readonly folderOf: readonly number[];
  /** One for each folder, by its index; the last one of all, where there is room for it, has all stacks unfolded. */
  readonly pictures: readonly Picture[];
  /** The picture to begin with. */
  readonly start: number;
}
