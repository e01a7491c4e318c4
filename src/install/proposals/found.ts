/** A path that seems to hold data, and the reason. */
export interface Found {
  path: string
  because: string
}
