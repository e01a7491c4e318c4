import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { entry, provRepository } from '../support/repository.ts'
import { finishedRuns } from '../support/run-records.ts'

const busy = `const end = Date.now() + 2600; const held = Buffer.alloc(64 << 20, 1); while (Date.now() < end); process.exit(held.length & 1)`

it('records the CPU time and memory of a command and its children, and what its accelerators did', () => {
  const test = provRepository()
  test.write({
    '../bin/nvidia-smi':
      '#!/bin/sh\ncase "$*" in *utilization*) printf "0, GPU-a, NVIDIA H200, 1024, 50\\n1, GPU-b, NVIDIA H200, 2048, 90\\n";; *) exit 1;; esac\n',
  })
  const bin = join(test.path, '../bin')
  chmodSync(join(bin, 'nvidia-smi'), 0o755)
  const env = { PATH: `${bin}:${test.env.PATH}`, CUDA_VISIBLE_DEVICES: '0' }
  const words = [entry, 'run', '-q', '--', 'sh', '-c', '"$0" -e "$1"; true', process.execPath, busy]
  expect(test.run(process.execPath, words, { env }).status).toBe(0)
  const usage = finishedRuns(test)[0]?.usage
  expect(usage?.accelerators).toEqual([
    { model: 'NVIDIA H200', maxMemoryBytes: 1024 * 1024 * 1024, meanUtilization: 0.5 },
  ])
  expect(usage?.maxResidentBytes).toBeGreaterThan(64 << 20)
  expect(usage?.userSeconds).toBeGreaterThan(0)
  expect(usage?.userSeconds).toBeLessThanOrEqual((usage?.wallSeconds ?? 0) * 4)
})
