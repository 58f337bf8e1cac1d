import { configDefaults, defineConfig } from 'vitest/config'
import base from './vitest.config.js'

// The prover beside an encoding for cvc5; scripts/install-solvers.sh installs that.
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['packages/testing/src/**/*.smt.test.ts'],
    exclude: configDefaults.exclude,
    testTimeout: 180_000,
    fileParallelism: false,
  },
})
