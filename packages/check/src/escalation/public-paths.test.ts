import type { AccessQuestion } from '@ringfence/policy'
import { loadActionCatalogue, proveNothingAllowed } from '@ringfence/policy'
import { describe, expect, it } from 'vitest'
import type { Account } from '../account/account.js'
import { findEscalations } from './find-escalations.js'
import { oracleOf } from './oracle.js'
import type { PublicPath } from './public-paths.fixture.js'
import { accountOf, allow, iamArn, publicPathList } from './public-paths.fixture.js'
import { publicPaths, steps } from './steps.js'
import { combinations } from './steps-on-iam.js'

const catalogue = await loadActionCatalogue()
const prove = (question: AccessQuestion) => proveNothingAllowed(question, { catalogue })

function idsFrom({ start }: PublicPath, account: Account): ReadonlySet<string> {
  const { paths, unknowns } = findEscalations(account, oracleOf(account, prove))
  expect(unknowns).toEqual([])
  const from = iamArn(start === 'user' ? 'user/ada' : 'role/starter')
  return new Set(paths.filter((path) => path.from === from).flatMap(({ publicIds }) => publicIds))
}

function actionsOf({ permissions }: PublicPath): readonly string[] {
  return permissions.map((one) => one.split('@')[0]!)
}

/** They take nothing but the permission: AWS's own managed policies are in every account. */
const needsNothing: ReadonlySet<string> = new Set(['iam-005', 'iam-007', 'iam-008', 'iam-009'])

describe('the public paths', () => {
  it('are all there, each once', () => {
    const covered = [
      ...steps.flatMap(({ publicIds }) => publicIds),
      ...combinations.map(({ publicId }) => publicId),
    ]
    expect(covered.toSorted()).toEqual(publicPathList.map(({ id }) => id).toSorted())
    expect(new Set(covered).size).toBe(publicPaths.count)
  })

  describe.each(publicPathList.map((path) => [path.id, path] as const))('%s', (id, path) => {
    it('is found where all that it takes is there', () => {
      expect(idsFrom(path, accountOf(path))).toContain(id)
    })

    it('is not found without any one of its permissions', () => {
      for (const missing of path.permissions) {
        const permissions = path.permissions.filter((one) => one !== missing)
        expect(idsFrom(path, accountOf({ ...path, permissions }))).not.toContain(id)
      }
    })

    if (!needsNothing.has(id))
      it('is not found where what it needs is not there', () => {
        expect(idsFrom(path, accountOf(path, { isBare: true }))).not.toContain(id)
      })

    it('is not found where its last permission is denied', () => {
      const denies = [{ ...allow(actionsOf(path).at(-1)!), Effect: 'Deny' }]
      expect(idsFrom(path, accountOf(path, { denies }))).not.toContain(id)
    })

    it('is not found where a boundary leaves its first permission out', () => {
      const boundary = [{ Effect: 'Allow', NotAction: actionsOf(path)[0]!, Resource: '*' }]
      expect(idsFrom(path, accountOf(path, { boundary }))).not.toContain(id)
    })
  })
})

/** Whether a chain of ada's has the step. */
const isTaken = (path: PublicPath, account: Account) =>
  findEscalations(account, oracleOf(account, prove)).paths.some(
    ({ from, steps: taken }) => from === iamArn('user/ada') && taken.some(({ id }) => id === path.id),
  )

describe('steps that are on no public list', () => {
  const served = steps.flatMap((step) => {
    const serves = step.kind === 'passRole' || step.kind === 'takeOver'
    const [host] = serves && step.publicIds.length === 0 ? step.services : []
    if (host === undefined) return []
    const actions = [
      ...(step.kind === 'passRole' ? ['iam:PassRole'] : []),
      ...step.asks.map(({ action }) => action),
    ]
    return [{ id: step.id, service: host, permissions: [...new Set(actions)], start: 'user' } as const]
  })
  it.each(served)('$id is found, and not without any one of its permissions', (path) => {
    expect(isTaken(path, accountOf(path))).toBe(true)
    expect(isTaken(path, accountOf(path, { isBare: true }))).toBe(false)
    for (const missing of path.permissions) {
      const permissions = path.permissions.filter((one) => one !== missing)
      expect(isTaken(path, accountOf({ ...path, permissions }))).toBe(false)
    }
  })
})
