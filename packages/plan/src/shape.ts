import type { z } from 'zod'
import type { DiagnosticCode } from './codes.js'
import { describeStrangeCharacter } from './characters.js'
import type { Path } from './locator.js'
import { printPath } from './locator.js'
import type { Reporter } from './reporter.js'
import { isSecretKey, show } from './secrets.js'
import { organizationSchema } from './schema.js'
import { suggestionHint } from './suggest.js'

type Issue = z.core.$ZodIssue

/** What a pattern in the schema asks for, by the code that the schema gives as its error. */
const formats: Readonly<Partial<Record<DiagnosticCode, readonly [string, string]>>> = {
  ACCOUNT_INVALID: ['is not an account: twelve digits', 'Write the account as "111122223333", in quotes.'],
  REGION_INVALID: ['is not a region of the aws partition', 'Write a region such as eu-west-1.'],
  SUFFIX_INVALID: ['cannot end a bucket name', 'Use lower-case letters, digits and single hyphens.'],
  EMAIL_INVALID: ['is not an e-mail address', 'Write it as name@example.com, without wildcards or quotes.'],
  DATE_INVALID: ['is not a date', 'Write a day as 2035-03-31 or an instant as 2035-03-31T12:00:00Z.'],
  SHARE_INVALID: ['is not a share', 'Write whole percent, from 1% to 99%.'],
  DURATION_INVALID: ['is not a length of time', 'Write hours, days or weeks, as 12h, 30d or 4w.'],
  IMAGE_INVALID: ['is not the ARN of an ECR repository', 'Write arn:aws:ecr:REGION:ACCOUNT:repository/NAME.'],
  PRODUCT_INVALID: [
    'is not an id of Service Catalog',
    'Products start with "prod-", provisioning artifacts with "pa-".',
  ],
  NAME_INVALID: ['cannot be a name', nameRule(false)],
}

function nameRule(member: boolean): string {
  return member
    ? 'Members are IAM users: up to 64 of A-Z a-z 0-9 _ + = , . @ -'
    : 'Use lower-case letters, digits and single hyphens, starting with a letter.'
}

/** Turns what the schema found into diagnostics in the file's own terms. */
export function reportShape(issues: readonly Issue[], root: unknown, reporter: Reporter): void {
  for (const issue of issues) reportIssue(issue, issue.path as Path, root, reporter)
}

function reportIssue(issue: Issue, path: Path, root: unknown, reporter: Reporter): void {
  const value = valueAt(root, path)
  switch (issue.code) {
    case 'unrecognized_keys':
      for (const key of issue.keys) reportUnknownKey(key, path, reporter)
      return
    case 'invalid_key':
      reportInvalidName(String(path.at(-1) ?? ''), path, path[0] === 'members', reporter)
      return
    case 'invalid_union': {
      const branch = likelyBranch(issue.errors, value)
      if (branch !== undefined) {
        for (const inner of branch) reportIssue(inner, [...path, ...(inner.path as Path)], root, reporter)
      } else
        reporter.error(
          'TYPE_WRONG',
          path,
          `${subject(path)} has a value of the wrong type: ${describeType(value)}`,
          {
            hint:
              path[0] === 'teams' && path.length === 2
                ? 'Write [MEMBER, …], or { members: [MEMBER, …], until: 2035-03-31 }.'
                : undefined,
          },
        )
      return
    }
    case 'invalid_value': {
      if (value === undefined) return reportMissing(path, reporter)
      const values = issue.values.map(String)
      const written = typeof value === 'string' ? show(value) : describeType(value)
      reporter.error('VALUE_UNKNOWN', path, `${written} is not known for ${subject(path)}`, {
        hint: suggestionHint(String(value), values),
      })
      return
    }
    case 'invalid_type':
      return value === undefined
        ? reportMissing(path, reporter)
        : reportType(issue.expected, value, path, reporter)
    case 'invalid_format':
      return reportFormat(issue.message as DiagnosticCode, String(value), path, reporter)
    case 'too_small':
      reporter.error(
        'LIST_EMPTY',
        path,
        `${subject(path)} needs at least ${String(issue.minimum)} ${issue.minimum === 1 ? 'entry' : 'entries'}`,
        {
          hint:
            path.at(-1) === 'can'
              ? 'A grant or guarantee on nothing says nothing: name a capability or remove it.'
              : undefined,
        },
      )
      return
    default:
      reporter.error('TYPE_WRONG', path, `${subject(path)}: ${issue.message}`)
  }
}

/** The branch of a union that the value was meant for: the one that did not fail at once by type. */
function likelyBranch(branches: readonly (readonly Issue[])[], value: unknown): readonly Issue[] | undefined {
  return branches.find((issues) =>
    issues.every(
      (issue) =>
        issue.path.length > 0 ||
        (issue.code !== 'invalid_type' && !(issue.code === 'invalid_value' && typeof value !== 'string')),
    ),
  )
}

function reportUnknownKey(key: string, path: Path, reporter: Reporter): void {
  const at = [...path, key]
  if (isSecretKey(key)) {
    reporter.error(
      'SECRET_IN_FILE',
      at,
      `the key ${show(key)} announces a secret, and a declared file is no place for one`,
      {
        atKey: true,
        sensitive: true,
        hint: 'Remove it, and rotate the secret if the file was ever shared. Keys are made at deployment and handed over then.',
      },
    )
    return
  }
  const strange = describeStrangeCharacter(key)
  reporter.error(
    'KEY_UNKNOWN',
    at,
    `unknown key ${show(key)}${strange === undefined ? '' : ` with ${strange}`}${path.length === 0 ? '' : ` in ${printPath(path)}`}`,
    {
      atKey: true,
      hint: suggestionHint(key, keysAt(path)),
    },
  )
}

function reportMissing(path: Path, reporter: Reporter): void {
  const parent = path.slice(0, -1)
  const owner = parent.length === 0 ? 'the file' : printPath(parent)
  reporter.error('KEY_MISSING', parent, `${owner} lacks "${String(path.at(-1))}"`, {
    atKey: parent.length > 0,
    hint: `Add "${String(path.at(-1))}".`,
  })
}

function reportType(expected: string, value: unknown, path: Path, reporter: Reporter): void {
  const key = path.at(-1)
  if (key === 'account' && typeof value === 'number') {
    const written = reporter.locator.written(path) ?? String(value)
    const odd = !/^[1-9]\d*$/.test(written)
    reporter.error(
      'ACCOUNT_INVALID',
      path,
      `the account is a number here${odd ? ', and digits of it are lost that way' : ''}; it must be a text`,
      {
        hint: /^\d{12}$/.test(written)
          ? `Put it in quotes: "${written}".`
          : 'Write all twelve digits in quotes: "111122223333".',
      },
    )
    return
  }
  const names: Record<string, string> = {
    string: 'a text',
    object: 'a mapping',
    record: 'a mapping',
    array: 'a list',
    boolean: 'true or false',
  }
  const written = reporter.locator.written(path)
  const quotes = expected === 'string' && written !== undefined && value !== null && typeof value !== 'object'
  reporter.error(
    'TYPE_WRONG',
    path,
    `${subject(path)} must be ${names[expected] ?? expected}, not ${describeType(value)}`,
    {
      hint: quotes && written.length < 40 ? `Put it in quotes: "${written}".` : undefined,
    },
  )
}

function reportFormat(code: DiagnosticCode, value: string, path: Path, reporter: Reporter): void {
  if (code === 'NAME_INVALID') return reportInvalidName(value, path, false, reporter)
  const [rule, hint] = formats[code] ?? ['is not allowed here', undefined]
  const strange = describeStrangeCharacter(value)
  reporter.error(
    code,
    path,
    `${show(value)} ${rule}${strange === undefined ? '' : `; it contains ${strange}`}`,
    { hint },
  )
}

/** Reports a name that AWS or ringfence cannot use, with the character that is at fault. */
export function reportInvalidName(name: string, path: Path, member: boolean, reporter: Reporter): void {
  const strange = describeStrangeCharacter(name)
  if (strange !== undefined) {
    reporter.error('NAME_NOT_ASCII', path, `the name ${show(name)} contains ${strange}`, {
      atKey: true,
      hint: `Retype the name on a plain keyboard. ${nameRule(member)}`,
    })
    return
  }
  if (member && name.length > 64) {
    reporter.error(
      'NAME_TOO_LONG',
      path,
      `the member name ${show(name)} has ${name.length} characters; IAM user names have at most 64`,
      { atKey: true },
    )
    return
  }
  const why = name.includes('--') && !member ? ': "--" separates names on AWS' : ''
  reporter.error('NAME_INVALID', path, `${show(name)} cannot be a name${why}`, {
    atKey: true,
    hint: nameRule(member),
  })
}

/** `“x” of members.ada` in words: the key and what it belongs to. */
function subject(path: Path): string {
  return path.length === 0 ? 'the file' : `"${printPath(path)}"`
}

export function describeType(value: unknown): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  if (typeof value === 'string') return 'a text'
  if (typeof value === 'boolean') return `the truth value ${String(value)}`
  return typeof value === 'number' ? `the number ${String(value)}` : typeof value
}

export function valueAt(root: unknown, path: Path): unknown {
  let value = root
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<string | number, unknown>)[step]
  }
  return value
}

/** The keys that the schema knows at a path. */
function keysAt(path: Path): string[] {
  let schemas: z.core.$ZodType[] = [organizationSchema]
  for (const step of path) schemas = schemas.flatMap((schema) => descend(schema, step))
  return [...new Set(schemas.flatMap((schema) => Object.keys(shapeOf(schema) ?? {})))].filter(
    (key) => key !== '$schema',
  )
}

/** What every schema of zod says about itself. */
interface Defined {
  readonly def: z.core.$ZodTypes['_zod']['def']
}

function shapeOf(schema: z.core.$ZodType): Record<string, z.core.$ZodType> | undefined {
  const { def: definition } = schema as unknown as Defined
  if (definition.type === 'object') return definition.shape
  if (definition.type === 'optional' || definition.type === 'nullable') return shapeOf(definition.innerType)
  if (definition.type === 'union')
    return Object.assign({}, ...definition.options.map((option) => shapeOf(option) ?? {})) as Record<
      string,
      z.core.$ZodType
    >
  return undefined
}

function descend(schema: z.core.$ZodType, step: string | number): z.core.$ZodType[] {
  const { def: definition } = schema as unknown as Defined
  switch (definition.type) {
    case 'optional':
    case 'nullable':
      return descend(definition.innerType, step)
    case 'union':
      return definition.options.flatMap((option) => descend(option, step))
    case 'object': {
      const child = definition.shape[String(step)]
      return child === undefined ? [] : [child]
    }
    case 'record':
      return [definition.valueType]
    case 'array':
      return [definition.element]
    default:
      return []
  }
}
