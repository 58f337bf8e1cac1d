import type { Json, JsonObject } from '../print-json.js'

/** An expression of Terraform, such as `aws_kms_key.dataset__a__key.key_id`; every other text is literal. */
export class Expression {
  constructor(readonly text: string) {}
}

/** A value of an argument; an array may stand for repeated blocks. */
export type Value =
  string | number | boolean | Expression | readonly Value[] | { readonly [key: string]: Value }

/**
 * A value in Terraform's JSON syntax, where every text is a template: `${` and `%{` of a policy variable would be
 * evaluated. https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
 */
export function toJson(value: Value): Json {
  if (value instanceof Expression) return `\${${value.text}}`
  if (typeof value === 'string') return literal(value)
  if (typeof value !== 'object') return value
  return isList(value) ? value.map(toJson) : toJsonObject(value)
}

export function toJsonObject(value: Readonly<Record<string, Value>>): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [literal(key), toJson(entry)]))
}

function literal(text: string): string {
  return text.replaceAll(/[$%](?=\{)/g, '$&$&')
}

// `Array.isArray` does not tell read-only arrays from objects.
function isList(value: readonly Value[] | { readonly [key: string]: Value }): value is readonly Value[] {
  return Array.isArray(value)
}
