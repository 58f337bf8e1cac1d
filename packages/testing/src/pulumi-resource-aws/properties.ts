/** Inputs or state of a resource, as plain JSON. */
export type Properties = Readonly<Record<string, unknown>>

/** What stands for a value that only the deployment will tell; defined by Pulumi's protocol. */
export const unknownValue = '04da6b54-80e4-46f7-96ec-b56ff0331ba9'

const signatureKey = '4dabf18193072939515e22adb298388d'
const secretSignature = '1b47061264138c4ac30d75fd1eb44270'

/** Marks a value as secret, so that the engine encrypts it in the state and hides it in what it prints. */
export function secretValue(value: unknown): object {
  return { [signatureKey]: secretSignature, value }
}

/** Takes the marks of secrets off, at any depth. A marked value of another kind is refused. */
export function withoutMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMarks)
  if (!isObject(value)) return value
  const signature = value[signatureKey]
  if (signature === secretSignature) return withoutMarks(value['value'])
  if (signature !== undefined) throw new Error(`values of kind ${String(signature)} are not understood`)
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutMarks(member)]))
}

/** Whether some part of the value is not known yet. */
export function hasUnknown(value: unknown): boolean {
  return value !== undefined && JSON.stringify(value).includes(unknownValue)
}

/** Leaves out members without a value, which Pulumi's wire format cannot carry. */
export function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined)
  if (!isObject(value)) return value
  const present = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(present.map(([name, member]) => [name, withoutUndefined(member)]))
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
