import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { AcceleratorUse } from '../generated/types.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** ms: early enough for a run of seconds, rare enough to cost a run of days nothing. */
const [firstDelay, interval] = [2000, 15_000]
const query = ['--query-gpu=index,uuid,name,memory.used,utilization.gpu', '--format=csv,noheader,nounits']

interface Device {
  model: string
  maxMemoryBytes: number
  utilizations: number[]
}

/**
 * Polls nvidia-smi, where present, for the devices a command may use while it runs. The figures are per device, so they
 * include other processes on it.
 */
export class AcceleratorWatch {
  readonly #devices = new Map<string, Device>()
  readonly #visible: ReadonlySet<string> | undefined
  #timer: NodeJS.Timeout | undefined
  #polling: ChildProcess | undefined

  /** `onPolled` is called after each nvidia-smi process has been reaped. */
  constructor(env: Variables, onPolled: () => void) {
    const visible = env.CUDA_VISIBLE_DEVICES
    this.#visible = visible === undefined ? undefined : new Set(visible.split(',').map((name) => name.trim()))
    const next = (time: number) => {
      this.#timer = setTimeout(async () => {
        const tool = findTool(env)
        if (!tool) return
        await this.#poll(tool, env)
        onPolled()
        next(interval)
      }, time)
      this.#timer.unref()
    }
    next(firstDelay)
  }

  stop(): AcceleratorUse[] | undefined {
    clearTimeout(this.#timer)
    this.#polling?.kill()
    if (this.#devices.size === 0) return undefined
    return [...this.#devices.values()].map(({ model, maxMemoryBytes, utilizations }) => ({
      model,
      maxMemoryBytes,
      ...(utilizations.length > 0 && {
        meanUtilization: Math.round((sum(utilizations) / utilizations.length) * 10) / 1000,
      }),
    }))
  }

  #poll(tool: string, env: Variables): Promise<void> {
    return new Promise((resolve) => {
      const child = spawn(tool, query, { env, stdio: ['ignore', 'pipe', 'ignore'], timeout: 10_000 })
      this.#polling = child
      child.unref()
      let out = ''
      child.stdout.on('data', (chunk) => {
        out += chunk
      })
      child.on('error', () => resolve())
      child.on('close', () => {
        this.#polling = undefined
        for (const line of out.split('\n').slice(0, 1024)) this.#take(line.split(',').map((cell) => cell.trim()))
        resolve()
      })
    })
  }

  #take([index = '', uuid = '', model = '', memory, utilization]: string[]): void {
    if (model === '' || (this.#visible && !this.#visible.has(index) && !this.#visible.has(uuid))) return
    const device = this.#devices.get(index) ?? { model: model.slice(0, 256), maxMemoryBytes: 0, utilizations: [] }
    this.#devices.set(index, device)
    device.maxMemoryBytes = Math.max(device.maxMemoryBytes, (Number(memory) || 0) * 1024 * 1024)
    // Some devices (MIG slices) do not report it.
    if (Number.isFinite(Number(utilization))) device.utilizations.push(Number(utilization))
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

function findTool(env: Variables): string | undefined {
  return (env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, 'nvidia-smi'))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}
