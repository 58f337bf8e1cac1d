import type { DiagnosticCode } from '../codes.js'
import type { Declaration } from '../declaration.js'
import type { ExistingResources } from '../existing.js'
import type { SourceSpan } from '../plan.js'
import { show } from '../secrets.js'
import { suggestionHint } from '../suggest.js'
import type { Arns } from './arns.js'
import type { PlanWriter } from './plan-writer.js'

/** A user, group or role that was there before the plan. */
export interface ExistingPrincipal {
  readonly arn: string
  readonly name: string
  /** `/` or `/a/b/`. */
  readonly path: string
}

/** `ExistingResources` after all checks: every name is declared, every ARN is of the right kind and account. */
export interface ExistingThings {
  readonly buckets: ReadonlySet<string>
  /** ARNs by `dataset/NAME` or `model/NAME`. */
  readonly keys: ReadonlyMap<string, string>
  readonly users: ReadonlyMap<string, ExistingPrincipal>
  readonly groups: ReadonlyMap<string, ExistingPrincipal>
  readonly roles: ReadonlyMap<string, ExistingPrincipal>
}

export const nothingExists: ExistingThings = {
  buckets: new Set(),
  keys: new Map(),
  users: new Map(),
  groups: new Map(),
  roles: new Map(),
}

const sections = ['buckets', 'keys', 'users', 'groups', 'roles'] as const
type Section = (typeof sections)[number]

/** What each section is given by, and what may stand there. */
interface Candidates {
  readonly what: string
  readonly spans: ReadonlyMap<string, SourceSpan>
}

/** Checks what a program hands in; what cannot be used is reported and left out. */
export function resolveExisting(
  existing: ExistingResources,
  declaration: Declaration,
  arns: Arns,
  writer: Pick<PlanWriter, 'problem'>,
): ExistingThings {
  if (Object.keys(existing).length === 0) return nothingExists
  const candidates = candidatesOf(declaration)
  const error = (code: DiagnosticCode, message: string, hint: string, span?: SourceSpan): void => {
    writer.problem('error', code, message, hint, span ?? declaration.declaredAt)
  }
  for (const key of Object.keys(existing).filter((one) => !sections.includes(one as Section))) {
    const hint = suggestionHint(key, sections) ?? `Write one of ${sections.join(', ')}.`
    error('EXISTING_UNKNOWN', `${show(key)} is no kind of thing that can exist already`, hint)
  }
  const spanOf = (section: Section, name: string): SourceSpan | undefined => {
    const { what, spans } = candidates[section]
    const span = spans.get(name)
    if (span !== undefined) return span
    const hint = suggestionHint(name, [...spans.keys()]) ?? `Name ${what}.`
    error('EXISTING_UNKNOWN', `existing ${section}: ${show(name)} is not ${what} of the file`, hint)
    return undefined
  }
  const resolved = <Thing>(
    section: Exclude<Section, 'buckets'>,
    read: (arn: string) => Read<Thing>,
  ): ReadonlyMap<string, Thing> => {
    const things = new Map<string, Thing>()
    for (const [name, arn] of Object.entries(existing[section] ?? {})) {
      const span = spanOf(section, name)
      if (span === undefined) continue
      const found = typeof arn === 'string' ? read(arn) : { problem: 'the value is not a text' }
      if ('thing' in found) things.set(name, found.thing)
      else
        error(
          'EXISTING_INVALID',
          `existing ${section}: ${show(name)}: ${found.problem}`,
          formOf(section, declaration),
          span,
        )
    }
    return things
  }
  const principals = (section: 'users' | 'groups' | 'roles', kind: 'user' | 'group' | 'role') =>
    resolved(section, (arn) => readPrincipal(arn, kind, declaration, arns))
  return {
    buckets: new Set((existing.buckets ?? []).filter((name) => spanOf('buckets', name) !== undefined)),
    keys: resolved('keys', (arn) => readKey(arn, declaration)),
    users: principals('users', 'user'),
    groups: principals('groups', 'group'),
    roles: principals('roles', 'role'),
  }
}

/** A thing, or what is wrong with its ARN. */
type Read<Thing> = { readonly thing: Thing } | { readonly problem: string }

function formOf(section: Exclude<Section, 'buckets'>, { account, region }: Declaration): string {
  return section === 'keys'
    ? `Hand in arn:aws:kms:${region}:${account}:key/ID.`
    : `Hand in arn:aws:iam::${account}:${section.slice(0, -1)}/NAME, with its path if it has one.`
}

function byName(list: readonly { readonly name: string; readonly declaredAt: SourceSpan }[]) {
  return new Map(list.map((one) => [one.name, one.declaredAt]))
}

function byKey(list: Declaration['stores']) {
  return new Map(list.map((one) => [`${one.kind}/${one.name}`, one.declaredAt]))
}

function candidatesOf(declaration: Declaration): Readonly<Record<Section, Candidates>> {
  const { members, teams, stores, platforms } = declaration
  const people = new Set(members.filter((one) => one.signIn === 'user').map((one) => one.name))
  const federated = new Set(members.filter((one) => one.signIn === 'federation').map((one) => one.name))
  return {
    buckets: { what: 'a dataset/NAME or model/NAME', spans: byKey(stores) },
    keys: {
      what: 'a dataset/NAME or model/NAME with "encryption: kms"',
      spans: byKey(stores.filter((one) => one.encryption === 'kms')),
    },
    users: {
      what: 'a member with an IAM user',
      spans: byName(members.filter((one) => people.has(one.name))),
    },
    groups: {
      what: 'a team with an IAM group (one whose members all sign in by federation has none)',
      spans: byName(
        teams.filter(
          (team) =>
            team.members.some((name) => people.has(name)) ||
            !team.members.some((name) => federated.has(name)),
        ),
      ),
    },
    roles: { what: 'a platform', spans: byName(platforms) },
  }
}

/** As `resolveAdministrators` takes names: nothing in them has a meaning of its own in a policy. */
const principalArn =
  /^arn:aws:iam::(\d{12}):(user|group|role)(\/(?:[A-Za-z0-9_+=,.@-]+\/)*)([A-Za-z0-9_+=,.@-]{1,128})$/

function readPrincipal(
  arn: string,
  kind: 'user' | 'group' | 'role',
  declaration: Declaration,
  arns: Arns,
): Read<ExistingPrincipal> {
  const match = principalArn.exec(arn)
  const [, account, found, path = '', name = ''] = match ?? []
  const administrators = declaration.administrators.map((one) => arns.administrator(one).toLowerCase())
  if (match === null || found !== kind) return { problem: `${show(arn)} is not the ARN of a ${kind}` }
  if (account !== declaration.account) return { problem: `${show(arn)} is of another account` }
  if (kind !== 'group' && name.length > 64)
    return { problem: `the name of ${show(arn)} has more than 64 characters` }
  if (path.startsWith(arns.path)) return { problem: `${show(arn)} is under the path of what ringfence makes` }
  if (administrators.includes(arn.toLowerCase()))
    return { problem: `${show(arn)} is an administrator, and would hold both the fence and the data` }
  return { thing: { arn, name, path } }
}

/** The ids of multi-Region keys start with `mrk-` (KMS Developer Guide, "How multi-Region keys work"). */
const keyArn =
  /^arn:aws:kms:([a-z0-9-]+):(\d{12}):key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

function readKey(arn: string, declaration: Declaration): Read<string> {
  const match = keyArn.exec(arn)
  const [, region, account, id = ''] = match ?? []
  if (match === null) return { problem: `${show(arn)} is not the ARN of a key` }
  if (account !== declaration.account) return { problem: `${show(arn)} is of another account` }
  if (region !== declaration.region) return { problem: `${show(arn)} is in another region` }
  if (id.startsWith('mrk-'))
    return {
      problem: `${show(arn)} is a multi-Region key, which its replicas with other policies can stand for`,
    }
  return { thing: arn }
}
