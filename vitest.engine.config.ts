import { availableParallelism } from 'node:os'
import { configDefaults, defineConfig } from 'vitest/config'
import base from './vitest.config.js'

// Tests by the real Pulumi engine; `npm run build` makes the provider that it starts, and the
// setup one file of it.
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['packages/testing/src/**/*.engine.test.ts', 'scripts/**/*.engine.test.ts'],
    exclude: configDefaults.exclude,
    globalSetup: ['packages/testing/src/engine/install-pulumi.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // What one file sets of the process, such as its PATH, is not for the next one.
    isolate: true,
    // Each waits for processes most of the time, that wait for each other.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
  },
})
