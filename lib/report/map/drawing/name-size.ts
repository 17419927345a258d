/** What names are measured by: they are written at 13 pixels, and bold. */
export const NAME_SIZE = 14.2;
