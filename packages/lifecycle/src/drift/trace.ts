import type { Difference } from './compare-facts.js'
import type { Aspect } from './fact.js'

/** An event of CloudTrail, as far as it tells who changed what. */
export interface ChangeEvent {
  readonly id: string
  readonly name: string
  /** ISO 8601 instant, UTC. */
  readonly at: string
  /** ARN; of a role its session. */
  readonly by: string
  readonly from?: string
  /** Its request and answer as text, in which names are looked for. */
  readonly text: string
}

/** Who made a difference, as CloudTrail tells it. */
export interface Maker {
  readonly by: string
  readonly at: string
  readonly event: string
  readonly eventId: string
  readonly from?: string
}

/** Whom to ask CloudTrail about, and where: services without a region log in us-east-1. */
export interface Trace {
  readonly resource: string
  /** `management`: of the management account, whose services have no region either. */
  readonly region: 'global' | 'management' | 'regional'
}

/** What CloudTrail is to be asked to learn who made a difference. */
export function traceOf({ thing, name }: Difference, arns: ReadonlyMap<string, string>): readonly Trace[] {
  const [kind, rest] = [thing.slice(0, thing.indexOf('/')), thing.slice(thing.indexOf('/') + 1)]
  switch (kind) {
    case 'user':
    case 'group':
    case 'role':
      return [{ resource: rest, region: 'global' }]
    case 'policy': {
      const arn = arns.get(thing)
      return arn === undefined ? [] : [{ resource: arn, region: 'global' }]
    }
    case 'guardrail': {
      const id = arns.get(thing)
      return id === undefined ? [] : [{ resource: id, region: 'management' }]
    }
    case 'secret': {
      // A request names it either way, and its event as the request did.
      const arn = arns.get(thing)
      return [rest, ...(arn === undefined ? [] : [arn])].map((resource) => ({ resource, region: 'regional' }))
    }
    case 'key': {
      const id = arns.get(thing)
      return id === undefined ? [] : [{ resource: id, region: 'regional' }]
    }
    default:
      return [{ resource: name !== undefined && kind === 'account' ? name : rest, region: 'regional' }]
  }
}

/** The newest event that can have made the difference. */
export function makerOf(difference: Difference, events: readonly ChangeEvent[]): Maker | undefined {
  const names = eventsOf(difference)
  const mentions = needleOf(difference)
  const [newest] = events
    .filter((event) => names.some((name) => name.test(event.name)) && event.text.includes(mentions))
    .toSorted((one, other) => (one.at > other.at ? -1 : one.at < other.at ? 1 : 0))
  if (newest === undefined) return undefined
  const { by, at, name, id, from } = newest
  return { by, at, event: name, eventId: id, ...(from === undefined ? {} : { from }) }
}

/** What the event has to name beside the thing itself. Settings and documents are not named. */
function needleOf({ thing, aspect, name = '' }: Difference): string {
  const named: readonly Aspect[] = [
    'attachment',
    'inlinePolicy',
    'group',
    'accessKey',
    'tag',
    'instanceProfile',
  ]
  // Of a guardrail AWS writes the id alone, and of what it is attached to that of the account.
  if (thing.startsWith('guardrail/')) return aspect === 'target' ? name : ''
  return named.includes(aspect) ? name : thing.slice(thing.indexOf('/') + 1).replace(/^alias\/.*/, '')
}

/** Names of the operations that make, or undo, each aspect. */
const made: Readonly<Record<Aspect, RegExp>> = {
  exists: /^(Create|Import)(User|Group|Role|Policy|Bucket|Key|Alias|Project|Secret)$/,
  path: /^(Create|Update)(User|Group|Role)$/,
  description: /^Update(Role|RoleDescription|KeyDescription|Secret|Policy)$/,
  tag: /^(Tag(User|Role|Policy|Resource)|PutBucketTagging)$/,
  boundary: /^Put(User|Role)PermissionsBoundary$/,
  attachment: /^Attach(User|Group|Role)Policy$/,
  inlinePolicy: /^Put(User|Group|Role)Policy$/,
  group: /^AddUserToGroup$/,
  accessKey: /^(Create|Update)AccessKey$/,
  password: /^(Create|Update)LoginProfile$/,
  sshKey: /^(Upload|Update)SSHPublicKey$/,
  serviceCredential: /^(Create|Update|Reset)ServiceSpecificCredential$/,
  signingCertificate: /^(Upload|Update)SigningCertificate$/,
  trust: /^UpdateAssumeRolePolicy$/,
  sessionDuration: /^UpdateRole$/,
  instanceProfile: /^AddRoleToInstanceProfile$/,
  document:
    /^(CreatePolicyVersion|SetDefaultPolicyVersion|PutBucketPolicy|PutKeyPolicy|PutResourcePolicy|UpdatePolicy)$/,
  version: /^(CreateSecret|PutSecretValue|UpdateSecret|UpdateSecretVersionStage)$/,
  target: /^AttachPolicy$/,
  accessBlock: /^Put(Bucket|Account)PublicAccessBlock$/,
  ownership: /^PutBucketOwnershipControls$/,
  encryption: /^(PutBucketEncryption|UpdateSecret)$/,
  versioning: /^PutBucketVersioning$/,
  lifecycle: /^PutBucketLifecycle(Configuration)?$/,
  replication: /^(PutBucketReplication|ReplicateSecretToRegions)$/,
  website: /^PutBucketWebsite$/,
  enabled: /^(Enable|Disable)Key$/,
  rotation: /^(EnableKeyRotation|RotateSecret)$/,
  keyGrant: /^CreateGrant$/,
}

const undone: Readonly<Record<Aspect, RegExp>> = {
  exists: /^(Delete(User|Group|Role|Policy|Bucket|Project|Alias|Secret)|ScheduleKeyDeletion)$/,
  path: made.path,
  description: made.description,
  tag: /^(Untag(User|Role|Policy|Resource)|DeleteBucketTagging|PutBucketTagging)$/,
  boundary: /^Delete(User|Role)PermissionsBoundary$/,
  attachment: /^Detach(User|Group|Role)Policy$/,
  inlinePolicy: /^Delete(User|Group|Role)Policy$/,
  group: /^RemoveUserFromGroup$/,
  accessKey: /^DeleteAccessKey$/,
  password: /^DeleteLoginProfile$/,
  sshKey: /^DeleteSSHPublicKey$/,
  serviceCredential: /^DeleteServiceSpecificCredential$/,
  signingCertificate: /^DeleteSigningCertificate$/,
  trust: made.trust,
  sessionDuration: made.sessionDuration,
  instanceProfile: /^RemoveRoleFromInstanceProfile$/,
  document: /^(DeletePolicyVersion|SetDefaultPolicyVersion|DeleteBucketPolicy|DeleteResourcePolicy)$/,
  version: /^(PutSecretValue|UpdateSecret|UpdateSecretVersionStage)$/,
  target: /^DetachPolicy$/,
  accessBlock: /^Delete(Bucket|Account)PublicAccessBlock$/,
  ownership: /^DeleteBucketOwnershipControls$/,
  encryption: /^DeleteBucketEncryption$/,
  versioning: /^PutBucketVersioning$/,
  lifecycle: /^DeleteBucketLifecycle$/,
  replication: /^DeleteBucketReplication$/,
  website: /^DeleteBucketWebsite$/,
  enabled: made.enabled,
  rotation: /^DisableKeyRotation$/,
  keyGrant: /^(RetireGrant|RevokeGrant)$/,
}

function eventsOf({ change, aspect }: Difference): readonly RegExp[] {
  if (change === 'undeclared') return [made[aspect]]
  if (change === 'missing') return [undone[aspect]]
  return [made[aspect], undone[aspect]]
}
