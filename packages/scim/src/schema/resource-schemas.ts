import { Schemas, Types } from 'scimmy'

export type Attribute = InstanceType<typeof Types.Attribute>
export type SchemaDefinition = InstanceType<typeof Types.SchemaDefinition>
export type ResourceKind = 'User' | 'Group'

/** What is kept of one kind of resource. */
export interface ResourceSchema {
  readonly kind: ResourceKind
  readonly endpoint: '/Users' | '/Groups'
  readonly core: SchemaDefinition
  /** Schemas that a resource may have beside its own. */
  readonly extensions: readonly SchemaDefinition[]
  /** Names of attributes of RFC 7643 that are taken and not kept, in lower case. */
  readonly dropped: ReadonlySet<string>
}

const { User, Group, EnterpriseUser } = Schemas

/**
 * What is kept of a person: what access depends on, and by what people recognize each other. Passwords, phone numbers,
 * addresses, pictures and certificates are nothing that ringfence has a use for, so that they are taken and dropped.
 */
const keptOfUser = [
  'userName',
  'name',
  'displayName',
  'nickName',
  'title',
  'userType',
  'preferredLanguage',
  'locale',
  'timezone',
  'active',
  'emails',
  'groups',
] as const

/** A definition of our own: scimmy's are shared by everybody in the process. */
function keep(definition: SchemaDefinition, names: readonly string[]): SchemaDefinition {
  const kept = definition.attributes.filter(({ name }) => names.includes(name))
  if (kept.length !== names.length) throw new Error(`scimmy lacks attributes of ${definition.name}`)
  return new Types.SchemaDefinition(definition.name, definition.id, definition.description, kept)
}

function droppedFrom(definition: SchemaDefinition, kept: SchemaDefinition): ReadonlySet<string> {
  const names = new Set(kept.attributes.map(({ name }) => name))
  return new Set(definition.attributes.flatMap(({ name }) => (names.has(name) ? [] : [name.toLowerCase()])))
}

const user = keep(User.definition, keptOfUser)
/** Members are users. What they are called is said of themselves: a group may have tens of thousands. */
const members = new Types.Attribute(
  'complex',
  'members',
  { multiValued: true, uniqueness: false, description: 'The people in the group' },
  [
    new Types.Attribute('string', 'value', { mutable: 'immutable', description: 'The id of a user' }),
    new Types.Attribute('reference', '$ref', {
      mutable: 'immutable',
      referenceTypes: ['User'],
      description: 'Where the user is',
    }),
    new Types.Attribute('string', 'type', {
      mutable: 'immutable',
      canonicalValues: ['User'],
      description: 'Always User: groups within groups have no meaning here',
    }),
  ],
)
const group = new Types.SchemaDefinition(
  Group.definition.name,
  Group.definition.id,
  Group.definition.description,
  [
    ...keep(Group.definition, ['displayName']).attributes.filter(({ config }) => config.shadow !== true),
    members,
  ],
)

export const userSchema: ResourceSchema = {
  kind: 'User',
  endpoint: '/Users',
  core: user,
  extensions: [EnterpriseUser.definition],
  dropped: droppedFrom(User.definition, user),
}

export const groupSchema: ResourceSchema = {
  kind: 'Group',
  endpoint: '/Groups',
  core: group,
  extensions: [],
  dropped: new Set(),
}
