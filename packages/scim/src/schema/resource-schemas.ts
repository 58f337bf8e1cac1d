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
const group = keep(Group.definition, ['displayName', 'members'])

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
