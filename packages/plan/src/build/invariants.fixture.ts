import { readPolicy } from '@ringfence/policy'
import { expect } from 'vitest'
import type { Plan } from '../plan.js'
import { sourceOf } from '../print-plan.js'
import { policiesOf } from './decide.fixture.js'
import { limits } from './limits.js'

/** What holds for every plan, whatever it was made from. */
export function expectInvariants(plan: Plan): void {
  expectClosedReferences(plan)
  expectPoliciesThatAwsTakes(plan)
  expectTraceableStatements(plan)
}

function expectClosedReferences(plan: Plan): void {
  const seen = new Set<string>()
  for (const resource of plan.resources) {
    for (const id of resource.dependsOn)
      if (!seen.has(id)) expect.fail(`${resource.id} needs ${id}, which does not precede it`)
    if (seen.has(resource.id)) expect.fail(`${resource.id} is there twice`)
    seen.add(resource.id)
  }
  const policies = new Set(plan.resources.flatMap((one) => (one.type === 'iam.Policy' ? [one.arn] : [])))
  const groups = new Set([
    ...plan.resources.flatMap((one) => (one.type === 'iam.Group' ? [one.name] : [])),
    ...plan.external.flatMap((one) => (one.kind === 'group' ? [one.name] : [])),
  ])
  const names = new Set<string>()
  for (const one of plan.resources) {
    if (one.type === 'iam.PolicyAttachments') {
      expect(one.policyArns.length).toBeLessThanOrEqual(limits.policiesPerPrincipal)
      for (const arn of one.policyArns) expect(policies).toContain(arn)
    }
    if (one.type === 'iam.UserGroupMembership') {
      expect(one.groups.length).toBeLessThanOrEqual(limits.groupsPerUser)
      for (const name of one.groups) expect(groups).toContain(name)
    }
    if (one.type === 'iam.User' || one.type === 'iam.Role') {
      expect(policies).toContain(one.permissionsBoundary)
      expect(Object.keys(one.tags).length).toBeLessThanOrEqual(50)
    }
    if ('name' in one && one.type.startsWith('iam.') && one.type !== 'iam.PolicyAttachments') {
      const name = `${one.type} ${one.name.toLowerCase()}`
      expect(names).not.toContain(name)
      names.add(name)
    }
  }
}

const allowedLength = { identity: 6_144, boundary: 6_144, trust: 2_048, serviceControl: 5_120 } as const

function expectPoliciesThatAwsTakes(plan: Plan): void {
  for (const { kind, name, document } of policiesOf(plan)) {
    const read = readPolicy(document, { kind, name })
    expect(read.diagnostics, name).toEqual([])
    const length = JSON.stringify(document).length
    const limit =
      kind === 'resource'
        ? name.startsWith('arn:aws:s3')
          ? 20_480
          : 32_768
        : allowedLength[kind as keyof typeof allowedLength]
    expect(length, name).toBeLessThanOrEqual(limit)
    for (const statement of document.Statement) expect(statement.Sid).toMatch(/^[A-Za-z0-9]+$/)
    expect(new Set(document.Statement.map((statement) => statement.Sid)).size).toBe(document.Statement.length)
  }
}

function expectTraceableStatements(plan: Plan): void {
  const known = new Set<string>()
  for (const { name, document } of policiesOf(plan)) {
    for (const { Sid } of document.Statement) {
      expect(sourceOf(plan, name, Sid), `${name} ${Sid}`).toBeDefined()
      known.add(`${name} ${Sid}`)
    }
  }
  for (const { policy, sid } of plan.statements) expect(known).toContain(`${policy} ${sid}`)
}
