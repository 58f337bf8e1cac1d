import { field, type Fields, isFields, listField, textField } from '../fields.js'
import type { Format } from '../format.js'
import type { ParsedFile } from '../input-file.js'
import type { Inventory } from '../inventory.js'
import { Undetermined } from '../undetermined.js'
import { placesOfResources, readStateResources } from './read-states.js'
import type { StateResource } from './state-resource.js'

/**
 * What `terraform show -json` prints of a state, or of a plan: then the account is the one that the plan would make.
 * Both say only what Terraform makes. [terraform: JSON Output Format]
 */
export const terraform: Format = {
  name: 'terraform show -json',
  recognizes: ({ value }) =>
    textField(value, 'format_version') !== undefined &&
    (isFields(field(value, 'values')) || isFields(field(value, 'planned_values'))),
  placesIn: (file) => [...placesOfResources(managed(file)), ...placesOfProvider(file)],
  spansAccounts: true,
  read(files, inventory) {
    for (const file of files) readFile(file, inventory)
  },
}

function readFile(file: ParsedFile, inventory: Inventory): void {
  const resources = managed(file)
  readStateResources(file.path, resources, inventory)
  for (const { address, type, values, source } of allOf(file).filter(({ isData }) => isData)) {
    const arn = textField(values, 'arn')
    // The only way in which a state holds policies of AWS.
    if (type !== 'aws_iam_policy' || arn === undefined) continue
    const policy = inventory.policy(arn, values['policy'], 'identity', { ...source, place: address })
    inventory.managedPolicy(arn, [{ id: 'default', isDefault: true, policy }], source)
  }
}

interface Listed extends StateResource {
  readonly isData: boolean
}

function managed(file: ParsedFile): readonly Listed[] {
  return allOf(file).filter(({ isData }) => !isData)
}

/** The resources of all modules; what is known only after an apply is undetermined. */
function allOf({ path, value }: ParsedFile): readonly Listed[] {
  const changes = new Map<string, unknown>()
  for (const change of listField(value, 'resource_changes')) {
    const address = textField(change, 'address')
    if (address !== undefined) changes.set(address, field(field(change, 'change'), 'after_unknown'))
  }
  const planned = field(value, 'planned_values')
  const targets = targetsIn(value)
  const listed: Listed[] = []
  const visit = (module: unknown): void => {
    for (const resource of listField(module, 'resources')) {
      const [address, type] = [textField(resource, 'address'), textField(resource, 'type')]
      const values = field(resource, 'values')
      if (address === undefined || type === undefined || !isFields(values)) continue
      const open = planned === undefined ? undefined : changes.get(address)
      listed.push({
        address,
        type,
        called: type,
        values: withUnknown(values, open) as Fields,
        source: { file: path, place: address },
        targets: targets.get(address) ?? [],
        isData: textField(resource, 'mode') === 'data',
      })
    }
    for (const child of listField(module, 'child_modules')) visit(child)
  }
  visit(field(planned ?? field(value, 'values'), 'root_module'))
  return listed
}

/** A plan leaves out what is not known yet, and marks its place with `true`. */
function withUnknown(value: unknown, open: unknown): unknown {
  if (open === true) return new Undetermined('it is known after the plan is applied')
  if (!findTrue(open)) return value
  if (Array.isArray(open)) {
    const items: readonly unknown[] = Array.isArray(value) ? value : []
    return Array.from({ length: Math.max(items.length, open.length) }, (_, index) =>
      withUnknown(items[index], open[index]),
    )
  }
  const entries = new Map(isFields(value) ? Object.entries(value) : [])
  for (const [key, part] of Object.entries(open as Fields))
    entries.set(key, withUnknown(entries.get(key), part))
  return Object.fromEntries(entries)
}

function findTrue(open: unknown): boolean {
  return open === true || (typeof open === 'object' && open !== null && Object.values(open).some(findTrue))
}

/** What the configuration of a plan refers to, in the root module, where ids are not known yet. */
function targetsIn(value: unknown): ReadonlyMap<string, readonly string[]> {
  const targets = new Map<string, readonly string[]>()
  const root = field(field(value, 'configuration'), 'root_module')
  for (const resource of listField(root, 'resources')) {
    const address = textField(resource, 'address')
    const expressions = field(resource, 'expressions')
    const references = ['target_key_id', 'policy_id'].flatMap((name) =>
      listField(field(expressions, name), 'references'),
    )
    if (address !== undefined)
      targets.set(
        address,
        references.filter((one) => typeof one === 'string'),
      )
  }
  return targets
}

/** The account and region that the provider of a plan is pinned to, and the account of whoever ran it. */
function placesOfProvider(file: ParsedFile): { account: string; partition: string; region: string }[] {
  const expressions = field(
    field(field(field(file.value, 'configuration'), 'provider_config'), 'aws'),
    'expressions',
  )
  const accounts = [field(field(expressions, 'allowed_account_ids'), 'constant_value')].flat()
  const region = textField(field(expressions, 'region'), 'constant_value') ?? ''
  const pinned = accounts.length === 1 && typeof accounts[0] === 'string' ? accounts[0] : ''
  const callers = allOf(file)
    .filter(({ isData, type }) => isData && type === 'aws_caller_identity')
    .flatMap(({ values }) => textField(values, 'account_id') ?? [])
  return [pinned, ...callers].map((account) => ({ account, partition: '', region }))
}
