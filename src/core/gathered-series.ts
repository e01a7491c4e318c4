import { type MetricPoint, pickExtremes } from './metric-series.ts'

/**
 * A series while it is gathered. Thinned, it is as dense at its start as at its end: points are grouped by how many
 * were logged before them, and groups only ever double.
 */
export class GatheredSeries {
  points: MetricPoint[] = []
  /** How many were logged, thinned away or not. */
  logged = 0
  /** Of each point, how many were logged before it. */
  #ordinals: number[] = []
  #next = 0
  #width = 4

  add(point: MetricPoint): void {
    this.points.push(point)
    this.#ordinals.push(this.#next++)
    this.logged++
  }

  /** Takes back the points that `keep` refuses. */
  purge(keep: (point: MetricPoint) => boolean): void {
    const before = this.points.length
    this.#retain([...this.points.keys()].filter((index) => keep(this.points[index] as MetricPoint)))
    this.logged -= before - this.points.length
  }

  /** Thins what came since the last time; all of it further until no more than `most` are left. */
  thin(most: number): void {
    this.#group()
    while (this.points.length > most && this.points.length > 8) {
      this.#width *= 2
      this.#group()
    }
  }

  /** What came since the last thinning becomes as dense as the rest. */
  even(): void {
    if (this.logged > this.points.length) this.#group()
  }

  #group(): void {
    if (this.points.length > 8)
      this.#retain(pickExtremes(this.points, (index) => Math.floor((this.#ordinals[index] as number) / this.#width)))
  }

  #retain(indexes: readonly number[]): void {
    this.points = indexes.map((index) => this.points[index] as MetricPoint)
    this.#ordinals = indexes.map((index) => this.#ordinals[index] as number)
  }
}
