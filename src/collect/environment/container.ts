import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { missing } from '../../base/missing.ts'
import type { CollectInput, Collector } from './collector.ts'
import { readText } from './text-file.ts'

/** The container we run in and its image, by digest where something in it says so. */
export const container: Collector = {
  half: 'software',
  name: 'container',
  keys: (input) => [
    join(input.systemRoot, '.dockerenv'),
    join(input.systemRoot, 'run/.containerenv'),
    `=${JSON.stringify(imageVariables.map((name) => input.env[name] ?? ''))} ${input.env.KUBERNETES_SERVICE_HOST ? 1 : 0}`,
  ],
  collect(input) {
    const runtime = findRuntime(input)
    if (!runtime) return missing('not in a container, as far as can be seen')
    const image = findImage(input)
    const digest = image?.match(/sha256:[0-9a-f]{64}/)?.[0]
    return { runtime, ...(image && { image: withoutCredentials(image) }), ...(digest && { digest }) }
  },
}

// Set by Apptainer/Singularity, GitLab CI and common pod templates; Docker itself tells a container nothing of its image.
const imageVariables = [
  'APPTAINER_CONTAINER',
  'SINGULARITY_CONTAINER',
  'CI_JOB_IMAGE',
  'CONTAINER_IMAGE',
  'IMAGE_DIGEST',
  'DOCKER_IMAGE',
]

function findRuntime({ systemRoot, env }: CollectInput): string | undefined {
  if (env.APPTAINER_CONTAINER || env.SINGULARITY_CONTAINER) return 'apptainer'
  if (env.KUBERNETES_SERVICE_HOST) return 'kubernetes'
  if (existsSync(join(systemRoot, 'run/.containerenv'))) return 'podman'
  if (existsSync(join(systemRoot, '.dockerenv'))) return 'docker'
  return undefined
}

function findImage({ systemRoot, env }: CollectInput): string | undefined {
  const podman = readText(join(systemRoot, 'run/.containerenv'))
  const named = podman?.match(/^image="([^"]+)"/m)?.[1]
  const id = podman?.match(/^imageid="([0-9a-f]{64})"/m)?.[1]
  if (named || id) return [named, id && `sha256:${id}`].filter(Boolean).join('@')
  const value = imageVariables.map((name) => env[name]).find(Boolean)
  // An image given as a file (image.sif) says where it lies; only its name is of use to anyone else.
  return value?.startsWith('/') ? value.slice(value.lastIndexOf('/') + 1) : value
}

const withoutCredentials = (image: string) => image.replace(/^(\w+:\/\/)?[^@/]*:[^@/]*@(?!sha256:)/, '$1').slice(0, 512)
