import { readAccessBlock, readAcl, readOwnership } from './bucket-answers.js'
import { bucketOfPolicy, documentIn, looseDocument } from './bucket-of-policy.js'
import { startOf } from './diagnostic.js'
import type { ResourceDraft, Source } from './drafts.js'
import { field, isFields } from './fields.js'
import type { Format } from './format.js'
import type { ParsedFile } from './input-file.js'
import { ensure, type Inventory } from './inventory.js'
import { type Place, placeOfPath } from './place.js'

/**
 * Files that do not say what they are about, so that their path has to: bare policy documents, and the answers of
 * `aws s3api get-bucket-policy`, `get-bucket-acl`, `get-bucket-ownership-controls`, `get-public-access-block`,
 * `aws s3control get-public-access-block` and `aws kms get-key-policy`. `{}` says that there is none.
 */
export const namedPolicies: Format = {
  name: 'a policy in a folder that says whose it is',
  recognizes: ({ inside, value }) => partOf(value, placeOfPath(inside)) !== undefined,
  placesIn: () => [],
  read(files, inventory) {
    for (const file of files) readFile(file, inventory)
  },
}

type Part = 'policy' | 'public-access-block' | 'acl' | 'ownership-controls'

/** Which of the answers a value is; an empty one goes by the name of its file. */
function partOf(value: unknown, place: Place | undefined): Part | undefined {
  if (!isFields(value)) return undefined
  if (field(value, 'PublicAccessBlockConfiguration') !== undefined) return 'public-access-block'
  if (field(value, 'OwnershipControls') !== undefined) return 'ownership-controls'
  if (Array.isArray(field(value, 'Grants')) && field(value, 'Owner') !== undefined) return 'acl'
  const policy = field(value, 'Policy')
  if (field(value, 'Statement') !== undefined) return 'policy'
  if (typeof policy === 'string' || field(policy, 'Statement') !== undefined) return 'policy'
  if (place === undefined || Object.keys(value).length > 0) return undefined
  if (!('part' in place)) return place.kind === 'bucket' || place.kind === 'key' ? 'policy' : undefined
  return place.part === 'policy' || place.part === 'public-access-block' ? place.part : undefined
}

function readFile({ inside, path, value }: ParsedFile, inventory: Inventory): void {
  const place = placeOfPath(inside)
  const source = { file: path }
  const part = partOf(value, place)!
  const isNone = Object.keys(value as object).length === 0
  if (part === 'policy') readPolicyFile(isNone ? undefined : documentIn(value), place, source, inventory)
  else if (part === 'public-access-block') {
    const block = isNone ? undefined : readAccessBlock(field(value, 'PublicAccessBlockConfiguration'))
    if (place?.kind === 'bucket') inventory.bucket(place.name).blocks.push({ value: block, source })
    else if (place?.kind === 'account') inventory.accountBlocks.push({ value: block, source })
    else
      reportUnclear(
        `${path} does not say whether it is about a bucket or the account`,
        'put it into buckets/NAME/, or call it account.public-access-block.json',
        source,
        inventory,
      )
  } else if (place?.kind === 'bucket') {
    const bucket = inventory.bucket(place.name)
    if (part === 'acl') readAcl(value, bucket, inventory, source)
    else readOwnership(field(value, 'OwnershipControls'), bucket, source)
  } else {
    reportUnclear(
      `${path} does not say which bucket it is about`,
      'put it into buckets/NAME/',
      source,
      inventory,
    )
  }
}

function readPolicyFile(
  document: unknown,
  place: Place | undefined,
  source: Source,
  inventory: Inventory,
): void {
  switch (place?.kind) {
    case 'bucket':
      return addResourcePolicy(inventory.bucket(place.name), document, source, inventory)
    case 'key':
      return addResourcePolicy(inventory.key(place.name), document, source, inventory)
    case 'role': {
      const { name, path } = place
      const { account, partition } = inventory.scope
      const arn = `arn:${partition}:iam::${account}:role${path}${name}`
      const draft = inventory.identity('role', name)
      draft.trust.push({ value: inventory.policy(arn, document, 'trust', source), source })
      draft.described.push({ value: { path, tells: 'path' }, source })
      return
    }
    case 'scp':
    case 'rcp': {
      const [levels, kind] =
        place.kind === 'scp'
          ? ([inventory.serviceControl, 'serviceControl'] as const)
          : ([inventory.resourceControl, 'resourceControl'] as const)
      const policy = inventory.policy(place.name, document, kind, source)
      ensure(levels, place.level, () => new Map()).set(policy.name, policy)
      return
    }
    case 'account':
    case undefined: {
      const bucket = bucketOfPolicy(looseDocument(document))
      if (bucket !== undefined)
        return addResourcePolicy(inventory.bucket(bucket), document, source, inventory)
      const hint = 'put it into buckets/, keys/, roles/, scps/ or rcps/, under the name of what it belongs to'
      reportUnclear(`${source.file} does not say whose policy it is`, hint, source, inventory)
    }
  }
}

/** @param document undefined: there is none. */
export function addResourcePolicy(
  resource: ResourceDraft,
  document: unknown,
  source: Source,
  inventory: Inventory,
): void {
  const value =
    document === undefined ? undefined : inventory.policy(resource.arn, document, 'resource', source)
  resource.policies.push({ value, source })
}

function reportUnclear(message: string, hint: string, { file }: Source, inventory: Inventory): void {
  inventory.diagnostics.push({
    code: 'IMPORT_PLACE_UNCLEAR',
    severity: 'error',
    message,
    hint,
    span: startOf(file),
  })
}
