import type { BodyFacts, Kind, TerraformFacts } from './terraform-facts.js'

type JsonObject = Readonly<Record<string, unknown>>

/** What the checks of one configuration share. */
interface Scope {
  readonly facts: TerraformFacts
  /** `type.name` of every resource. */
  readonly addresses: ReadonlySet<string>
  readonly variables: ReadonlySet<string>
  readonly providers: ReadonlySet<string>
  readonly problems: string[]
}

/**
 * Reads a configuration in Terraform's JSON syntax as strictly as the table allows, and says everything that is wrong
 * with it: what the table does not know is a problem, never ignored.
 * https://developer.hashicorp.com/terraform/language/syntax/json
 */
export function checkTerraform(text: string, facts: TerraformFacts): readonly string[] {
  const root = JSON.parse(text) as JsonObject
  const resources = object(root['resource'])
  const providers = list(object(root['provider'])['aws']).map(object)
  const scope: Scope = {
    facts,
    addresses: new Set(
      Object.entries(resources).flatMap(([type, named]) =>
        Object.keys(object(named)).map((name) => `${type}.${name}`),
      ),
    ),
    variables: new Set(Object.keys(object(root['variable']))),
    providers: new Set(
      providers.flatMap(({ alias }) => (alias === undefined ? [] : [`aws.${String(alias)}`])),
    ),
    problems: [],
  }
  for (const key of Object.keys(root)) {
    if (!['//', 'terraform', 'variable', 'provider', 'resource'].includes(key))
      scope.problems.push(`${key}: no such block`)
  }
  checkSettings(root, scope)
  for (const [index, { alias: _, ...provider }] of providers.entries())
    checkBody(provider, facts.provider, `provider ${index}`, scope)
  for (const [type, named] of Object.entries(resources)) {
    const known = facts.resources[type]
    if (known === undefined) scope.problems.push(`${type}: no such resource type`)
    else
      for (const [name, body] of Object.entries(object(named)))
        checkResource(type, name, object(body), known, scope)
  }
  return scope.problems
}

function checkSettings(root: JsonObject, { problems }: Scope): void {
  const required = object(object(root['terraform'])['required_providers'])
  if (JSON.stringify(required) !== '{"aws":{"source":"hashicorp/aws","version":"~> 6.0"}}')
    problems.push('terraform: not the provider that the table is about')
  for (const [name, body] of Object.entries(object(root['variable']))) {
    const { type, description, ...rest } = object(body)
    if (type !== 'string' || typeof description !== 'string' || Object.keys(rest).length > 0)
      problems.push(`var.${name}: not a described string`)
  }
}

function checkResource(type: string, name: string, body: JsonObject, facts: BodyFacts, scope: Scope): void {
  const { problems, addresses, providers } = scope
  const place = `${type}.${name}`
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name)) problems.push(`${place}: not a name`)
  const { depends_on: dependsOn, provider, lifecycle, ...own } = body
  for (const one of dependsOn === undefined ? [] : list(dependsOn)) {
    if (typeof one !== 'string' || !addresses.has(one) || one === place)
      problems.push(`${place}.depends_on: ${String(one)} is not another resource`)
  }
  if (provider !== undefined && !providers.has(String(provider)))
    problems.push(`${place}.provider: ${String(provider)} is not configured`)
  if (lifecycle !== undefined && JSON.stringify(lifecycle) !== '{"prevent_destroy":true}')
    problems.push(`${place}.lifecycle: not understood`)
  checkBody(own, facts, place, scope)
}

function checkBody(body: JsonObject, facts: BodyFacts, place: string, scope: Scope): void {
  const { required = {}, optional = {}, blocks = {} } = facts
  for (const name of Object.keys(required))
    if (!(name in body)) scope.problems.push(`${place}: ${name} is missing`)
  for (const [name, value] of Object.entries(body)) {
    const kind = required[name] ?? optional[name]
    const inner = `${place}.${name}`
    if (kind !== undefined) checkValue(value, kind, inner, scope)
    else if (blocks[name] === undefined) scope.problems.push(`${inner}: no such argument`)
  }
  for (const [name, block] of Object.entries(blocks)) {
    const bodies = name in body ? list(body[name]) : []
    const { atLeast = 0, atMost = Number.POSITIVE_INFINITY } = block
    if (bodies.length < atLeast || bodies.length > atMost)
      scope.problems.push(`${place}.${name}: ${bodies.length} blocks`)
    for (const one of bodies) {
      if (isObject(one)) checkBody(one, block, `${place}.${name}`, scope)
      else scope.problems.push(`${place}.${name}: not a block`)
    }
  }
}

function checkValue(value: unknown, kind: Kind, place: string, scope: Scope): void {
  const wrong = () => scope.problems.push(`${place}: not a ${kind}`)
  switch (kind) {
    case 'string':
      if (typeof value === 'string') checkTemplate(value, place, scope)
      else wrong()
      return
    case 'number':
    case 'boolean':
      if (typeof value !== kind) wrong()
      return
    case 'list of string':
      if (!Array.isArray(value)) wrong()
      else for (const one of value) checkValue(one, 'string', place, scope)
      return
    case 'map of string':
      if (!isObject(value)) wrong()
      else
        for (const one of [...Object.keys(value), ...Object.values(value)])
          checkValue(one, 'string', place, scope)
  }
}

/** A text is either literal, with its escapes, or as a whole one reference to an attribute or a variable. */
function checkTemplate(text: string, place: string, { facts, addresses, variables, problems }: Scope): void {
  const reference = /^\$\{([^{}]+)\}$/.exec(text)?.[1]
  if (reference === undefined) {
    if (/[$%]\{/.test(text.replaceAll(/\$\$\{|%%\{/g, ''))) problems.push(`${place}: would be evaluated`)
    return
  }
  const [head = '', name = '', attribute = '', ...rest] = reference.split('.')
  const known =
    head === 'var'
      ? variables.has(name) && attribute === ''
      : addresses.has(`${head}.${name}`) && facts.resources[head]?.attributes?.includes(attribute) === true
  if (!known || rest.length > 0) problems.push(`${place}: refers to ${reference}, which is not there`)
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function object(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

/** One block stands alone or in a list. */
function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value]
}
