import * as fc from 'fast-check'
import { whatStays } from '@ringfence/lifecycle'
import { diffAccess, type AccessSummary, type Declaration } from '@ringfence/plan'
import { expect, test } from 'vitest'
import { randomSeed } from '../random-runs.js'
import { afterEvent, lifeEvents, type LifeEvent } from './life-events.js'
import { declare, planOf, type SmallOrganization } from './small-organization.js'

const nowMs = Date.UTC(2030, 0, 1, 12)

function filesAfter(events: readonly LifeEvent[], before: SmallOrganization): SmallOrganization {
  return events.reduce<SmallOrganization>((file, event) => afterEvent(file, event, nowMs), before)
}

function fileAfter(events: readonly LifeEvent[]): SmallOrganization {
  return filesAfter(events, { members: {}, grants: [] })
}

function declared(organization: SmallOrganization): Declaration {
  return declare(organization, nowMs)
}

function accessOf(declaration: Declaration): AccessSummary {
  return planOf(declaration).access
}

test('what stays gains nothing over the old file, and the new file takes nothing from it', () => {
  const seed = randomSeed()
  console.log(`RINGFENCE_RANDOM_SEED=${seed}`)
  const some = fc.array(lifeEvents, { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(some, fc.array(lifeEvents, { maxLength: 4 }), (earlier, later) => {
      const organization = fileAfter(earlier)
      const before = accessOf(declared(organization))
      const declaration = declared(filesAfter(later, organization))
      const stays = whatStays(declaration, before)
      for (const one of [stays.declaration, stays.deployed]) {
        const access = accessOf(one)
        expect(diffAccess(before, access).filter(({ change }) => change === 'gains')).toEqual([])
        expect(diffAccess(access, accessOf(declaration)).filter(({ change }) => change === 'loses')).toEqual(
          [],
        )
      }
      const gains = diffAccess(before, accessOf(declaration)).filter(({ change }) => change === 'gains')
      if (stays.isAll) expect(gains).toEqual([])
    }),
    { seed, numRuns: 60 },
  )
})

test('all of a file stays where it was deployed', () => {
  fc.assert(
    fc.property(fc.array(lifeEvents, { maxLength: 12 }), (events) => {
      const declaration = declared(fileAfter(events))
      expect(whatStays(declaration, accessOf(declaration))).toMatchObject({ isAll: true, declaration })
    }),
    { numRuns: 50 },
  )
})
