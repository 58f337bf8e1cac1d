import type { Capability, Grant, Guarantee, Member } from './declaration.js'
import type { Path } from './locator.js'
import type { Names, Subject, Target } from './names.js'
import { findStore, findSubject, findTarget } from './names.js'
import { checkPrefix } from './prefixes.js'
import { brokenCapabilities } from './repair.js'
import type { Reporter } from './reporter.js'
import type { GuaranteeValue, OrganizationValue } from './schema.js'
import type { Ending } from './resolve-members.js'
import { resolveEnd } from './resolve-members.js'
import { show } from './secrets.js'

const capabilitiesOf: Readonly<Record<Target['kind'], readonly Capability[]>> = {
  dataset: ['read', 'write', 'delete', 'administer'],
  model: ['read', 'write', 'delete', 'administer'],
  platform: ['train', 'deploy', 'invoke', 'administer'],
}
const order: readonly Capability[] = ['read', 'write', 'delete', 'administer', 'train', 'deploy', 'invoke']

const endOfGrant: Ending = { code: 'GRANT_EXPIRED', what: 'this grant', remove: 'the grant' }

export function resolveGrants(
  value: OrganizationValue,
  names: Names,
  nowMs: number,
  reporter: Reporter,
): Grant[] {
  const grants: Grant[] = []
  for (const [index, declared] of (value.grants ?? []).entries()) {
    const path: Path = ['grants', index]
    const to = findSubject(declared.to, [...path, 'to'], names, reporter)
    const on = findTarget(declared.on, [...path, 'on'], names, reporter)
    const under = checkPrefix(declared.under, [...path, 'under'], reporter)
    const until = resolveEnd(declared, path, nowMs, () => endOfGrant, reporter)
    const can = on === undefined ? [] : resolveCapabilities(declared.can, on, [...path, 'can'], reporter)
    if (to === undefined || on === undefined || under === undefined) continue
    if (to.kind === 'member' && getsAccessByTeams(names.members.get(to.name))) {
      reporter.error(
        'FEDERATION_UNAVAILABLE',
        [...path, 'to'],
        `${show(to.name)} signs in by federation and so gets access only through teams`,
        {
          hint: 'Make a team, even if it has only this member, and grant to that.',
        },
      )
    }
    if (can.includes('train') || can.includes('deploy')) checkJobNames(to, on, [...path, 'to'], reporter)
    if (under !== '' && on.kind === 'platform') {
      reporter.error(
        'CAPABILITY_MISPLACED',
        [...path, 'under'],
        `the platform ${show(on.name)} has no prefixes`,
        {
          hint: 'Limit what the platform reads and writes instead.',
        },
      )
    }
    if (under !== '' && can.includes('administer')) {
      reporter.error(
        'CAPABILITY_MISPLACED',
        [...path, 'under'],
        '"administer" is about a whole store, not about a prefix of it',
        {
          hint: 'Write two grants: "administer" without "under", the rest with it.',
        },
      )
    }
    grants.push({
      to,
      can,
      on,
      under,
      ...(until === undefined ? {} : { until }),
      ...(declared.because === undefined ? {} : { because: declared.because }),
      declaredAt: reporter.locator.value(path),
    })
  }
  return grants
}

/** People who sign in by federation act as their teams' roles; a service has a role of its own. */
function getsAccessByTeams(member: Member | undefined): boolean {
  return member?.signIn === 'federation' && member.kind === 'person'
}

/** SageMaker API reference, CreateTrainingJob and CreateModel: names have at most 63 characters. */
const maxJobName = 63
const minOwnPart = 8

/** Jobs, models and endpoints are named `<platform>--<who>--<own part>`. */
function checkJobNames(to: Subject, on: Target, path: Path, reporter: Reporter): void {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(to.name)) {
    reporter.error(
      'NAME_INVALID',
      path,
      `the member name ${show(to.name)} cannot be part of the names of jobs`,
      {
        hint: 'Grant it to a team, or take a name of lower-case letters, digits and single hyphens.',
      },
    )
    return
  }
  const start = `${on.name}--${to.name}--`
  if (start.length + minOwnPart > maxJobName) {
    reporter.error(
      'NAME_TOO_LONG',
      path,
      `the names of jobs would start with ${show(start)}, ${start.length} of the ${maxJobName} characters that SageMaker allows`,
      {
        hint: `Shorten the names, so that at least ${minOwnPart} characters are left for the jobs' own.`,
      },
    )
  }
}

/** In a fixed order and once each; those that the target does not have are reported. */
function resolveCapabilities(
  written: Capability | readonly Capability[],
  on: Target,
  path: Path,
  reporter: Reporter,
): Capability[] {
  if (written === brokenCapabilities) return []
  const list = typeof written === 'string' ? [written] : written
  const known = capabilitiesOf[on.kind]
  for (const [index, capability] of list.entries()) {
    if (known.includes(capability)) continue
    reporter.error(
      'CAPABILITY_MISPLACED',
      typeof written === 'string' ? path : [...path, index],
      `one cannot "${capability}" a ${on.kind}`,
      {
        hint: `The ${on.kind} ${show(on.name)} has: ${known.join(', ')}.${capability === 'train' ? ' Training is granted on a platform, which reads and writes its stores.' : ''}`,
      },
    )
  }
  return order.filter((capability) => list.includes(capability) && known.includes(capability))
}

export function resolveGuarantees(value: OrganizationValue, names: Names, reporter: Reporter): Guarantee[] {
  return (value.guarantees ?? []).flatMap((declared, index) =>
    resolveGuarantee(declared, ['guarantees', index], names, reporter),
  )
}

function resolveGuarantee(
  declared: GuaranteeValue,
  path: Path,
  names: Names,
  reporter: Reporter,
): Guarantee[] {
  if ((declared.separate === undefined) === (declared.never === undefined)) {
    reporter.error('GUARANTEE_INVALID', path, 'a guarantee is either "separate" or "never"', {
      hint: 'Write two guarantees, or complete this one.',
    })
    return []
  }
  const declaredAt = reporter.locator.value(path)
  if (declared.separate !== undefined) {
    const stores = declared.separate.flatMap(
      (text, index) => findStore(text, [...path, 'separate', index], names, reporter) ?? [],
    )
    const distinct = new Set(stores.map((store) => `${store.kind}/${store.name}`))
    if (stores.length === declared.separate.length && distinct.size < stores.length) {
      reporter.error(
        'GUARANTEE_INVALID',
        [...path, 'separate'],
        'a store cannot be kept separate from itself',
        { hint: 'Name each store once.' },
      )
      return []
    }
    return stores.length === declared.separate.length ? [{ kind: 'separate', stores, declaredAt }] : []
  }
  const never = declared.never
  if (never === undefined) return []
  const who = findSubject(never.who, [...path, 'never', 'who'], names, reporter)
  const on = findTarget(never.on, [...path, 'never', 'on'], names, reporter)
  if (who === undefined || on === undefined) return []
  const can = resolveCapabilities(never.can, on, [...path, 'never', 'can'], reporter)
  return can.length === 0 ? [] : [{ kind: 'never', who, can, on, declaredAt }]
}
