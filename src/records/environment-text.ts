import { short } from '../base/digest.ts'
import { escapeLine } from '../base/escape.ts'
import { isMissing } from '../base/missing.ts'
import { formatBytes, plural } from '../base/quantity.ts'
import type { Environment } from '../records/environment.ts'

type Part = Record<string, unknown>

/** Each part of an environment in words, or the reason when a collector found nothing. */
export function environmentBody({ host, software }: Environment): string[] {
  const parts = [...Object.entries(host), ...Object.entries(software)]
  return parts.map(([name, found]) => `${escapeLine(name).padEnd(13)}${escapeLine(describe(name, found))}`)
}

function describe(name: string, found: unknown): string {
  if (typeof found !== 'object' || found === null) return String(found)
  return isMissing(found)
    ? `- ${found.missing}`
    : (wordings[name] ?? ('packages' in found ? ecosystem : plain))(found as Part)
}

const words = (...parts: unknown[]) => parts.filter((part) => part !== undefined && part !== '').join(', ')
const spaced = (...parts: unknown[]) => parts.filter((part) => part !== undefined && part !== '').join(' ')
const entries = (value: unknown) => Object.entries((value ?? {}) as object)

const wordings: Record<string, (part: Part) => string> = {
  // No prototype, so that a part called `constructor` finds nothing.
  __proto__: null as never,
  os: ({ distribution, version, platform, architecture }) =>
    words(spaced(distribution, version), spaced(platform, architecture)),
  kernel: ({ name, release }) => spaced(name, release),
  cpu: ({ count, model }) => spaced(count, 'x', model),
  memory: ({ mebibytes }) => formatBytes(Number(mebibytes) * 1024 ** 2),
  accelerators: ({ devices, driver, runtime }) =>
    words(
      ...(devices as Part[]).map((device) => spaced(device.count, 'x', device.model)),
      driver && `driver ${driver}`,
      runtime,
    ),
  container: ({ runtime, image, digest }) => words(runtime, image, digest ?? 'image not known'),
  python: ({ implementation, version, kind, manager, packages }) =>
    words(spaced(implementation, version), manager ?? kind, plural(entries(packages).length, 'package')),
  locks: ({ files }) =>
    entries(files)
      .map(([path, digest]) => `${path} ${short(String(digest))}`)
      .join(', '),
  variables: (part) =>
    Object.entries(part)
      .map(([name, value]) => `${name}=${value}`)
      .join(', '),
}

function ecosystem({ version, packages, from }: Part): string {
  return words(version, plural(entries(packages).length, 'package'), from && `from ${from}`)
}

/** A part that a newer version wrote. */
const plain = (part: Part) =>
  Object.entries(part)
    .map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(', ')
