/** A path that seems to hold data, and why it seems so. */
export interface Found {
  path: string
  because: string
}
