import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import type { OrganizationInput, Plan, Resource } from '../index.js'
import { buildPlan, readDeclaration } from '../index.js'
import { exampleNames } from './examples.fixture.js'

const joiner = 'newcomer'
const own = /^member\/newcomer\//

interface Example {
  readonly name: string
  readonly input: OrganizationInput
  readonly team: string
}

/** Every team of every example, but of the one whose members come from a roster. */
const teams = exampleNames.flatMap((name): Example[] => {
  const text = readFileSync(new URL(`../../../../examples/${name}/ringfence.yaml`, import.meta.url), 'utf8')
  const input = parse(text) as OrganizationInput
  return 'from' in (input.members ?? {})
    ? []
    : Object.keys(input.teams ?? {}).map((team) => ({ name, input, team }))
})

function planned(input: OrganizationInput): Plan {
  const read = readDeclaration({ file: 'ringfence.ts', value: input, nowMs: Date.UTC(2026, 10, 22) })
  if (!read.ok) throw new Error(JSON.stringify(read.diagnostics))
  const built = buildPlan(read.value)
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  return built.value
}

function withJoiner({ input, team }: Example, member: object): OrganizationInput {
  const before = input.teams?.[team]
  const joined = Array.isArray(before)
    ? [...(before as string[]), joiner]
    : Object.assign({}, before, {
        members: [...((before as { readonly members?: string[] }).members ?? []), joiner],
      })
  return {
    ...input,
    members: Object.assign({}, input.members, { [joiner]: member }),
    teams: Object.assign({}, input.teams, { [team]: joined }),
  } as OrganizationInput
}

/** What is made and what is changed; nothing may go. */
function touched(before: Plan, after: Plan): { made: Resource[]; changed: Resource[] } {
  const old = new Map(before.resources.map((resource) => [resource.id, print(resource)]))
  const made = after.resources.filter(({ id }) => !old.has(id))
  const changed = after.resources.filter((one) => old.has(one.id) && old.get(one.id) !== print(one))
  expect(after.resources.length - made.length).toBe(before.resources.length)
  return { made, changed }
}

/** Without lines of the file, and without who joins; a list of one is that one. */
function print(resource: unknown, without?: string): string {
  return JSON.stringify(resource, (key, value: unknown) => {
    if (key === 'declaredAt') return undefined
    if (!Array.isArray(value) || without === undefined) return value
    const others = value.filter((one) => one !== without)
    return others.length === 1 ? others[0] : others
  })
}

test.each(teams)(
  '$name, $team: who joins changes nothing but the policies that let them in, by their name',
  (one) => {
    const before = planned(one.input)
    const after = planned(withJoiner(one, {}))
    const { made, changed } = touched(before, after)
    expect(made.filter(({ id }) => !own.test(id))).toEqual([])
    const arn = after.resources.flatMap((resource) =>
      resource.type === 'iam.User' && own.test(resource.id) ? [resource.arn] : [],
    )[0]!
    const old = new Map(before.resources.map((resource) => [resource.id, resource]))
    for (const resource of changed) {
      expect(['s3.BucketPolicy', 'kms.Key']).toContain(resource.type)
      expect(print(resource, arn)).toBe(print(old.get(resource.id), arn))
      const granted = (one.input.grants ?? []).filter(({ to }) => to === one.team)
      expect(granted.map(({ on }) => on.split('/').at(-1))).toContain(resource.id.split('/')[1])
    }
  },
)
