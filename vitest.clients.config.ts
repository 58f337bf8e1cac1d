import { configDefaults, defineConfig } from 'vitest/config'
import base from './vitest.config.js'

// Tests with clients that no one here wrote; scripts/install-clients.sh installs those.
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['packages/testing/src/**/*.clients.test.ts'],
    exclude: configDefaults.exclude,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
