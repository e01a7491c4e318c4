import { defineConfig } from 'vitest/config'

export default defineConfig({
  define: { __VERSION__: JSON.stringify('0.0.0-test') },
  test: {
<<<<<<< HEAD
    include: ['test/**/*.test.ts'],
    exclude: ['test/{faults,interop}/**'],
    globalSetup: ['test/support/folder.ts'],
=======
    include: ['test/*.test.ts', 'test/{records,core,git,ledger,collect,serve,commands,hooks,render,bench}/**/*.test.ts'],
>>>>>>> d3949b9 (c)
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // The house is loaded once in a process, not once a file: no module keeps state that another file could see.
    isolate: false,
  },
})
