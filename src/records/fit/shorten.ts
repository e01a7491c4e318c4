import type { Problem } from '../../generated/types.ts'
import { countCharacters, cutText } from './cut-text.ts'
import type { Limit } from './limit.ts'

/** A value that fits its schema, and a problem for each part that was shortened. */
export interface Shortened<T> {
  value: T
  problems: Problem[]
}

/** Shortens texts, lists and objects that are longer than their limits. A value that fits is returned as is. */
export function shorten<T>(value: T, limit: Limit | undefined, where = ''): Shortened<T> {
  const problems: Problem[] = []
  const say = (place: string, had: number, kept: number, of: string) => {
    problems.push({ where: place, reason: `shortened: ${kept} of ${had} ${of} kept` })
  }
  const walk = (part: unknown, most: Limit | undefined, place: string): unknown => {
    if (most === undefined || part === null) return part
    if (typeof part === 'string') return typeof most === 'number' ? text(part, most, place) : part
    if (typeof part !== 'object' || typeof most === 'number') return part
    return Array.isArray(part) ? list(part, most, place) : object(part, most, place)
  }
  const text = (part: string, most: number, place: string): string => {
    if (part.length <= most) return part
    const cut = cutText(part, most)
    if (cut !== part) say(place, countCharacters(part), countCharacters(cut), 'characters')
    return cut
  }
  const list = (part: readonly unknown[], { most = part.length, each }: Exclude<Limit, number>, place: string) => {
    if (part.length > most) say(place, part.length, most, 'items')
    const kept = part.length > most ? part.slice(0, most) : part
    const walked = each === undefined ? kept : kept.map((one, at) => walk(one, each, `${place}[${at}]`))
    return walked.length === part.length && walked.every((one, at) => one === part[at]) ? part : walked
  }
  const object = (part: object, { most, each, of = {} }: Exclude<Limit, number>, place: string) => {
    const members = Object.entries(part).filter(([, one]) => one !== undefined)
    if (most !== undefined && members.length > most) say(place, members.length, most, 'members')
    const walked = members
      .slice(0, most)
      .map(([name, one]): [string, unknown] => [
        name,
        walk(one, Object.hasOwn(of, name) ? of[name] : each, place === '' ? name : `${place}.${name}`),
      ])
    const same = walked.length === members.length && walked.every(([, one], at) => one === members[at]?.[1])
    return same ? part : Object.fromEntries(walked)
  }
  return { value: walk(value, limit, where) as T, problems }
}
