import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Plan } from '../../plan.js'
import {
  expectNoCircle,
  manyPlans,
  planAroundExisting,
  planOfEverything,
  policiesById,
  reachable,
  someKey,
  withRecipient,
} from '../plans.fixture.js'
import { printTerraformConfiguration } from './configuration.js'
import { Expression, toJson } from './expression.js'
import { identifier } from './identifier.js'

type Arguments = Readonly<Record<string, unknown>> & { readonly depends_on?: readonly string[] }
interface Configuration {
  readonly variable?: Readonly<Record<string, unknown>>
  readonly provider: { readonly aws: readonly Readonly<Record<string, unknown>>[] }
  readonly resource: Readonly<Record<string, Readonly<Record<string, Arguments>>>>
}

function configurationOf(plan: Plan): Configuration {
  const printed = printTerraformConfiguration(plan)
  if (!printed.ok) throw new Error(JSON.stringify(printed.diagnostics))
  return JSON.parse(printed.value) as Configuration
}

/** All blocks by their addresses. */
function blocksOf({ resource }: Configuration): ReadonlyMap<string, Arguments> {
  return new Map(
    Object.entries(resource).flatMap(([type, blocks]) =>
      Object.entries(blocks).map(([name, block]) => [`${type}.${name}`, block] as const),
    ),
  )
}

/** The id of the plan that a name was made from. */
function decode(name: string): string {
  return name.replaceAll(/__|_([0-9a-f]{2})/g, (_, code?: string) =>
    code === undefined ? '/' : String.fromCharCode(Number.parseInt(code, 16)),
  )
}

/** What a text of the JSON syntax means: the literal text, or the whole of it as an expression. */
function evaluate(text: string): string | Expression {
  const expression = /^\$\{([a-z_]+\.[A-Za-z0-9_.-]+)\}$/.exec(text)?.[1]
  if (expression !== undefined) return new Expression(expression)
  expect(text.replaceAll(/\$\$\{|%%\{/g, ''), 'nothing is evaluated by accident').not.toMatch(/[$%]\{/)
  return text.replaceAll(/([$%])\1\{/g, '$1{')
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : []
}

function expressions(value: unknown): string[] {
  return texts(value).flatMap((text) => {
    const one = evaluate(text)
    return one instanceof Expression ? [one.text] : []
  })
}

const idOf = (address: string) => decode(address.slice(address.indexOf('.') + 1))
const policyArguments = ['policy', 'content', 'assume_role_policy']
const main = (address: string) => !/_policies_exclusive\.|_organizations_policy_attachment\./.test(address)

describe.each([
  ...manyPlans(),
  ['keys that are encrypted', withRecipient(planOfEverything(), 'pgp', someKey)],
] as const)('%s', (_, plan) => {
  const configuration = configurationOf(plan)
  const blocks = blocksOf(configuration)
  const addresses = [...blocks.keys()]
  const needs = new Map(
    [...blocks].map(([address, block]) => {
      const { depends_on: first = [], ...rest } = block
      const used = expressions(rest).filter((text) => !text.startsWith('var.'))
      return [address, [...first, ...used.map((text) => text.split('.').slice(0, 2).join('.'))]]
    }),
  )

  test('has every resource of the plan once, or a warning that names it', () => {
    const { diagnostics } = printTerraformConfiguration(plan)
    const ids = addresses.filter(main).map(idOf)
    for (const one of plan.resources) {
      if (one.type === 'iam.UserGroupMembership') continue
      const warned = diagnostics.filter(
        ({ span, message }) =>
          span === one.declaredAt &&
          ((one.type === 'iam.AccessKey' && message.includes(`"${one.user}"`)) ||
            (one.type === 'secretsmanager.SecretVersion' && message.includes(`value for ${one.secret}`))),
      )
      const open = one.type === 'iam.PolicyAttachments' && !one.exclusive
      const found = ids.filter((id) => id === one.id)
      expect(found.length + warned.length, one.id).toBe(open ? 0 : 1)
    }
  })

  test('attaches every policy once by a block that detaches it when it goes', () => {
    const expected = plan.resources.flatMap((one) =>
      one.type === 'iam.PolicyAttachments'
        ? one.policyArns.map((arn) => `${arn} to ${one.target} ${one.name}`)
        : [],
    )
    const seen = [...blocks].flatMap(([address, block]) => {
      const target = /^aws_iam_(user|group|role)_policy_attachment\./.exec(address)?.[1]
      return target === undefined
        ? []
        : [`${String(block['policy_arn'])} to ${target} ${String(block[target])}`]
    })
    expect(seen.toSorted()).toEqual(expected.toSorted())
  })

  test('has every membership once', () => {
    const expected = plan.resources.flatMap((one) =>
      one.type === 'iam.UserGroupMembership' ? one.groups.map((group) => `${one.user} in ${group}`) : [],
    )
    const seen = [...blocks].flatMap(([address, block]) => {
      const list = (key: string) => block[key] as readonly string[]
      if (address.startsWith('aws_iam_group_membership.'))
        return list('users').map((user) => `${user} in ${String(block['group'])}`)
      if (address.startsWith('aws_iam_user_group_membership.'))
        return list('groups').map((group) => `${String(block['user'])} in ${group}`)
      return []
    })
    expect(seen.toSorted()).toEqual(expected.toSorted())
  })

  test('refers to nothing that is not there, and not in a circle', () => {
    for (const [address, list] of needs) {
      for (const one of list) expect(addresses, `${address} needs ${one}`).toContain(one)
      expect(list).not.toContain(address)
    }
    expectNoCircle(needs)
    const variables = expressions(configuration.provider).map((text) => text.replace(/^var\./, ''))
    expect(variables).toEqual(Object.keys(configuration.variable ?? {}))
    const aliases = configuration.provider.aws.flatMap(({ alias }) =>
      alias === undefined ? [] : [`aws.${String(alias)}`],
    )
    const used = [...blocks.values()].flatMap(({ provider }) => (provider === undefined ? [] : [provider]))
    expect([...new Set(used)]).toEqual(aliases)
  })

  test('makes everything after what it needs in the plan', () => {
    const byId = new Map<string, string[]>()
    for (const one of addresses.filter(main)) byId.set(idOf(one), [...(byId.get(idOf(one)) ?? []), one])
    const expectBefore = (address: string, ids: readonly string[]) => {
      const before = reachable(address, needs)
      for (const id of ids)
        for (const needed of byId.get(id) ?? []) expect(before, `${address} needs ${id}`).toContain(needed)
    }
    for (const one of plan.resources) {
      if (one.type === 'iam.UserGroupMembership') {
        for (const group of one.groups) {
          const made = plan.resources.find((other) => other.type === 'iam.Group' && other.name === group)
          const block =
            made === undefined
              ? `aws_iam_user_group_membership.${identifier(one.id)}`
              : `aws_iam_group_membership.${identifier(`${made.id}-members`)}`
          expectBefore(
            block,
            one.dependsOn.filter((id) => id.endsWith('/user') || id === made?.id),
          )
        }
        continue
      }
      for (const address of byId.get(one.id) ?? []) expectBefore(address, one.dependsOn)
    }
  })

  test('has the policies of the plan and no others', () => {
    const policies = policiesById(plan)
    const seen = [...blocks].flatMap(([address, block]) =>
      policyArguments.flatMap((key) => {
        const text = block[key]
        if (typeof text !== 'string') return []
        return [[idOf(address), JSON.parse(String(evaluate(text))) as unknown] as const]
      }),
    )
    expect(new Map(seen)).toEqual(policies)
    expect(seen.length).toBe(policies.size)
  })

  test('allows nothing but the account and region of the file', () => {
    const [own, management, ...more] = configuration.provider.aws
    expect(own).toEqual({ region: plan.region, allowed_account_ids: [plan.account] })
    expect(more).toEqual([])
    if (management !== undefined)
      expect(management).toEqual({
        alias: 'management',
        region: plan.region,
        profile: '${var.management_profile}',
        forbidden_account_ids: [plan.account],
      })
    const guarded = plan.resources.some(({ type }) => type === 'organizations.Policy')
    expect(management !== undefined).toBe(guarded)
  })

  test('lets no bucket and no key be destroyed that the plan keeps', () => {
    for (const [address, block] of blocks) {
      const bucket = plan.resources.find((one) => one.id === idOf(address).replace(/[^/]*$/, 'bucket'))
      const kept =
        /^aws_(s3_bucket|kms_key)\./.test(address) && !(bucket?.type === 's3.Bucket' && bucket.forceDestroy)
      expect(block['lifecycle'], address).toEqual(kept ? { prevent_destroy: true } : undefined)
    }
  })
})

const keys = (plan: Plan) => configurationOf(plan).resource['aws_iam_access_key']

test('an access key is made only where its secret is encrypted to an OpenPGP key', () => {
  const plan = planOfEverything()
  expect(keys(plan)).toBeUndefined()
  expect(keys(withRecipient(plan, 'age', 'age1qqqq'))).toBeUndefined()
  expect(keys(withRecipient(plan, 'pgp', someKey))).toEqual({
    'member__bot__access-key': expect.objectContaining({ user: 'bot', pgp_key: someKey }),
  })
})

test('what exists already gets no exclusive lists', () => {
  const { resource } = configurationOf(planAroundExisting())
  const names = (type: string) => Object.keys(resource[type] ?? {})
  expect(names('aws_iam_user_policy_attachments_exclusive')).not.toContain('member__ada__attachments')
  expect(names('aws_iam_user_policy_attachment')).toContain('member__ada__attachments__acme-own-sign-in')
  expect(names('aws_iam_group_policy_attachments_exclusive')).not.toContain('team__t__group-attachments')
  expect(names('aws_iam_role_policy_attachments_exclusive')).toEqual([])
  expect(resource['aws_iam_user_group_membership']).toMatchObject({
    member__ada__groups: { user: 'ada', groups: ['acme-t'] },
  })
  expect(names('aws_kms_key_policy')).toEqual(['dataset__d__key-policy'])
  expect(names('aws_s3_bucket')).not.toContain('dataset__d-key__bucket')
  expect(names('aws_s3_bucket_policy')).toContain('dataset__d-key__bucket-policy')
})

test('a group without members is made, and kept empty', () => {
  expect(configurationOf(planOfEverything()).resource['aws_iam_group_membership']).toMatchObject({
    'team__idle__group-members': { group: 'acme-idle', users: [] },
  })
})

describe('texts', () => {
  test.each([
    ['arn:aws:iam::1:user/${aws:username}', 'arn:aws:iam::1:user/$${aws:username}'],
    ['100%{x}', '100%%{x}'],
    ['$${a}', '$$${a}'],
    ['$5 and 5 % {', '$5 and 5 % {'],
  ])('%s is written %s', (text, written) => {
    expect(toJson(text)).toBe(written)
  })

  test('an expression is not escaped, in whatever it stands', () => {
    expect(toJson({ a: [new Expression('var.x'), '${y}'], '${k}': true })).toEqual({
      a: ['${var.x}', '$${y}'],
      '$${k}': true,
    })
  })
})

test('names are taken by Terraform and lead back to their ids', () => {
  const id = fc
    .array(fc.string({ minLength: 1, unit: fc.constantFrom(...'azAZ09_+=,.@-:') }), { minLength: 1 })
    .map((parts) => ['x', ...parts].join('/'))
  fc.assert(
    fc.property(id, (one) => {
      expect(identifier(one)).toMatch(/^[A-Za-z_][A-Za-z0-9_-]*$/)
      expect(decode(identifier(one))).toBe(one)
    }),
  )
})
