import { field, type Fields, isFields, listField, textField } from '../fields.js'
import type { Format } from '../format.js'
import type { ParsedFile } from '../input-file.js'
import { Undetermined } from '../undetermined.js'
import { placesOfResources, readStateResources } from './read-states.js'
import type { StateResource } from './state-resource.js'

/**
 * What `pulumi stack export` prints: the resources of a stack as they were last seen, of which those of `@pulumi/aws`
 * are read. Secrets stay encrypted, and what they hold is not known. [pulumi: State and backends]
 */
export const pulumiStack: Format = {
  name: 'pulumi stack export',
  recognizes: ({ value }) => Array.isArray(field(field(value, 'deployment'), 'resources')),
  placesIn: (file) => placesOfResources(resourcesOf(file)),
  spansAccounts: true,
  read(files, inventory) {
    for (const file of files) readStateResources(file.path, resourcesOf(file), inventory)
  },
}

function resourcesOf({ path, value }: ParsedFile): readonly StateResource[] {
  return listField(field(value, 'deployment'), 'resources').flatMap((resource): StateResource[] => {
    const called = textField(resource, 'type') ?? ''
    const type = typeOf(called)
    // One that is to be deleted is listed beside what takes its place.
    if (field(resource, 'custom') !== true || field(resource, 'delete') === true) return []
    if (called.startsWith('pulumi:')) return []
    const address = textField(resource, 'urn') ?? path
    const [inputs, outputs] = [field(resource, 'inputs'), field(resource, 'outputs')]
    const values = { ...valuesOf(inputs), ...valuesOf(outputs), id: field(resource, 'id') }
    return [{ address, type, called, values, source: { file: path, place: address }, targets: [] }]
  })
}

const irregular: Readonly<Record<string, string>> = {
  aws_iam_open_id_connect_provider: 'aws_iam_openid_connect_provider',
}

/** The type as Terraform calls it: `aws:s3/bucketPolicy:BucketPolicy` is `aws_s3_bucket_policy`. */
function typeOf(token: string): string {
  const match = /^aws:([a-z0-9]+)\/([A-Za-z0-9]+):[A-Za-z0-9]+$/.exec(token)
  if (!match) return token
  const name = `aws_${match[1]}_${snakeCase(match[2]!.replace(/V2$/, ''))}`
  return irregular[name] ?? name
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function valuesOf(properties: unknown): Fields {
  if (!isFields(properties)) return {}
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [snakeCase(key), reveal(value)]))
}

/** Keys that mark values which are not plain JSON. [pulumi: sdk/resource, signatures] */
const signature = '4dabf18193072939515e22adb298388d'
const secret = '1b47061264138c4ac30d75fd1eb44270'
/** Stands for what is not known before an update. */
const unknownValue = '04da6b54-80e4-46f7-96ec-b56ff0331ba9'

function reveal(value: unknown): unknown {
  if (value === unknownValue) return new Undetermined('it is known after an update only')
  if (Array.isArray(value)) return value.map(reveal)
  if (!isFields(value)) return value
  if (value[signature] === secret) return revealSecret(value)
  if (value[signature] !== undefined) return new Undetermined('it is no plain value')
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, reveal(part)]))
}

/** With `--show-secrets` the export has the value itself, as JSON. */
function revealSecret(value: Fields): unknown {
  const text = textField(value, 'plaintext')
  try {
    if (text !== undefined) return reveal(JSON.parse(text))
  } catch {
    // Not what an export writes: as good as encrypted.
  }
  return new Undetermined('it is a secret of the stack')
}
