import type { Capability, Declaration, Grant, Guarantee } from './declaration.js'
import type { SourceSpan } from './plan.js'
import type { Reporter } from './reporter.js'
import { show } from './secrets.js'

/** One way in which somebody reaches a store or platform: a grant on it, or on a platform that reaches it. */
interface Access {
  readonly to: Grant['to']
  readonly can: readonly Capability[]
  readonly declaredAt: SourceSpan
  /** The platform through which a job reaches the store. */
  readonly through?: string
}

/** Reports grants that a guarantee of the same file forbids, including what is reached through platforms. */
export function checkGuarantees(declaration: Declaration, reporter: Reporter): void {
  if (declaration.guarantees.length === 0) return
  const access = collectAccess(declaration)
  const members = new Map(declaration.teams.map((team) => [team.name, new Set(team.members)]))
  for (const guarantee of declaration.guarantees) {
    if (guarantee.kind === 'never') checkNever(guarantee, access, members, reporter)
    else checkSeparate(guarantee, declaration, access, members, reporter)
  }
}

function collectAccess(declaration: Declaration): Map<string, Access[]> {
  const access = new Map<string, Access[]>()
  const add = (on: { kind: string; name: string }, entry: Access): void => {
    const key = `${on.kind}/${on.name}`
    const list = access.get(key)
    if (list === undefined) access.set(key, [entry])
    else list.push(entry)
  }
  const platforms = new Map(declaration.platforms.map((platform) => [platform.name, platform]))
  for (const grant of declaration.grants) {
    add(grant.on, grant)
    // Whoever runs code as the platform's execution role reaches what that role reaches.
    if (grant.on.kind !== 'platform' || !(grant.can.includes('train') || grant.can.includes('deploy')))
      continue
    const platform = platforms.get(grant.on.name)
    const entry = { to: grant.to, declaredAt: grant.declaredAt, through: grant.on.name }
    for (const store of platform?.reads ?? []) add(store, { ...entry, can: ['read'] })
    for (const store of platform?.writes ?? []) add(store, { ...entry, can: ['write'] })
  }
  return access
}

type Members = ReadonlyMap<string, ReadonlySet<string>>

/** Somebody (a member, or a team without members) that both subjects have in common. */
function common(left: Grant['to'], right: Grant['to'], members: Members): string | undefined {
  if (left.kind === right.kind && left.name === right.name) return left.name
  if (left.kind === 'member')
    return right.kind === 'team' && members.get(right.name)?.has(left.name) === true ? left.name : undefined
  if (right.kind === 'member') return common(right, left, members)
  const [small, large] = [
    members.get(left.name) ?? new Set<string>(),
    members.get(right.name) ?? new Set<string>(),
  ].toSorted((one, other) => one.size - other.size)
  for (const name of small ?? []) if (large?.has(name) === true) return name
  return undefined
}

function checkNever(
  guarantee: Extract<Guarantee, { kind: 'never' }>,
  access: ReadonlyMap<string, readonly Access[]>,
  members: Members,
  reporter: Reporter,
): void {
  for (const entry of access.get(`${guarantee.on.kind}/${guarantee.on.name}`) ?? []) {
    const forbidden = entry.can.filter((capability) => guarantee.can.includes(capability))
    if (forbidden.length === 0) continue
    const who = common(entry.to, guarantee.who, members)
    if (who === undefined) continue
    const way = entry.through === undefined ? '' : ` through the platform ${show(entry.through)}`
    reporter.add({
      code: 'GUARANTEE_BROKEN',
      severity: 'error',
      message: `this grant lets ${show(who)} ${forbidden.join(', ')} on ${show(guarantee.on.name)}${way}, and a guarantee says that ${show(guarantee.who.name)} never may`,
      hint: 'Remove the grant, take the member out of the team, or give up the guarantee.',
      span: entry.declaredAt,
      related: [{ message: 'the guarantee', span: guarantee.declaredAt }],
    })
  }
}

function checkSeparate(
  guarantee: Extract<Guarantee, { kind: 'separate' }>,
  declaration: Declaration,
  access: ReadonlyMap<string, readonly Access[]>,
  members: Members,
  reporter: Reporter,
): void {
  const reached = new Map<string, { store: string; entry: Access }>()
  const reported = new Set<string>()
  for (const store of guarantee.stores) {
    for (const entry of access.get(`${store.kind}/${store.name}`) ?? []) {
      const team = entry.to.kind === 'team' ? members.get(entry.to.name) : undefined
      const people =
        team === undefined || team.size === 0
          ? [`${entry.to.kind}/${entry.to.name}`]
          : [...team].map((name) => `member/${name}`)
      for (const person of people) {
        const other = reached.get(person)
        if (other === undefined) reached.set(person, { store: store.name, entry })
        else if (
          other.store !== store.name &&
          !reported.has(`${other.entry.declaredAt.line} ${entry.declaredAt.line} ${entry.declaredAt.column}`)
        ) {
          reported.add(`${other.entry.declaredAt.line} ${entry.declaredAt.line} ${entry.declaredAt.column}`)
          const way = entry.through === undefined ? '' : ` through the platform ${show(entry.through)}`
          reporter.add({
            code: 'GUARANTEE_BROKEN',
            severity: 'error',
            message: `with this grant ${show(person.slice(person.indexOf('/') + 1))} reaches ${show(store.name)}${way}, and ${show(other.store)} already; a guarantee keeps them separate`,
            hint: 'Remove one of the grants, take the member out of a team, or give up the guarantee.',
            span: entry.declaredAt,
            related: [
              { message: `reaches ${show(other.store)}`, span: other.entry.declaredAt },
              { message: 'the guarantee', span: guarantee.declaredAt },
            ],
          })
        }
      }
    }
  }
  checkSeparateInPlatforms(guarantee, declaration, reporter)
}

/** A job that reaches two stores brings them together, whoever starts it. */
function checkSeparateInPlatforms(
  guarantee: Extract<Guarantee, { kind: 'separate' }>,
  declaration: Declaration,
  reporter: Reporter,
): void {
  const separate = new Set(guarantee.stores.map((store) => `${store.kind}/${store.name}`))
  for (const platform of declaration.platforms) {
    const references = [...platform.reads, ...platform.writes].filter((store) =>
      separate.has(`${store.kind}/${store.name}`),
    )
    const [first] = references
    const second = references.find(
      (store) => first !== undefined && (store.name !== first.name || store.kind !== first.kind),
    )
    if (first === undefined || second === undefined) continue
    reporter.add({
      code: 'GUARANTEE_BROKEN',
      severity: 'error',
      message: `the jobs of the platform ${show(platform.name)} reach ${show(first.name)} and ${show(second.name)}; a guarantee keeps them separate`,
      hint: 'Declare two platforms.',
      span: second.declaredAt,
      related: [
        { message: `reaches ${show(first.name)}`, span: first.declaredAt },
        { message: 'the guarantee', span: guarantee.declaredAt },
      ],
    })
  }
}
