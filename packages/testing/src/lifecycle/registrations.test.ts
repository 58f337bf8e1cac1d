import * as pulumi from '@pulumi/pulumi'
import { planProgram } from '@ringfence/pulumi/deploy'
import { expect, test } from 'vitest'
import { type FromAws, isFromAws, isMadeOfAws, keyOf, registrationsOf, textOf } from './registrations.js'
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
  isDelivered: true,
  isGuarded: true,
}
const byCenter: SmallOrganization = { ...organization, vouchedBy: 'center' }

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
}

test.each([
  ['of people who come by SAML', organization],
  ['of people who come by Identity Center', byCenter],
])('what is taken down is what the SDK asks an engine for, %s', async (_whom, file) => {
  const plan = planOf(declare(file, nowMs), kept)
  // Another one with the same resources, whose texts are not to be taken for this one's.
  await registrationsOf(planOf(declare(later(file), nowMs), kept))
  const taken = await registrationsOf(plan)
  const inputs = new Map<string, unknown>()
  const requests = new Map<string, Request>()
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs: given }) => {
        inputs.set(keyOf(type, name), given)
        const own = { arn: 'told', keyId: 'told', secret: 'told', groupId: 'told', userId: 'told' }
        const state = { ...own, ...(given as Record<string, unknown>) }
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
  await planProgram(plan, {})()
  await pulumi.runtime.disconnect()
  expect(taken.map(({ type, name }) => keyOf(type, name)).toSorted()).toEqual([...requests.keys()].toSorted())
  expect(taken.length).toBeGreaterThan(50)
  for (const one of taken) {
    const key = keyOf(one.type, one.name)
    const request = requests.get(key)
    const asked = Object.entries(one.inputs).map(([property, value]) => [property, plain(value)])
    if (one.custom) expect(Object.fromEntries(asked), key).toEqual(inputs.get(key))
    // The SDK tells parents and providers apart from other dependencies.
    expect(one.dependencies, key).toEqual(
      expect.arrayContaining(request?.getDependenciesList().map(keyOfUrn) ?? []),
    )
    expect(one.deletedWith ?? '', key).toBe(keyOfUrn(request?.getDeletedwith() ?? ''))
    expect(one.ignoreChanges, key).toEqual(request?.getIgnorechangesList())
  }
})

function told({ fromAws: [key, property] }: FromAws): string {
  return property === 'id' ? key : 'told'
}

/** What the mocks tell, and what is made of it: a secret, which Pulumi marks. */
function plain(value: unknown): unknown {
  if (isMadeOfAws(value)) return { [signature]: secret, value: textOf(value, told) }
  return isFromAws(value) ? told(value) : value
}

function keyOfUrn(urn: string): string {
  if (urn === '') return ''
  const [, , types = '', name = ''] = urn.split('::')
  return keyOf(types.slice(types.lastIndexOf('$') + 1), name)
}
