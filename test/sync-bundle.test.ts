import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { bundling, split } from '../build/split.js'

const { metafile } = await build({
  ...bundling,
  plugins: [split],
  entryPoints: ['src/commands/sync.ts'],
  outdir: 'nowhere',
  write: false,
  metafile: true,
})

// Every push waits for a sync, and most find nothing new: what makes or joins records is loaded when there are any.
it('a sync with nothing new loads neither what collects nor what writes', () => {
  const heavy =
    /^src\/(collect|install|exchange|execute|mlflow)\/|^src\/run\/(?!active-runs)|\/(fast-import|join|fold|record-captures|redactor|yaml)\.ts$/
  expect(Object.keys(metafile.inputs).filter((path) => heavy.test(path))).toEqual([])
})

it('and stays small', () => {
  const [output] = Object.values(metafile.outputs)
  expect(output?.bytes).toBeLessThan(42_000)
})
