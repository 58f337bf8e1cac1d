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
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
