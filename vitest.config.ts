import { configDefaults, defineConfig } from 'vitest/config'

// `ringfence-source`: tests run on the sources of all packages, so that none sees an outdated build.
const conditions = ['ringfence-source', 'node', 'import', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts', 'docs/**/*.test.ts'],
    exclude: [...configDefaults.exclude, '**/*.{clients,engine,smt}.test.ts'],
    environment: 'node',
    maxWorkers: '100%',
    // Files share what is loaded and compiled: loading it for each took as long as a tenth of the tests.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
