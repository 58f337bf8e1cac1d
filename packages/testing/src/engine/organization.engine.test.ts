import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { LocalCredentials } from '@ringfence/local'
import { rehearse } from 'ringfence'
import { expect, test } from 'vitest'
import type { EngineRun } from './engine-run.js'
import { findSecrets } from './find-secrets.js'
import {
  declare,
  emptyState,
  exampleNames,
  loadedState,
  startOrganizationRun,
  type OrganizationRun,
} from './organization-run.js'

test.each(exampleNames)(
  '%s: deployed, unchanged by a second up, equal to the direct load, as declared',
  async (name) => {
    const declared = declare(name)
    const { declaration, plan } = declared
    const loaded = await loadedState(plan)
    let deployed: OrganizationRun | undefined
    try {
      const { surprises, results } = await rehearse(declaration, plan, {
        nowMs: Date.now,
        deploy: async (local) => {
          deployed = await startOrganizationRun(plan, local)
          const stack = await deployed.stackOf(declared)
          const first = await stack.up()
          expect(Object.keys(first.changes)).toEqual(['create'])
          expect(await deployed.state()).toEqual(loaded)
          const second = await stack.up()
          expect(second.changes).toEqual({ same: first.changes.create })
          await expectNoSecret(deployed.run, second.outputs)
          return keysOf(second.outputs)
        },
      })
      expect(results.length).toBeGreaterThan(50)
      expect(surprises).toEqual([])
    } finally {
      await deployed?.close()
    }
  },
)

test.each(exampleNames)('%s: destroy leaves what was there before', async (name) => {
  const declared = declare(name)
  const deployed = await startOrganizationRun(declared.plan)
  try {
    const before = await deployed.state()
    expect(before).toEqual(await emptyState(declared.plan))
    const stack = await deployed.stackOf(declared)
    const { changes } = await stack.up()
    expect(await deployed.state()).not.toEqual(before)
    expect((await stack.destroy()).changes).toEqual({ delete: changes.create })
    expect(await deployed.state()).toEqual(before)
  } finally {
    await deployed.close()
  }
})

/** The access keys of a stack's outputs, by member. */
function keysOf(outputs: Readonly<Record<string, unknown>>): Map<string, LocalCredentials> {
  const ids = outputs['accessKeyIds'] as Record<string, string>
  const secrets = outputs['secretAccessKeys'] as Record<string, string>
  expect(Object.keys(secrets)).toEqual(Object.keys(ids))
  return new Map(
    Object.entries(ids).map(([member, accessKeyId]) => [
      member,
      { accessKeyId, secretAccessKey: secrets[member] ?? '' },
    ]),
  )
}

/** No secret of the outputs stands in what the engine wrote: state, logs, its home. */
async function expectNoSecret(run: EngineRun, outputs: Readonly<Record<string, unknown>>): Promise<void> {
  const secrets = [...keysOf(outputs).values()].map(({ secretAccessKey }) => secretAccessKey)
  if (secrets.length === 0) return
  const { found, files } = await findSecrets(run.folder, secrets)
  expect(found).toEqual([])
  expect(files).toBeGreaterThan(readdirSync(join(run.folder, 'logs')).length)
}
