import { Remembered } from '@ringfence/policy'

/** What is the same in all names that ringfence derives. */
export interface NamesOfOrganization {
  readonly organization: string
  /** 12 digits. */
  readonly account: string
  /** That ends derived names of buckets. */
  readonly suffix: string
}

/** A text without its names. */
export interface Outline {
  /** With a number for each name, in the order in which they come first. */
  readonly text: string
  /** In that order. */
  readonly names: readonly string[]
}

/** Writes names away. */
export interface Canonical {
  /** What texts of one outline have in common beside it. */
  readonly scope: string
  /** Undefined where there is a pattern in the text that could tell names apart. */
  outlineOf(text: string): Outline | undefined
}

/** Stands for a name: no JSON text has it unescaped, and no name. */
const MARK = '\u0001'
/** Before it has its number. */
const PLACE = `${MARK}0`

/**
 * Puts numbers for the names of buckets, keys, users, roles, platforms and teams of an organization, in the order in
 * which they come, so that questions which differ in nothing but names are one. What is proved for one of them is
 * proved for all: names stand in policies as a whole, so that two of them are either equal or have nothing to do with
 * each other, and a pattern takes all that have the same place or none.
 */
export function canonicalizer(names: NamesOfOrganization): Canonical {
  const { account, organization, suffix } = names
  const scope = JSON.stringify([account, organization, suffix])
  return remembered.get(scope) ?? remembered.set(scope, makeCanonical(scope, names))
}

/** One for each organization, so that a later check does not look into the same texts again. */
const remembered = new Remembered<Canonical>(4)

function makeCanonical(scope: string, names: NamesOfOrganization): Canonical {
  const organization = escape(names.organization)
  const suffix = escape(names.suffix)
  const iam = `arn:aws:iam::${names.account}:`
  const named = new RegExp(
    [
      `arn:aws:s3:::${organization}-([a-z0-9.-]+?)-${suffix}(?=["/])`,
      `${iam}(?:user|role)/ringfence/${organization}/([A-Za-z0-9_+=,.@-]+)(?=")`,
      `alias/ringfence/${organization}/([A-Za-z0-9_-]+)(?=")`,
      `(?<=:(?:endpoint|endpoint-config|model|training-job|\\*)/)((?:[a-z0-9]|-(?!-))+--(?:(?:[a-z0-9]|-(?!-))+--)?)(?=\\*(?:--\\*)?")`,
      `(?<=arn:aws:sagemaker:[a-z0-9-]+:${names.account}:project/${organization}-)([a-z0-9-]+)(?=")`,
      `(?<=")([^"*?@:]+@[^"*?:]+)(?=")`,
    ].join('|'),
    'g',
  )
  const allowed = new RegExp(`^(?:${harmlessPatterns(names).join('|')})$`)
  const known = new Remembered<Look>(65_536)
  const lookAt = (string: string): Look =>
    known.get(string) ?? known.set(string, lookInto(string, named, allowed, names))
  const outlines = new Remembered<{ readonly outline: Outline | undefined }>(1024)
  const outlineOf = (text: string): Outline | undefined => {
    const looked = outlines.get(text) ?? outlines.set(text, { outline: withNumbers(text, lookAt) })
    return looked.outline
  }
  return { scope, outlineOf: (text) => (isPlain(text) ? outlineOf(text) : undefined) }
}

/** A string of a JSON text, which are few and come often. */
interface Look {
  /** What stands around its names: one more than names. */
  readonly around: readonly string[]
  readonly names: readonly string[]
  /** Whether it takes all names in it alike. */
  readonly isHarmless: boolean
}

/** Escapes would hide where a text ends. */
function isPlain(text: string): boolean {
  return !text.includes('\\') && !text.includes(MARK)
}

/** Projects and addresses; behind the parts that the pattern captures stands where it was found. */
const WHOLE = 2

function lookInto(string: string, named: RegExp, allowed: RegExp, ofAll: NamesOfOrganization): Look {
  const names: string[] = []
  const placeOf = (name: string): string => {
    names.push(name)
    return PLACE
  }
  const outline = `"${string}"`
    .replaceAll(named, (match, bucket, principal, alias, job, ...whole) => {
      if (bucket !== undefined) return `bucket${placeOf(bucket)}`
      if (principal !== undefined)
        return `${match.slice(0, -principal.length)}${roleOf(principal, ofAll, placeOf)}`
      if (alias !== undefined) return `alias${placeOf(alias)}`
      if (job === undefined) return placeOf(whole.slice(0, WHOLE).find((name) => name !== undefined))
      return String(job)
        .split('--')
        .map((name) => (name === '' ? '' : placeOf(name)))
        .join('--')
    })
    .slice(1, -1)
  const isPattern = /[*?]/.test(outline) && /arn:|alias/.test(outline)
  return { around: outline.split(PLACE), names, isHarmless: !isPattern || allowed.test(outline) }
}

/** The team in a tag, or a string that may have names. Without escapes strings end at the next quote. */
const withName = /(?<=\/ringfence:team":)"([^"]+)"|"([^"]*?(?:arn:|alias|@)[^"]*)"/g

/** With numbers for the names in its strings. Undefined where one of them could tell names apart, or stands in none. */
function withNumbers(text: string, lookAt: (string: string) => Look): Outline | undefined {
  const firstString = text.indexOf('"')
  if ((firstString < 0 ? text : text.slice(0, firstString)).includes('arn:')) return undefined
  const numbers = new Map<string, number>()
  const numberOf = (name: string): string => {
    let number = numbers.get(name)
    if (number === undefined) numbers.set(name, (number = numbers.size))
    return `${MARK}${number}`
  }
  let isHarmless = true
  const outline = text.replaceAll(withName, (whole, team: string | undefined, string: string) => {
    if (team !== undefined) return `"${numberOf(team)}"`
    const look = lookAt(string)
    isHarmless &&= look.isHarmless
    if (look.names.length === 0) return whole
    const { around, names } = look
    return `"${around.reduce((before, after, index) => before + numberOf(names[index - 1]!) + after)}"`
  })
  return isHarmless ? { text: outline, names: [...numbers.keys()] } : undefined
}

/** Execution roles keep what patterns know them by. */
function roleOf(
  name: string,
  { organization }: NamesOfOrganization,
  numberOf: (name: string) => string,
): string {
  const platform =
    name.startsWith(`${organization}-`) && name.endsWith('-execution')
      ? name.slice(organization.length + 1, -'-execution'.length)
      : undefined
  return platform === undefined ? numberOf(name) : `${organization}-${numberOf(platform)}-execution`
}

/** Patterns that take all names in one place, or are about something that has none. */
function harmlessPatterns({ account, organization, suffix }: NamesOfOrganization): readonly string[] {
  const name = `${MARK}\\d+`
  const path = `ringfence/${escape(organization)}/`
  return [
    `bucket${name}(?:/.*)?`,
    `arn:aws:s3:::(?:\\*|${escape(organization)}-\\*-${escape(suffix)}(?:/\\*)?)`,
    `arn:aws:iam::${account}:(?:user|role|group|policy)/${path}(?:\\*|\\$\\{aws:username\\}|${escape(organization)}-\\*-execution)`,
    `arn:aws:iam::${account}:(?:mfa/\\$\\{aws:username\\}|role/\\*)`,
    `arn:(?:aws|\\*):iam::\\*:role/(?:aws-service-role/)?\\*`,
    `alias/${path}\\*`,
    `arn:aws:kms:[a-z0-9-]+:${account}:(?:key|alias/${path.slice(0, -1)})/\\*`,
    `arn:aws:sagemaker:[a-z0-9-]+:${account}:(?:\\*|(?:[a-z-]+|\\*)/(?:\\*--\\*(?:--\\*)?|${name}--(?:${name}--|\\*--)?\\*))`,
    `arn:aws:sagemaker:[a-z0-9-]+:${account}:project/${escape(organization)}-\\*`,
    `arn:aws:logs:[a-z0-9-]+:${account}:log-group:/aws/sagemaker/\\*`,
    `arn:aws:ecr:\\*:\\*:repository/\\*`,
  ]
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}
