import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { componentTypes } from '../component-types.js'
import { inferSchema } from './infer-schema.fixture.js'

const baked = new URL('../../schema.json', import.meta.url)

/** `RINGFENCE_UPDATE_GOLDENS=1` bakes it anew. */
test('the baked schema is the one that Pulumi infers from the sources', { timeout: 180_000 }, () => {
  const inferred = inferSchema()
  if (process.env['RINGFENCE_UPDATE_GOLDENS'] === '1') writeFileSync(baked, inferred)
  expect(JSON.parse(readFileSync(baked, 'utf8'))).toEqual(JSON.parse(inferred))
})

test('it has every component, and describes every argument and output', () => {
  const { resources, types } = JSON.parse(readFileSync(baked, 'utf8')) as {
    resources: Record<string, Described & { inputProperties: object; properties: object }>
    types: Record<string, { properties: object }>
  }
  expect(Object.keys(resources).toSorted()).toEqual(Object.values(componentTypes).toSorted())
  const described = [
    ...Object.values(resources).flatMap((one) => [one, one.inputProperties, one.properties]),
    ...Object.values(types).map((one) => one.properties),
  ]
  const undescribed = described.flatMap((one) =>
    'description' in one
      ? []
      : Object.entries(one as Record<string, Described>).flatMap(([name, property]) =>
          property.description === undefined ? [name] : [],
        ),
  )
  expect(undescribed).toEqual([])
  expect(described.length).toBeGreaterThan(25)
})

interface Described {
  readonly description?: string
}
