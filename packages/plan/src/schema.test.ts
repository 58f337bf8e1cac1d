import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import organization from '../../../examples/typescript/ringfence.js'
import { exampleNames, rosterOfExample } from './build/examples.fixture.js'
import { expectInvariants } from './build/invariants.fixture.js'
import type { OrganizationInput } from './index.js'
import {
  buildPlan,
  declarationJsonSchema,
  defineOrganization,
  parseDeclaration,
  readDeclaration,
} from './index.js'

const nowMs = Date.UTC(2026, 10, 22)

test('the example in TypeScript becomes a plan', () => {
  const read = readDeclaration({ file: 'ringfence.ts', value: organization, nowMs })
  expect(read.diagnostics).toEqual([])
  const plan = read.ok ? buildPlan(read.value) : read
  expect(plan.diagnostics).toEqual([])
  if (plan.ok) expectInvariants(plan.value)
})

test.each(exampleNames)('%s means the same as text and as a value', (name) => {
  const text = readFileSync(new URL(`../../../examples/${name}/ringfence.yaml`, import.meta.url), 'utf8')
  const [fromText, fromValue] = [
    parseDeclaration({ file: 'f', text, nowMs, roster: rosterOfExample(name) }),
    readDeclaration({ file: 'f', value: parse(text), nowMs, roster: rosterOfExample(name) }),
  ].map((result) =>
    JSON.stringify(result, (key, value: unknown) => (key === 'declaredAt' ? undefined : value)),
  )
  expect(fromText).toBe(fromValue)
})

describe('the JSON Schema for editors', () => {
  const schema = declarationJsonSchema() as {
    readonly $schema: string
    readonly required: readonly string[]
    readonly additionalProperties: boolean
    readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  }

  test('is draft-07 and closed', () => {
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#')
    expect(schema.additionalProperties).toBe(false)
    expect(schema.required.toSorted()).toEqual(['account', 'administrators', 'organization', 'region'])
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
  })

  test('knows every section, and the names in them', () => {
    const sections = ['members', 'teams', 'datasets', 'models', 'platforms', 'grants', 'guarantees']
    for (const section of sections) expect(schema.properties[section], section).toBeDefined()
    expect(schema.properties['members']?.['propertyNames']).toMatchObject({
      pattern: expect.stringContaining('A-Za-z0-9') as string,
    })
    expect(JSON.stringify(schema.properties['grants'])).toContain('"administer"')
  })

  test('takes a roster, and a member who is called so, under "from"', () => {
    const members = schema.properties['members'] as { readonly properties: { readonly from: unknown } }
    expect(JSON.stringify(members.properties.from)).toMatch(/"anyOf":\[\{"type":"string".*"signIn"/)
  })
})

test('types refuse what the schema refuses', () => {
  const base = { organization: 'a', account: '111122223333', region: 'eu-west-1', administrators: ['role/r'] }
  // @ts-expect-error a capability that does not exist
  defineOrganization({ ...base, grants: [{ to: 't', can: 'reed', on: 'd' }] })
  // @ts-expect-error a key that does not exist
  defineOrganization({ ...base, members: { ada: { mail: 'ada@acme.example' } } })
  const numbered = {
    ...base,
    // @ts-expect-error an account as a number
    account: 111122223333,
  } satisfies OrganizationInput
  expect(readDeclaration({ file: 'f', value: numbered, nowMs }).ok).toBe(false)
})
