import type { EngineEvent } from '@pulumi/pulumi/automation/index.js'
import { describe, expect, it } from 'vitest'
import { createEventReader, plainText } from './engine-events.js'

const read = createEventReader('acme')
const urn = (type: string, name: string) =>
  `urn:pulumi:dev::ringfence-acme::ringfence:index:Organization$${type}::${name}`

/** As the engine sends them: `null` where there is nothing. */
const step = (
  kind: 'resourcePreEvent' | 'resOutputsEvent',
  metadata: object,
  planning = false,
): EngineEvent =>
  ({ sequence: 1, timestamp: 1, [kind]: { metadata, ...(planning ? { planning } : {}) } }) as EngineEvent

const user = (op: string, rest: object = {}) => ({
  op,
  urn: urn('aws:iam/user:User', 'acme/member/ada/user'),
  type: 'aws:iam/user:User',
  old: null,
  new: { custom: true, inputs: { name: 'ada', path: '/people/' }, outputs: {} },
  detailedDiff: null,
  provider: '',
  ...rest,
})

const ada = {
  change: 'create',
  id: 'member/ada/user',
  type: 'aws:iam/user:User',
  urn: urn('aws:iam/user:User', 'acme/member/ada/user'),
  name: 'ada',
  properties: [],
  provider: false,
}

const changed = (rest: object) => {
  const [event] = read(step('resOutputsEvent', user('update', rest)))
  return event?.kind === 'done' ? event.resource.properties : undefined
}

const diagnostic = (severity: string, message: string, rest: object = {}): EngineEvent =>
  ({
    sequence: 1,
    timestamp: 1,
    diagnosticEvent: { severity, message, color: 'never', ...rest },
  }) as EngineEvent

describe('events of the engine', () => {
  it('are planned in a preview, begun and done in an update', () => {
    expect(read(step('resourcePreEvent', user('create'), true))).toEqual([{ kind: 'planned', resource: ada }])
    expect(read(step('resOutputsEvent', user('create'), true))).toEqual([])
    expect(read(step('resourcePreEvent', user('create')))).toEqual([{ kind: 'begun', resource: ada }])
    expect(read(step('resOutputsEvent', user('create')))).toEqual([{ kind: 'done', resource: ada }])
  })

  it.each(['same', 'read', 'refresh', 'create-replacement', 'delete-replaced'])('%s is no change', (op) => {
    expect(read(step('resourcePreEvent', user(op)))).toEqual([])
  })

  it('leave out components, the stack and what Pulumi keeps for itself, and mark providers', () => {
    const component = { ...user('create'), new: { inputs: {}, outputs: {} } }
    expect(read(step('resourcePreEvent', component))).toEqual([])
    for (const type of ['pulumi:pulumi:Stack', 'pulumi:index:Stash']) {
      expect(read(step('resourcePreEvent', { ...user('create'), type }))).toEqual([])
    }
    const provider = {
      ...user('update'),
      type: 'pulumi:providers:aws',
      urn: urn('pulumi:providers:aws', 'acme/aws'),
    }
    expect(read(step('resourcePreEvent', provider))).toMatchObject([
      { resource: { provider: true, id: 'aws' } },
    ])
  })

  it('name the arguments that differ, however the provider tells them, and never a value', () => {
    const old = { custom: true, inputs: { name: 'ada', tags: { a: '1' } }, outputs: { arn: 'x' } }
    const after = {
      custom: true,
      inputs: { name: 'ada', tags: { a: '2' }, __defaults: [] },
      outputs: { arn: 'y' },
    }
    expect(changed({ old, new: after })).toEqual(['tags'])
    expect(changed({ old, new: { ...old, outputs: { arn: 'y' } } })).toEqual(['arn'])
    expect(changed({ detailedDiff: { 'tags.a': {}, 'tags["b"]': {}, path: {} } })).toEqual(['path', 'tags'])
    expect(changed({ diffs: ['path'] })).toEqual(['path'])
  })

  it('give drift its name when a resource is gone', () => {
    const gone = user('delete', { old: user('').new, new: null })
    expect(read(step('resOutputsEvent', gone))).toEqual([
      { kind: 'done', resource: { ...ada, change: 'delete' } },
    ])
  })

  it('do not take an id that AWS has not given yet for a name', () => {
    const alias = user('create', {
      new: { custom: true, inputs: { name: '04da6b54-80e4-46f7-96ec-b56ff0331ba9' }, outputs: {} },
    })
    expect(read(step('resourcePreEvent', alias, true))).toMatchObject([
      { resource: { id: 'member/ada/user' } },
    ])
    expect(JSON.stringify(read(step('resourcePreEvent', alias, true)))).not.toContain('04da6b54')
  })
})

describe('diagnostics of the engine', () => {
  it('are failures of the resource that they are about', () => {
    expect(read(diagnostic('error', '<{%reset%}>no<{%reset%}>\n', { urn: ada.urn }))).toEqual([
      { kind: 'failed', failure: { id: 'member/ada/user', message: 'no' } },
    ])
    expect(read(diagnostic('error', 'update failed'))).toEqual([
      { kind: 'failed', failure: { id: 'pulumi', message: 'update failed' } },
    ])
  })

  it('are warnings, but not those about where a provider was found, nor what is only for debugging', () => {
    expect(read(diagnostic('warning', 'careful'))).toEqual([{ kind: 'warning', message: 'careful' }])
    expect(read(diagnostic('warning', 'using pulumi-resource-aws from $PATH at /bin/x\n'))).toEqual([])
    const pending =
      'Attempting to deploy or update resources with 1 pending operations from previous deployment.'
    expect(read(diagnostic('warning', pending))).toEqual([])
    expect(read(diagnostic('debug', 'Registering resource', { prefix: 'debug: ' }))).toEqual([])
    expect(read(diagnostic('info', 'hello'))).toEqual([])
  })

  it('lose colour marks', () => {
    expect(plainText('<{%fg 1%}>red<{%reset%}> <{%')).toBe('red <{%')
  })
})
