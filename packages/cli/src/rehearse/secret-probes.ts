import type { Member } from '@ringfence/plan'
import { memberEnds, earliest } from './access.js'
import { administratorsMay, allowed, denied } from './expectations.js'
import type { Expectation, Probe } from './probe.js'
import type { ActorRound } from './own-probes.js'
import { resourcesOfType, namesOf } from './setting.js'

/** A member whose key Secrets Manager keeps. */
interface KeptKey {
  readonly member: Member
  /** ARN without the characters that AWS adds, which other accounts can use too. */
  readonly secretId: string
}

/** The keys that are kept for members: an actor's own, and the first of somebody else's, which stands for all. */
export function secretProbes(round: ActorRound): readonly Probe[] {
  const kept = keptKeys(round)
  const own = kept.filter(({ member }) => isOwn(round, member))
  const others = kept.filter(({ member }) => !isOwn(round, member)).slice(0, 1)
  return [...own, ...others].flatMap((one) => [fetchProbe(round, one)].concat(changeProbes(round, one)))
}

/** An actor's own key alone, at the instant of the round. */
export function ownSecretProbes(round: ActorRound): readonly Probe[] {
  return keptKeys(round)
    .filter(({ member }) => isOwn(round, member))
    .map((one) => fetchProbe(round, one))
}

/** When an actor's own kept key is out of reach, with all other access. */
export function endOfOwnSecretMs(round: ActorRound): number | undefined {
  const own = keptKeys(round).find(({ member }) => isOwn(round, member))
  return own === undefined ? undefined : earliest(memberEnds(own.member))
}

function keptKeys({ setting: { declaration } }: ActorRound): readonly KeptKey[] {
  const { secretId } = namesOf(declaration)
  return declaration.members
    .filter(
      ({ keys, signIn }) => signIn === 'user' && keys?.deliver === 'secretsManager' && keys.ended !== true,
    )
    .map((member) => ({ member, secretId: secretId(member.name) }))
}

function isOwn({ actor }: ActorRound, { name }: Member): boolean {
  return actor.kind === 'member' && actor.name === name
}

function fetchProbe(round: ActorRound, { member, secretId }: KeptKey): Probe {
  const { actor, atMs } = round
  const what = isOwn(round, member) ? 'their own access key' : `the access key of ${member.name}`
  return {
    actor,
    stage: 'data',
    description: `fetch ${what} from Secrets Manager`,
    service: 'secretsmanager',
    operation: 'GetSecretValue',
    input: { SecretId: secretId },
    transport: 'tls',
    atMs,
    expectation: mayFetch(round, member),
  }
}

function mayFetch(round: ActorRound, member: Member): Expectation {
  const { actor, atMs, setting } = round
  if (actor.kind === 'administrator')
    return administratorsMay(setting.declaration, actor.name, 'administrators hand out keys')
  if (!isOwn(round, member)) return denied([member.declaredAt], 'the key is for its member alone')
  const endsAtMs = earliest(memberEnds(member))
  return endsAtMs === undefined || atMs < endsAtMs
    ? allowed([member.declaredAt], 'declared: the key is delivered there')
    : denied([member.declaredAt], `the key ended at ${new Date(endsAtMs).toISOString()}`)
}

/** Writing back the fence that is there; and, by who may not, putting something else in and deleting it. */
function changeProbes({ actor, atMs, setting }: ActorRound, { member, secretId }: KeptKey): readonly Probe[] {
  const { declaration, plan } = setting
  const policy = resourcesOfType(plan, 'secretsmanager.SecretPolicy').find(
    ({ secret }) => secret === `member/${member.name}/secret`,
  )
  const may = actor.kind === 'administrator'
  const expectation = may
    ? administratorsMay(declaration, actor.name)
    : denied([member.declaredAt], 'only administrators may change what protects it')
  const probe = (what: string, operation: string, input: Readonly<Record<string, unknown>>): Probe => ({
    actor,
    stage: 'fence',
    description: `${what} of ${member.name} in Secrets Manager`,
    service: 'secretsmanager',
    operation,
    input: { SecretId: secretId, ...input },
    transport: 'tls',
    atMs,
    expectation,
  })
  return [
    ...(policy === undefined
      ? []
      : [
          probe('change who may fetch the access key', 'PutResourcePolicy', {
            ResourcePolicy: JSON.stringify(policy.policy),
          }),
        ]),
    ...(may
      ? []
      : [
          probe('replace the access key', 'PutSecretValue', { SecretString: 'none' }),
          probe('delete the access key', 'DeleteSecret', { RecoveryWindowInDays: 7 }),
        ]),
  ]
}
