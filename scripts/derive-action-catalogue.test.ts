import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
// @ts-expect-error -- a script without types
import { deriveCatalogue } from './derive-action-catalogue.mjs'

test("the prover's table of actions is what the installed catalogue gives", () => {
  const written = readFileSync(
    join(import.meta.dirname, '../packages/policy/src/prove/options/catalogue-data.ts'),
    'utf8',
  )
  expect(written === (deriveCatalogue as () => string)()).toBe(true)
})
