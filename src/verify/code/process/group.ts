/** Control groups around one box, as the box sees them. */
export interface Group {
  /** The kernel has killed in it for want of memory. */
  outOfMemory(): boolean;
  /** The box is gone: its groups go too. */
  remove(): void;
}
