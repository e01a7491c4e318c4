import { defineConfig } from 'vitest/config'

export default defineConfig({
  define: { __VERSION__: JSON.stringify('0.0.0-test') },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/{faults,interop}/**'],
    globalSetup: ['test/support/folder.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // A test waits for processes most of its time: one core less than there are would stand idle.
    maxWorkers: '100%',
    // The house is loaded once in a process, not once a file: no module keeps state that another file could see.
    isolate: false,
  },
})
