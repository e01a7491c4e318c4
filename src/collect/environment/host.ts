import { arch, cpus, platform, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { missing } from '../../base/missing.ts'
import type { Collector } from './collector.ts'
import { readText } from './text-file.ts'

/** os-release(5): the distribution and its version. */
export const os: Collector = {
  half: 'host',
  name: 'os',
  keys: ({ systemRoot }) => [join(systemRoot, 'etc/os-release'), `=${platform()} ${arch()}`],
  collect({ systemRoot }) {
    const text = readText(join(systemRoot, 'etc/os-release')) ?? readText(join(systemRoot, 'usr/lib/os-release'))
    const field = (name: string) => text?.match(new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm'))?.[1]
    const id = field('ID')
    const version = field('VERSION_ID')
    return { platform: platform(), architecture: arch(), ...(id && { distribution: id }), ...(version && { version }) }
  },
}

export const kernel: Collector = {
  half: 'host',
  name: 'kernel',
  keys: () => [`=${type()} ${release()}`],
  collect: () => ({ name: type(), release: release() }),
}

export const cpu: Collector = {
  half: 'host',
  name: 'cpu',
  // os.cpus() reads a frequency for every core; the model and the count do not change while the machine is up.
  keys: ({ systemRoot }) => [join(systemRoot, 'sys/devices/system/cpu/possible')],
  collect({ systemRoot }) {
    const info = readText(join(systemRoot, 'proc/cpuinfo'))
    const models = info?.match(/^model name\s*: (.*)$/gm)?.map((line) => line.replace(/^.*?: /, ''))
    const model = models?.[0] ?? cpus()[0]?.model
    const count = info?.match(/^processor\s*:/gm)?.length ?? cpus().length
    return model ? { model: model.trim(), count } : missing('the system names no processor model')
  },
}

/** In MiB, rounded down to 64: what a kernel reserves for itself differs a little from one to the next. */
export const memory: Collector = {
  half: 'host',
  name: 'memory',
  keys: () => [`=${totalMebibytes()}`],
  collect: () => ({ mebibytes: totalMebibytes() }),
}

const totalMebibytes = () => Math.floor(totalmem() / 1024 ** 2 / 64) * 64
