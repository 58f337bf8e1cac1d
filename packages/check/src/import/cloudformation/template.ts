import { startOf } from '../diagnostic.js'
import type { Source } from '../drafts.js'
import { field, type Fields, isFields, listField } from '../fields.js'
import type { Format } from '../format.js'
import type { ParsedFile } from '../input-file.js'
import type { Inventory } from '../inventory.js'
import { Undetermined } from '../undetermined.js'
import { Evaluator } from './evaluate.js'
import { iamReaders } from './iam.js'
import { references } from './references.js'
import { policyReaders } from './resource-policies.js'
import { storeReaders } from './stores.js'

/** One resource of a template, as its reader gets it. */
export interface Made {
  readonly logicalId: string
  /** Functions are resolved as far as they are determined. */
  readonly properties: Fields
  /** As they are written: what refers to what. */
  readonly written: unknown
  readonly source: Source
  readonly evaluator: Evaluator
  readonly inventory: Inventory
}

/** Takes in what a resource of one type says of the account. */
export type Reader = (made: Made) => void

const readers: Readonly<Record<string, Reader>> = { ...iamReaders, ...storeReaders, ...policyReaders }

/**
 * Templates of CloudFormation, with the defaults of their parameters. They say only what they make, and only what names
 * and values determine before anything is made. [template-anatomy]
 */
export const cloudFormation: Format = {
  name: 'a CloudFormation template',
  recognizes: ({ value }) => {
    const resources = field(value, 'Resources')
    return (
      isFields(resources) && Object.values(resources).some((one) => /^\w+::/.test(String(field(one, 'Type'))))
    )
  },
  placesIn: ({ value }) => {
    const account = pinned(value, 'AWS::AccountId') ?? ''
    const region = pinned(value, 'AWS::Region') ?? ''
    return [{ account, partition: '', region }]
  },
  read(files, inventory) {
    for (const file of files) readTemplate(file, inventory)
  },
}

function readTemplate({ path, value }: ParsedFile, inventory: Inventory): void {
  const template = value as Fields
  const evaluator = new Evaluator(template, inventory.scope, references)
  const others = new Map<string, number>()
  for (const [logicalId, resource] of Object.entries(template['Resources'] as Fields)) {
    const source: Source = { file: path, place: `Resources.${logicalId}` }
    const type = field(resource, 'Type')
    if (typeof type !== 'string') {
      if (!logicalId.startsWith('Fn::')) reportShape(source, inventory)
      else inventory.unknown(path, 'resources', `${logicalId} is not evaluated`, source)
      continue
    }
    const made = conditionOf(resource, evaluator)
    if (made === false) continue
    const reader = Object.hasOwn(readers, type) ? readers[type] : undefined
    if (reader === undefined) {
      others.set(type, (others.get(type) ?? 0) + 1)
      continue
    }
    const written = field(resource, 'Properties')
    const properties = evaluator.properties(logicalId)
    if (properties instanceof Undetermined) {
      inventory.unknown(
        `${logicalId} (${type})`,
        'resources',
        `what it is, is not told: ${properties.reason}`,
        source,
      )
      continue
    }
    if (made !== true) {
      inventory.unknown(
        `${logicalId} (${type})`,
        undefined,
        `whether it is made is not told: ${made.reason}`,
        source,
      )
    }
    const uncertain = made === true ? properties : withoutGrants(type, properties, made)
    reader({ logicalId, properties: uncertain, written, source, evaluator, inventory })
  }
  if (evaluator.defaults.size > 0) {
    const names = [...evaluator.defaults].toSorted().join(', ')
    const reason = `parameters are taken to be their defaults, where a deployment may set something else: ${names}`
    inventory.unknown(path, undefined, reason)
  }
  if (template['Transform'] !== undefined) {
    const names = [template['Transform']].flat().map((name) => String(field(name, 'Name') ?? name))
    const reason = `it is transformed before it is deployed (${names.join(', ')}), and what that makes of it is not told`
    inventory.unknown(path, 'resources', reason)
  }
  if (others.size > 0) {
    const list = [...others.keys()].toSorted().join(', ')
    inventory.unknown(path, 'resources', `what these types give access to is not read: ${list}`)
  }
}

function conditionOf(resource: unknown, evaluator: Evaluator): boolean | Undetermined {
  const condition = field(resource, 'Condition')
  return typeof condition === 'string' ? evaluator.condition(condition) : true
}

/** What gives or takes access. */
const grants = new Set([
  'PolicyDocument',
  'KeyPolicy',
  'Policies',
  'ResourcePolicy',
  'RepositoryPolicyText',
  'AccessPolicies',
])
const grantsOfType: Readonly<Record<string, string>> = {
  'AWS::IAM::UserToGroupAddition': 'GroupName',
  'AWS::Lambda::Permission': 'Principal',
}

/** Of something that may not be made: what access it gives or takes is not told. */
function withoutGrants(type: string, properties: Fields, why: Undetermined): Fields {
  const entries = Object.entries(properties).map(([key, value]) => [
    key,
    grants.has(key) || key === grantsOfType[type] ? why : value,
  ])
  return Object.fromEntries(entries) as Fields
}

/** What a rule of the template without a condition of its own asserts a pseudo parameter to be. [rules-section] */
function pinned(template: unknown, parameter: string): string | undefined {
  const rules = field(template, 'Rules')
  for (const rule of isFields(rules) ? Object.values(rules) : []) {
    if (field(rule, 'RuleCondition') !== undefined) continue
    for (const assertion of listField(rule, 'Assertions')) {
      const [one, other] = listField(field(assertion, 'Assert'), 'Fn::Equals')
      if (field(one, 'Ref') === parameter && typeof other === 'string') return other
      if (field(other, 'Ref') === parameter && typeof one === 'string') return one
    }
  }
  return undefined
}

function reportShape({ file, place }: Source, inventory: Inventory): void {
  inventory.diagnostics.push({
    code: 'IMPORT_SHAPE_WRONG',
    severity: 'error',
    message: `${file} has a resource without Type, ${place}`,
    span: startOf(file),
  })
}
