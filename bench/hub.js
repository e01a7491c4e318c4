// Simulates a hub: many writers share one repository over a slow line, to compare ways of getting a record onto its
// branch. Measured parameters: a sync takes 10 to 30 s from first request to last response (half for the fetch and
// join, half for the push); writers arrive at random, half of them CI checkouts that never return.

import { numbers } from './numbers.js'

const hour = 3600

/** Runs events in order of time. */
class Clock {
  #queue = []
  now = 0
  at(time, work) {
    let place = this.#queue.length
    while (place > 0 && this.#queue[place - 1].time > time) place -= 1
    this.#queue.splice(place, 0, { time, work })
  }
  run() {
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      this.now = next.time
      next.work()
    }
  }
}

/** The hub's branch: how often it moved, and the records on it. Inboxes: clone to its records. */
const newHub = () => ({ moves: 0, holds: new Map(), inboxes: new Map(), mostInboxes: 0 })

/**
 * One sync as the product does it: fetch, then push. A lost race puts our records into an inbox and retries after full
 * jitter of up to 2 s (what an attempt takes, but no more), as often as fits into its patience of one minute. Whoever
 * wins folds in the inboxes it saw when fetching, and clears those that are unchanged.
 */
function ours(clock, hub, writer, random, { tries, wait }) {
  const trip = () => (10 + 20 * random()) / 2
  let kept = false
  const attempt = (n) => {
    let seen
    let inboxes
    clock.at(clock.now + trip() / 2, () => {
      seen = hub.moves
      inboxes = new Map(hub.inboxes)
      if (writer.records.every((record) => hub.holds.has(record))) return
      clock.at(clock.now + trip(), () => {
        if (hub.moves === seen) {
          hub.moves += 1
          const landed = [...writer.records, ...[...inboxes.values()].flat()]
          for (const record of landed) if (!hub.holds.has(record)) hub.holds.set(record, clock.now)
          // The push that clears comes one trip later; an inbox that changed meanwhile stays.
          clock.at(clock.now + trip(), () => {
            for (const [clone, records] of inboxes) if (hub.inboxes.get(clone) === records) hub.inboxes.delete(clone)
            if (hub.inboxes.get(writer.clone)?.every((record) => hub.holds.has(record)))
              hub.inboxes.delete(writer.clone)
          })
          return
        }
        // If others have inboxes, the first push carries ours too; otherwise it takes a push of its own. Once written,
        // it stays unchanged while this sync retries.
        const again = () => n < tries && clock.at(clock.now + trip() / 2 + random() * wait, () => attempt(n + 1))
        if (kept) return void again()
        kept = true
        clock.at(clock.now + (inboxes.size > 0 ? 0 : trip()), () => {
          hub.inboxes.set(writer.clone, [...writer.records])
          hub.mostInboxes = Math.max(hub.mostInboxes, hub.inboxes.size)
          again()
        })
      })
    })
  }
  attempt(1)
}

/**
 * One ref and three tries, like the nearest rivals: records that lose every race wait for the writer's next push, if
 * any.
 */
function oneRef(clock, hub, writer, random, { tries }) {
  const trip = () => (10 + 20 * random()) / 2
  const attempt = (n) => {
    clock.at(clock.now + trip() / 2, () => {
      const seen = hub.moves
      clock.at(clock.now + trip(), () => {
        if (hub.moves !== seen) return void (n < tries && attempt(n + 1))
        hub.moves += 1
        for (const record of writer.records) if (!hub.holds.has(record)) hub.holds.set(record, clock.now)
      })
    })
  }
  attempt(1)
}

/** One ref per record: never a race, but as many refs as records. */
function refEach(clock, hub, writer, random) {
  clock.at(clock.now + 10 + 20 * random(), () => {
    for (const record of writer.records) if (!hub.holds.has(record)) hub.holds.set(record, clock.now)
    hub.mostInboxes = hub.holds.size
  })
}

const ways = {
  ours: [ours, { tries: 3, wait: 2 }],
  'one ref, 3 tries': [oneRef, { tries: 3 }],
  'a ref a record': [refEach, {}],
}

/**
 * Simulates an hour of commits with one of these ways, until all is quiet. Returns the share of records on the branch
 * in the end, after how many round trips of 20 s they got there, and the largest number of refs besides the branch.
 */
export function simulate(way, { writers = 1000, perHour = 1000, seed = 1 } = {}) {
  const random = numbers(seed)
  const [sync, parameters] = ways[way]
  const clock = new Clock()
  const hub = newHub()
  const born = []
  const clones = Array.from({ length: writers }, (_, clone) => ({ clone, records: [] }))
  for (let record = 0, time = 0; record < perHour; record++) {
    time += (-Math.log(1 - random()) * hour) / perHour
    const ci = random() < 0.5
    const writer = ci ? { clone: writers + record, records: [] } : clones[Math.floor(random() * writers)]
    born.push(time)
    clock.at(time, () => {
      writer.records.push(record)
      sync(clock, hub, writer, random, parameters)
    })
  }
  clock.run()
  const trips = born.flatMap((time, record) => (hub.holds.has(record) ? [(hub.holds.get(record) - time) / 20] : []))
  trips.sort((a, b) => a - b)
  return {
    landed: hub.holds.size / perHour,
    median: trips[trips.length >> 1],
    most: trips.at(-1),
    refs: hub.mostInboxes,
    left: hub.inboxes.size,
  }
}
