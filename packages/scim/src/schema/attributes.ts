/** One value as it is kept and sent: JSON without numbers. */
export type Simple = string | boolean
export type Complex = { [name: string]: Simple }
export type Value = Simple | Complex | Complex[]
/** By the name in the schema. */
export type Values = { [name: string]: Value }

/** The attributes of a resource that providers write. Members of groups are kept apart. */
export interface Attributes {
  readonly core: Values
  /** By the id of the extension's schema. */
  readonly extensions: { [id: string]: Values }
}

/** Where the values of a schema are; made where there are none yet. */
export function valuesOf(attributes: Attributes, extension: string | undefined): Values {
  return extension === undefined ? attributes.core : (attributes.extensions[extension] ??= {})
}

export function isComplex(value: Value | undefined): value is Complex {
  return typeof value === 'object' && !Array.isArray(value)
}

/** The text of an attribute of the resource's own schema. */
export function textOf(attributes: Attributes, name: string): string | undefined {
  const value = attributes.core[name]
  return typeof value === 'string' ? value : undefined
}
