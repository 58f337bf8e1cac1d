import * as pulumi from '@pulumi/pulumi'
import { planProgram } from '@ringfence/pulumi/deploy'
import { expect, test } from 'vitest'
import { askedBy, type FromAws, isFromAws, isMadeLater, isMadeOfAws, keyOf, textOf } from './registrations.js'
import { isObject } from '../pulumi-resource-aws/properties.js'
import { readBy } from './recipients.js'
import { declare, planOf, type SmallOrganization } from './small-organization.js'

const kept = { accessKeys: {}, revocations: { 'lab-red': '2030-01-01T00:00:00Z' } }
const signature = '4dabf18193072939515e22adb298388d'
const secret = '1b47061264138c4ac30d75fd1eb44270'
const nowMs = Date.UTC(2030, 0, 1)

const organization: SmallOrganization = {
  members: {
    ada: { teams: ['red'], until: '2031-01-01' },
    bot: { teams: ['blue'] },
    nightly: { teams: ['red'] },
    fay: { teams: ['red', 'blue'] },
  },
  grants: [
    { to: 'red', can: ['read', 'write'], on: 'corpus', under: 'raw/', until: '2032-01-01' },
    { to: 'blue', can: ['read'], on: 'labels' },
  ],
  encrypted: ['corpus'],
  delivery: 'secretsManager',
  isGuarded: true,
}
const byCenter: SmallOrganization = { ...organization, vouchedBy: 'center' }
const toAge: SmallOrganization = { ...organization, delivery: 'age' }
const toPgp: SmallOrganization = { ...organization, delivery: 'pgp' }

function later(file: SmallOrganization): SmallOrganization {
  return { ...file, grants: file.grants.map((grant) => Object.assign({}, grant, { until: '2033-01-01' })) }
}

interface Request {
  getType(): string
  getName(): string
  getParent(): string
  getDependenciesList(): string[]
  getDeletedwith(): string
  getIgnorechangesList(): string[]
  getDeletebeforereplace(): boolean
  getDeletebeforereplacedefined(): boolean
  getAdditionalsecretoutputsList(): string[]
  getReplacementTrigger(): { toJavaScript(): unknown } | undefined
}

test.each([
  ['of people who come by SAML', organization],
  ['of people who come by Identity Center', byCenter],
  ['of somebody whose key is encrypted with age', toAge],
  ['of somebody whose key is encrypted with PGP', toPgp],
])('what is taken down is what the SDK asks an engine for, %s', async (_whom, file) => {
  const plan = planOf(declare(file, nowMs), kept)
  // Another one with the same resources, whose texts are not to be taken for this one's.
  await askedBy(planOf(declare(later(file), nowMs), kept))
  const { outputs: takenOut, registrations: taken } = await askedBy(plan)
  const inputs = new Map<string, unknown>()
  const requests = new Map<string, Request>()
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs: given }) => {
        inputs.set(keyOf(type, name), given)
        const state = stateOf(type, given as Record<string, unknown>)
        return { id: keyOf(type, name), state }
      },
      call: ({ inputs: given }) => given as Record<string, unknown>,
    },
    'small',
    'small',
  )
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: Request, answer: unknown): unknown
  }
  const register = monitor.registerResource.bind(monitor)
  monitor.registerResource = (request, answer) => {
    requests.set(keyOf(request.getType(), request.getName()), request)
    return register(request, answer)
  }
  const outputs = (await planProgram(plan, {})()) as Readonly<Record<string, unknown>>
  const given = await Promise.all(
    Object.entries(outputs).flatMap(([name, one]) =>
      pulumi.Output.isInstance(one) ? [outputOf(name, one)] : [],
    ),
  )
  await pulumi.runtime.disconnect()
  expect(taken.map(({ type, name }) => keyOf(type, name)).toSorted()).toEqual([...requests.keys()].toSorted())
  expect(taken.length).toBeGreaterThan(50)
  for (const one of taken) {
    const key = keyOf(one.type, one.name)
    const request = requests.get(key)
    if (one.custom) expect(await plain(one.inputs), key).toEqual(await plain(inputs.get(key)))
    // The SDK tells parents and providers apart from other dependencies.
    expect(one.dependencies, key).toEqual(
      expect.arrayContaining(request?.getDependenciesList().map(keyOfUrn) ?? []),
    )
    expect(one.deletedWith ?? '', key).toBe(keyOfUrn(request?.getDeletedwith() ?? ''))
    expect(one.ignoreChanges, key).toEqual(request?.getIgnorechangesList())
    const isSaid = request?.getDeletebeforereplacedefined() === true
    expect(one.deleteBeforeReplace, key).toBe(isSaid ? request?.getDeletebeforereplace() : undefined)
    expect(one.secretOutputs, key).toEqual(request?.getAdditionalsecretoutputsList())
    expect(await plain(one.replacementTrigger), key).toEqual(request?.getReplacementTrigger()?.toJavaScript())
  }
  const givenOut = Object.entries(takenOut).map(async ([name, { isSecret, value }]) => {
    return [name, { isSecret, value: await plain(value) }]
  })
  expect(Object.fromEntries(await Promise.all(givenOut))).toEqual(Object.fromEntries(given))
})

const own = Object.fromEntries(
  ['arn', 'encryptedSecret', 'groupId', 'keyId', 'secret', 'userId'].map((property) => [property, 'told']),
)

function stateOf(type: string, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { ...own, ...(type === 'pulumi:index:Stash' ? { output: 'told' } : {}), ...given }
}

function outputOf(name: string, one: pulumi.Output<unknown>): Promise<readonly [string, unknown]> {
  return new Promise((resolve) => {
    one.apply(async (value) => {
      const [isSecret, plainly] = await Promise.all([pulumi.isSecret(one), plain(value)])
      resolve([name, { isSecret, value: plainly }])
    })
  })
}

function told({ fromAws: [key, property] }: FromAws): string {
  return property === 'id' ? key : 'told'
}

/**
 * What the mocks tell, and what is made of it: a secret, which Pulumi marks; or a ciphertext, in whose place stands who can
 * read it.
 */
async function plain(value: unknown): Promise<unknown> {
  if (isMadeOfAws(value)) return { [signature]: secret, value: textOf(value, told) }
  if (isMadeLater(value)) return plain(await value.made.by(told(value.made.of)))
  if (isFromAws(value)) return told(value)
  if (typeof value === 'string' && value.startsWith('-----BEGIN AGE')) return readBy(value)
  if (Array.isArray(value)) return Promise.all(value.map(plain))
  if (!isObject(value)) return value
  const all = Object.entries(value).map(async ([name, one]) => [name, await plain(one)] as const)
  return Object.fromEntries(await Promise.all(all))
}

function keyOfUrn(urn: string): string {
  if (urn === '') return ''
  const [, , types = '', name = ''] = urn.split('::')
  return keyOf(types.slice(types.lastIndexOf('$') + 1), name)
}
