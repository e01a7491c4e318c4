import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { isMissing, type Missing, missing } from '../../base/missing.ts'
import type { CollectInput, Collector } from './collector.ts'
import { readText } from './text-file.ts'

interface Accelerator {
  vendor: 'nvidia' | 'amd' | 'google'
  model: string
  count: number
  memoryMebibytes?: number
}

interface Accelerators {
  devices: Accelerator[]
  driver?: string
  /** The newest CUDA or ROCm the driver can run. */
  runtime?: string
}

/** GPUs and TPUs. nvidia-smi is started only when the driver or the visible devices changed. */
export const accelerators: Collector = {
  half: 'host',
  name: 'accelerators',
  keys: (input) => [
    at(input, 'proc/driver/nvidia/version'),
    at(input, 'proc/driver/nvidia/gpus'),
    at(input, 'sys/class/kfd/kfd/topology/nodes'),
    `=${input.env.CUDA_VISIBLE_DEVICES ?? ''} ${input.env.NVIDIA_VISIBLE_DEVICES ?? ''} ${tpuFiles(input).length}`,
    ...(findTool(input) ?? []),
  ],
  async collect(input) {
    const tool = findTool(input)?.[0]
    if (tool) return await nvidia(tool, input)
    const found = amd(input) ?? tpu(input)
    if (found) return found
    const driver = readText(at(input, 'proc/driver/nvidia/version'))
    return missing(
      driver
        ? 'an NVIDIA driver is loaded but nvidia-smi is not on PATH'
        : 'none found (no nvidia-smi, no AMD kfd, no TPU device files)',
    )
  },
}

const at = (input: CollectInput, path: string) => join(input.systemRoot, path)

function findTool(input: CollectInput): [string] | undefined {
  for (const folder of (input.env.PATH ?? '').split(delimiter)) {
    if (!folder.startsWith('/')) continue
    const path = join(folder, 'nvidia-smi')
    if (existsSync(path) && statSync(path, { throwIfNoEntry: false })?.isFile()) return [path]
  }
  return undefined
}

async function nvidia(tool: string, input: CollectInput): Promise<Accelerators | Missing> {
  const list = await run(tool, ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader,nounits'], input)
  if (isMissing(list)) return list
  const rows = list.out
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(',').map((cell) => cell.trim()))
  if (rows.length === 0 || rows.some((row) => row.length !== 3)) return missing('nvidia-smi listed no device')
  const summary = await run(tool, [], input)
  const cuda = isMissing(summary) ? undefined : summary.out.match(/CUDA(?: UMD)? Version: *([\d.]+)/)?.[1]
  const driver = rows[0]?.[2]
  return {
    devices: grouped(rows.map(([model = '', memory]) => ({ vendor: 'nvidia', model, memory: Number(memory) || 0 }))),
    ...(driver && { driver }),
    ...(cuda && { runtime: `CUDA ${cuda}` }),
  }
}

function grouped(devices: readonly { vendor: Accelerator['vendor']; model: string; memory: number }[]): Accelerator[] {
  const groups = new Map<string, Accelerator>()
  for (const { vendor, model, memory } of devices) {
    const key = `${model} ${memory}`
    const group = groups.get(key)
    if (group) group.count += 1
    else groups.set(key, { vendor, model, count: 1, ...(memory > 0 && { memoryMebibytes: memory }) })
  }
  return [...groups.values()]
}

/** The kernel fusion driver's topology (linux, drivers/gpu/drm/amd/amdkfd): nodes with SIMDs are GPUs. */
function amd(input: CollectInput): Accelerators | undefined {
  const nodes = at(input, 'sys/class/kfd/kfd/topology/nodes')
  const gpus = list(nodes).flatMap((node) => {
    const properties = readText(join(nodes, node, 'properties')) ?? ''
    if (!/^simd_count [1-9]/m.test(properties)) return []
    const name = readText(join(nodes, node, 'name'))?.trim()
    const target = properties.match(/^gfx_target_version (\d+)/m)?.[1]
    return [{ vendor: 'amd' as const, model: name || `gfx ${target ?? 'unknown'}`, memory: 0 }]
  })
  if (gpus.length === 0) return undefined
  const driver = readText(at(input, 'sys/module/amdgpu/version'))?.trim()
  const rocm = readText(at(input, 'opt/rocm/.info/version'))?.trim()
  return { devices: grouped(gpus), ...(driver && { driver }), ...(rocm && { runtime: `ROCm ${rocm}` }) }
}

function tpu(input: CollectInput): Accelerators | undefined {
  const count = tpuFiles(input).length
  if (count === 0) return undefined
  const model = input.env.TPU_ACCELERATOR_TYPE ?? 'TPU'
  return { devices: [{ vendor: 'google', model: /^[\w.-]{1,64}$/.test(model) ? model : 'TPU', count }] }
}

/** Cloud TPU device files: /dev/accel<n>, or /dev/vfio/<n> with the runtime's library beside it. */
function tpuFiles(input: CollectInput): string[] {
  const plain = list(at(input, 'dev')).filter((name) => /^accel\d+$/.test(name))
  if (plain.length > 0) return plain
  const library = statSync(at(input, 'lib/libtpu.so'), { throwIfNoEntry: false })
  return library || input.env.TPU_ACCELERATOR_TYPE
    ? list(at(input, 'dev/vfio')).filter((name) => /^\d+$/.test(name))
    : []
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}

function run(tool: string, args: string[], { deadline, env }: CollectInput): Promise<{ out: string } | Missing> {
  const time = Math.min(10_000, Math.max(500, deadline - Date.now()))
  return new Promise((resolve) => {
    const child = spawn(tool, args, {
      timeout: time,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...env, LC_ALL: 'C' },
    })
    let out = ''
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    child.on('error', (error) => resolve(missing(`nvidia-smi cannot be run: ${error.message}`)))
    child.on('close', (status, signal) => {
      if (signal) resolve(missing(`nvidia-smi gave no answer in time`))
      else resolve(status === 0 ? { out } : missing(`nvidia-smi ended with status ${status}`))
    })
  })
}
