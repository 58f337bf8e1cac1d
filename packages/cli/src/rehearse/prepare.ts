import type { LocalAws, LocalCredentials } from '@ringfence/local'
import { actorsOf, type Actor } from './actor.js'
import type { Clients, ClientService, ClientTarget } from './clients.js'
import { resourcesOfType, type Setting } from './setting.js'
import type { SeedObject } from './seeds.js'
import type { WorkRequest } from './work-requests.js'

/** Sends requests as one account's root or user, outside of the probes. */
export type Send = (
  service: ClientService,
  operation: string,
  input: Readonly<Record<string, unknown>>,
) => Promise<unknown>

export function sendAs(clients: Clients, target: ClientTarget): Send {
  return (service, operation, input) => clients.send(target, service, operation, input)
}

/** The endpoint of the local AWS with somebody's credentials. */
export function targetOf(
  local: LocalAws,
  id: string,
  credentials: LocalCredentials | 'anonymous',
  nowMs: () => number,
  transport: 'tls' | 'plain' = 'tls',
): ClientTarget {
  const endpoint = transport === 'tls' ? local.endpoint : local.plainEndpoint
  return {
    id: `${id} ${transport}`,
    endpoint,
    region: local.region,
    credentials,
    clockOffsetMs: nowMs() - Date.now(),
  }
}

const ADMINISTRATOR_ACCESS = 'arn:aws:iam::aws:policy/AdministratorAccess'

/** Makes the user whom nobody declared, with AdministratorAccess. */
export async function makeUndeclaredUser(
  asRoot: Send,
  actor: Extract<Actor, { kind: 'undeclared' }>,
): Promise<void> {
  await asRoot('iam', 'CreateUser', { UserName: actor.name })
  await asRoot('iam', 'AttachUserPolicy', { UserName: actor.name, PolicyArn: ADMINISTRATOR_ACCESS })
}

/**
 * Makes the other account, its administrator, and a bucket there into which its own policy lets everybody of
 * our account write: so that only our side can be what stops a copy.
 */
export async function makeStranger(
  local: LocalAws,
  clients: Clients,
  actor: Extract<Actor, { kind: 'stranger' }>,
  outsideBucket: string,
  nowMs: () => number,
): Promise<LocalCredentials> {
  const root = await local.addAccount(actor.account)
  const send = sendAs(clients, targetOf(local, `root of ${actor.account}`, root, nowMs))
  await send('iam', 'CreateUser', { UserName: actor.name })
  await send('iam', 'AttachUserPolicy', { UserName: actor.name, PolicyArn: ADMINISTRATOR_ACCESS })
  const made = (await send('iam', 'CreateAccessKey', { UserName: actor.name })) as {
    readonly AccessKey: { readonly AccessKeyId: string; readonly SecretAccessKey: string }
  }
  await send('s3', 'CreateBucket', {
    Bucket: outsideBucket,
    CreateBucketConfiguration: { LocationConstraint: local.region },
  })
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AnybodyOfTheOtherAccountMayWrite',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${local.account}:root` },
        Action: ['s3:PutObject', 's3:GetObject'],
        Resource: `arn:aws:s3:::${outsideBucket}/*`,
      },
    ],
  }
  await send('s3', 'PutBucketPolicy', { Bucket: outsideBucket, Policy: JSON.stringify(policy) })
  return { accessKeyId: made.AccessKey.AccessKeyId, secretAccessKey: made.AccessKey.SecretAccessKey }
}

/** The ids of the keys that the plan's aliases stand for, by bucket: KMS gives them out only when made. */
export async function findKeyIds(asRoot: Send, plan: Setting['plan']): Promise<ReadonlyMap<string, string>> {
  const encryptions = resourcesOfType(plan, 's3.BucketServerSideEncryptionConfiguration').filter(
    ({ kmsKeyAliasArn }) => kmsKeyAliasArn !== undefined,
  )
  if (encryptions.length === 0) return new Map()
  const ids = new Map<string, string>()
  let Marker: string | undefined
  do {
    const page = (await asRoot('kms', 'ListAliases', {
      Limit: 100,
      ...(Marker === undefined ? {} : { Marker }),
    })) as {
      readonly Aliases?: readonly { readonly AliasArn?: string; readonly TargetKeyId?: string }[]
      readonly NextMarker?: string
    }
    for (const { AliasArn, TargetKeyId } of page.Aliases ?? [])
      if (AliasArn !== undefined && TargetKeyId !== undefined) ids.set(AliasArn, TargetKeyId)
    Marker = page.NextMarker
  } while (Marker !== undefined)
  return new Map(
    encryptions.flatMap(({ bucket, kmsKeyAliasArn }) => {
      const id = ids.get(kmsKeyAliasArn ?? '')
      return id === undefined
        ? []
        : [[bucket, `arn:aws:kms:${plan.region}:${plan.account}:key/${id}`] as const]
    }),
  )
}

const SEED_TEXT = new TextEncoder().encode('Seeded by ringfence rehearse.\n')

/** Puts the objects that probes ask for, as their owner would have before anybody was let in. */
export async function putSeedObjects(local: LocalAws, seeds: readonly SeedObject[]): Promise<void> {
  await inParallel(seeds, 8, ({ bucket, key }) => local.putObject({ bucket, key, body: SEED_TEXT }))
}

/** Starts the jobs and makes the models and endpoints that probes ask for. */
export async function makeSeedWork(send: Send, works: readonly (readonly WorkRequest[])[]): Promise<void> {
  await inParallel(works, 8, async (requests) => {
    for (const { service, operation, input } of requests) await send(service, operation, input)
  })
}

export async function inParallel<Item>(
  items: readonly Item[],
  concurrency: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const rest = items.values()
  const worker = async (): Promise<void> => {
    for (const item of rest) await work(item)
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
}

/** Those of the actors who need something made before they can ask for anything. */
export function outsidersOf(setting: Pick<Setting, 'declaration'>): {
  readonly undeclared: Extract<Actor, { kind: 'undeclared' }>
  readonly stranger: Extract<Actor, { kind: 'stranger' }>
} {
  const actors = actorsOf(setting.declaration)
  const undeclared = actors.find((actor) => actor.kind === 'undeclared')
  const stranger = actors.find((actor) => actor.kind === 'stranger')
  if (undeclared === undefined || stranger === undefined)
    throw new Error('outsiders are always among the actors')
  return { undeclared, stranger }
}
