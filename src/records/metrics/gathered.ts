import { type MetricPoint, pickExtremes } from './series.ts'

/**
 * A series while it is gathered. Thinning keeps it evenly dense from start to end: points are grouped by how many were
 * logged before them, and group sizes only ever double.
 */
export class GatheredSeries {
  points: MetricPoint[] = []
  /** How many were logged, thinned away or not. */
  logged = 0
  /** For each point, how many were logged before it. */
  #ordinals: number[] = []
  #next = 0
  #width = 4
  /** How many of the points are already thinned to the current density. */
  #settled = 0

  add(point: MetricPoint): void {
    this.points.push(point)
    this.#ordinals.push(this.#next++)
    this.logged++
  }

  /** Removes the points that `keep` refuses. */
  purge(keep: (point: MetricPoint) => boolean): void {
    const before = this.points.length
    this.#retain(
      0,
      [...this.points.keys()].filter((index) => keep(this.points[index] as MetricPoint)),
    )
    this.logged -= before - this.points.length
    this.#settled = 0
  }

  /** Thins the points added since the last time; then all of them, until at most `most` are left. */
  thin(most: number): void {
    this.#group(this.#settled)
    while (this.points.length > most && this.points.length > 8) {
      this.#width *= 2
      this.#group(0)
    }
  }

  /** Thins the points added since the last time to the density of the rest. */
  even(): void {
    if (this.logged > this.points.length) this.#group(this.#settled)
  }

  #group(from: number): void {
    if (this.points.length - from <= 8) return
    const part = from === 0 ? this.points : this.points.slice(from)
    const groupOf = (index: number) => Math.floor((this.#ordinals[from + index] as number) / this.#width)
    this.#retain(from, pickExtremes(part, groupOf))
    this.#settled = this.points.length
  }

  /** Of the points from an index on, keeps those at the given positions. */
  #retain(from: number, places: readonly number[]): void {
    let to = from
    for (const place of places) {
      this.points[to] = this.points[from + place] as MetricPoint
      this.#ordinals[to++] = this.#ordinals[from + place] as number
    }
    this.points.length = to
    this.#ordinals.length = to
  }
}
