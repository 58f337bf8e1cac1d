import type { Platform, Store, StoreReference } from './declaration.js'
import type { Names } from './names.js'
import { findStore, findTeam } from './names.js'
import { checkPrefix } from './prefixes.js'
import { broken } from './repair.js'
import type { Reporter } from './reporter.js'
import { describeStrangeCharacter } from './characters.js'
import type { OrganizationValue, PlatformValue } from './schema.js'
import { show } from './secrets.js'

const sections = { dataset: 'datasets', model: 'models' } as const

/** Datasets or models; bucket names are checked here, before anything else happens with them. */
export function resolveStores(
  kind: 'dataset' | 'model',
  value: OrganizationValue,
  suffix: string,
  names: Names,
  reporter: Reporter,
): Map<string, Store> {
  const section = sections[kind]
  const stores = new Map<string, Store>()
  for (const [name, declared] of Object.entries(value[section] ?? {})) {
    const path = [section, name]
    const owner =
      declared?.owner === undefined
        ? undefined
        : findTeam(declared.owner, [...path, 'owner'], names, reporter)
    const bucket = declared?.bucket ?? `${value.organization}-${name}-${suffix}`
    const wrong = bucketNameProblem(bucket)
    if (wrong !== undefined) {
      const derived = declared?.bucket === undefined
      reporter.error(
        'BUCKET_NAME_INVALID',
        derived ? path : [...path, 'bucket'],
        `the bucket name ${show(bucket)} of ${kind} ${show(name)} ${wrong}`,
        {
          atKey: derived,
          hint: derived
            ? 'Shorten the name, the organization or the suffix, or declare "bucket".'
            : 'See "General purpose bucket naming rules" in the S3 User Guide.',
        },
      )
    }
    stores.set(name, {
      kind,
      name,
      ...(owner === undefined ? {} : { owner }),
      encryption: declared?.encryption ?? 's3',
      bucket,
      destroyWithObjects: declared?.destroyWithObjects ?? false,
      declaredAt: reporter.locator.key(path),
    })
  }
  return stores
}

/** What is wrong with a bucket name, by "General purpose bucket naming rules" of the S3 User Guide. */
export function bucketNameProblem(bucket: string): string | undefined {
  const strange = describeStrangeCharacter(bucket)
  if (strange !== undefined) return `contains ${strange}`
  if (bucket.length < 3) return `has ${bucket.length} characters; S3 needs at least 3`
  if (bucket.length > 63) return `has ${bucket.length} characters; S3 allows at most 63`
  if (bucket.includes('.')) return 'contains a dot, with which TLS to the bucket would not be verifiable'
  if (/[A-Z]/.test(bucket)) return 'contains capital letters'
  if (!/^[a-z0-9][a-z0-9-]*[a-z0-9]$/.test(bucket))
    return 'may hold only lower-case letters, digits and hyphens, and no hyphen at its ends'
  const reserved = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|--x-s3|--table-s3|-an)$/.exec(bucket)
  return reserved === null ? undefined : `holds "${reserved[0]}", which S3 keeps for itself`
}

/** Two stores in one bucket, or two keys under one alias, would share what the file keeps apart. */
export function checkStoreCollisions(names: Names, reporter: Reporter): void {
  const buckets = new Map<string, Store>()
  const keys = new Map<string, Store>()
  for (const store of [...names.datasets.values(), ...names.models.values()]) {
    collide(buckets, store.bucket, store, `share the bucket name ${show(store.bucket)}`)
    if (store.encryption === 'kms') collide(keys, store.name, store, 'would share the alias of their keys')
  }

  function collide(seen: Map<string, Store>, key: string, store: Store, what: string): void {
    const other = seen.get(key)
    if (other === undefined) {
      seen.set(key, store)
      return
    }
    reporter.error(
      'NAME_COLLISION',
      [sections[store.kind], store.name],
      `${other.kind} ${show(other.name)} and ${store.kind} ${show(store.name)} ${what}`,
      {
        atKey: true,
        hint: 'Rename one of them.',
        related: [{ message: `${other.kind} ${show(other.name)} is declared here`, span: other.declaredAt }],
      },
    )
  }
}

export function resolvePlatforms(
  value: OrganizationValue,
  names: Names,
  reporter: Reporter,
): Map<string, Platform> {
  const platforms = new Map<string, Platform>()
  for (const [name, declared] of Object.entries(value.platforms ?? {})) {
    const path = ['platforms', name]
    platforms.set(name, {
      name,
      kind: declared.kind,
      reads: resolveReferences(declared, 'reads', name, names, reporter),
      writes: resolveReferences(declared, 'writes', name, names, reporter),
      ...(declared.project === undefined
        ? {}
        : {
            project: {
              productId: declared.project.product,
              ...(declared.project.artifact === undefined
                ? {}
                : { provisioningArtifactId: declared.project.artifact }),
            },
          }),
      images: [...new Set(declared.images)],
      declaredAt: reporter.locator.key(path),
    })
  }
  return platforms
}

function resolveReferences(
  declared: PlatformValue,
  field: 'reads' | 'writes',
  platform: string,
  names: Names,
  reporter: Reporter,
): StoreReference[] {
  const references: StoreReference[] = []
  const seen = new Set<string>()
  for (const [index, item] of (declared[field] ?? []).entries()) {
    if (item === broken) continue
    const path = ['platforms', platform, field, index]
    const { on, under } = typeof item === 'string' ? { on: item, under: undefined } : item
    const store = findStore(on, typeof item === 'string' ? path : [...path, 'on'], names, reporter)
    const prefix = checkPrefix(under, [...path, 'under'], reporter)
    if (store === undefined || prefix === undefined) continue
    const key = `${store.kind}/${store.name}/${prefix}`
    if (seen.has(key)) {
      reporter.error(
        'GRANT_DUPLICATE',
        path,
        `${show(on)} is listed twice in "${field}" of the platform ${show(platform)}`,
      )
      continue
    }
    seen.add(key)
    references.push({ ...store, under: prefix, declaredAt: reporter.locator.value(path) })
  }
  return references
}
