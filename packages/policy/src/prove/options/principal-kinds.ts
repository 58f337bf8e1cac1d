import {
  digits,
  makeLanguage,
  NAME_UNITS,
  PRINTABLE,
  word,
  type Arrow,
  type Language,
} from '../texts/language.js'
import {
  ANY,
  ANY_DIGITS,
  ANY_NAME,
  ANY_WITHIN,
  COLON,
  isLoop,
  literalTokens,
  ONE_DIGIT,
  ONE_NAME,
  type Token,
} from '../texts/pattern.js'

/** Stands between a principal's ARN and its unique ID: in no ARN and no pattern. */
export const SEPARATOR = '\u0001'

/** Made when it is first asked for: most questions are about few kinds, and all of them take as long as a proof. */
function once(make: () => Language): () => Language {
  let made: Language | undefined
  return () => (made ??= make())
}

/** What a key that follows from who asks is for one kind of principal. */
export type KeyView =
  | { readonly type: 'missing' }
  | { readonly type: 'constant'; readonly value: string }
  /** Part of the text that describes the principal: patterns of the part as patterns of the text. */
  | { readonly type: 'part'; readonly within: (tokens: readonly Token[]) => readonly (readonly Token[])[] }

/**
 * A kind of principal of which there are any number, each described by one text of a language, so that keys that
 * belong together are read from one text and never chosen apart.
 */
export interface PrincipalKind {
  readonly name: 'user' | 'session' | 'root' | 'federatedUser' | 'service'
  readonly language: Language
  /** By name in lower case. */
  readonly keys: Readonly<Record<string, KeyView>>
}

const missing: KeyView = { type: 'missing' }
const constant = (value: string): KeyView => ({ type: 'constant', value })
type Within = (tokens: readonly Token[]) => readonly (readonly Token[])[]
const part = (within: Within): KeyView => {
  const known = new WeakMap<readonly Token[], ReturnType<Within>>()
  return {
    type: 'part',
    within: (tokens) => {
      let made = known.get(tokens)
      if (!made) known.set(tokens, (made = within(tokens)))
      return made
    },
  }
}

const AFTER = [...literalTokens(SEPARATOR), ANY]
const whole = part((tokens) => [tokens])
const before = part((tokens) => [[...tokens, ...AFTER]])
const after = part((tokens) => [[ANY, ...literalTokens(SEPARATOR), ...tokens]])

/** Wildcards that keep to a part, and no literal that the part cannot have; none when nothing is left. */
export function confine(
  tokens: readonly Token[],
  any: Token,
  one: Token,
  takes: RegExp,
): Token[] | undefined {
  const confined: Token[] = []
  for (const token of tokens) {
    if (token < 0) confined.push(isLoop(token) ? any : one)
    else if (takes.test(String.fromCharCode(token))) confined.push(token)
    else return undefined
  }
  return confined
}

/** The account in `arn:…:iam::ACCOUNT:…`. */
function accountWithin(service: string, tokens: readonly Token[]): readonly (readonly Token[])[] {
  const account = confine(tokens, ANY_DIGITS, ONE_DIGIT, /\d/)
  if (!account) return []
  return [[...literalTokens('arn:'), ANY_WITHIN, ...literalTokens(`:${service}::`), ...account, 0x3a, ANY]]
}

/** `ACCOUNT:NAME`, of which a federated user's ARN has both. */
function federatedIdWithin(tokens: readonly Token[]): readonly (readonly Token[])[] {
  return tokens.flatMap((token, at) => {
    // Wherever a pattern may take the colon; a star may take what stands beside it as well.
    if (token !== COLON && token >= 0) return []
    const account = confine(tokens.slice(0, isLoop(token) ? at + 1 : at), ANY_DIGITS, ONE_DIGIT, /\d/)
    const name = confine(tokens.slice(isLoop(token) ? at : at + 1), ANY_NAME, ONE_NAME, /[^/:]/)
    if (!account || !name) return []
    const head = [...literalTokens('arn:'), ANY_WITHIN, ...literalTokens(':sts::')]
    return [[...head, ...account, ...literalTokens(':federated-user/'), ...name]]
  })
}

/** The name behind the path of a user. */
function nameWithin(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const name = confine(tokens, ANY_NAME, ONE_NAME, /[^/:]/)
  if (!name) return []
  return afterPath(':user/', [...name, ...AFTER])
}

/** `arn:…:iam::…` and the marker, a path or none, then the rest. */
export function afterPath(marker: string, rest: readonly Token[]): readonly (readonly Token[])[] {
  const head = [
    ...literalTokens('arn:'),
    ANY_WITHIN,
    ...literalTokens(':iam::'),
    ANY_DIGITS,
    ...literalTokens(marker),
  ]
  return [
    [...head, ...rest],
    [...head, ANY, 0x2f, ...rest],
  ]
}

function arnOf(service: 'iam' | 'sts', type: string): Arrow[] {
  return [
    ...word('arn:aws', 'start', 'partition'),
    ['partition', '-abcdefghijklmnopqrstuvwxyz0123456789', 'partition'],
    ...word(`:${service}::`, 'partition', 'before-account'),
    ...digits('before-account', 'account', 12),
    ...word(`:${type}`, 'account', 'path'),
  ]
}

const NAMES = String.fromCharCode(...NAME_UNITS)
const OTHERS = [...PRINTABLE]
  .filter((character) => character !== ' ' && character !== '/' && !NAMES.includes(character))
  .join('')
const IDS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/**
 * A path, perhaps none, and a name; then the separator. A path has slashes at both ends and at least one character
 * between them, which may be slashes, too. [API_CreateRole, "Path"]
 */
const PATH_AND_NAME: readonly Arrow[] = [
  ['path', NAMES, 'name'],
  ['path', OTHERS, 'segment'],
  ['path', '/', 'slash'],
  ['slash', NAMES + OTHERS, 'segment'],
  ['slash', '/', 'behind'],
  ['name', NAMES, 'name'],
  ['name', OTHERS, 'segment'],
  ['name', '/', 'behind'],
  ['segment', NAMES + OTHERS, 'segment'],
  ['segment', '/', 'behind'],
  ['behind', NAMES, 'name'],
  ['behind', OTHERS, 'segment'],
  ['behind', '/', 'behind'],
  ['name', SEPARATOR, 'id'],
]

const users = once(() =>
  makeLanguage(
    [...arnOf('iam', 'user/'), ...PATH_AND_NAME, ...word('AIDA', 'id', 'unique'), ['unique', IDS, 'unique']],
    ['unique'],
  ),
)
const sessions = once(() =>
  makeLanguage(
    [
      ...arnOf('iam', 'role/'),
      ...PATH_AND_NAME,
      ...word('AROA', 'id', 'unique'),
      ['unique', IDS, 'unique'],
      ['unique', ':', 'before-session'],
      ['before-session', NAMES, 'session'],
      ['session', NAMES, 'session'],
    ],
    ['session'],
  ),
)
const roots = once(() => makeLanguage(arnOf('iam', 'root'), ['path']))
const federatedUsers = once(() =>
  makeLanguage(
    [...arnOf('sts', 'federated-user/'), ['path', NAMES, 'name'], ['name', NAMES, 'name']],
    ['name'],
  ),
)

const HOST_SUFFIX = '.amazonaws.com'
const LABELS = 'abcdefghijklmnopqrstuvwxyz0123456789-'

/**
 * Host names of AWS services: labels and dots that end in the suffix. A state is how much of the suffix has just
 * been read.
 */
function hostArrows(): Arrow[] {
  const arrows: Arrow[] = [['start', LABELS, 'read-0']]
  for (let read = 0; read <= HOST_SUFFIX.length; read++) {
    const sofar = HOST_SUFFIX.slice(0, read)
    for (const character of sofar.endsWith('.') ? LABELS : `${LABELS}.`) {
      let next = Math.min(read + 1, HOST_SUFFIX.length)
      while (!`${sofar}${character}`.endsWith(HOST_SUFFIX.slice(0, next))) next--
      arrows.push([`read-${read}`, character, `read-${next}`])
    }
  }
  return arrows
}
const hosts = once(() => makeLanguage(hostArrows(), [`read-${HOST_SUFFIX.length}`]))

const account = (service: 'iam' | 'sts'): KeyView => part((tokens) => accountWithin(service, tokens))

/** The kinds of which there are any number. Identity policies are those of users and role sessions. */
export const PRINCIPAL_KINDS: readonly PrincipalKind[] = [
  {
    name: 'user',
    get language() {
      return users()
    },
    keys: {
      'aws:principalarn': before,
      'aws:principalaccount': account('iam'),
      'aws:principaltype': constant('User'),
      'aws:username': part(nameWithin),
      'aws:userid': after,
      'aws:principalisawsservice': constant('false'),
      'aws:principalservicename': missing,
    },
  },
  {
    name: 'session',
    get language() {
      return sessions()
    },
    keys: {
      'aws:principalarn': before,
      'aws:principalaccount': account('iam'),
      'aws:principaltype': constant('AssumedRole'),
      'aws:username': missing,
      'aws:userid': after,
      'aws:principalisawsservice': constant('false'),
      'aws:principalservicename': missing,
    },
  },
  {
    name: 'root',
    get language() {
      return roots()
    },
    keys: {
      'aws:principalarn': whole,
      'aws:principalaccount': account('iam'),
      'aws:principaltype': constant('Account'),
      'aws:username': missing,
      'aws:userid': account('iam'),
      'aws:principalisawsservice': constant('false'),
      'aws:principalservicename': missing,
    },
  },
  {
    name: 'federatedUser',
    get language() {
      return federatedUsers()
    },
    keys: {
      'aws:principalarn': whole,
      'aws:principalaccount': account('sts'),
      'aws:principaltype': constant('FederatedUser'),
      'aws:username': missing,
      'aws:userid': part(federatedIdWithin),
      'aws:principalisawsservice': constant('false'),
      'aws:principalservicename': missing,
    },
  },
  {
    name: 'service',
    get language() {
      return hosts()
    },
    keys: {
      'aws:principalarn': missing,
      'aws:principalaccount': missing,
      'aws:principaltype': missing,
      'aws:username': missing,
      'aws:userid': missing,
      'aws:principalisawsservice': constant('true'),
      'aws:principalservicename': whole,
    },
  },
]

/** What the ARNs of a kind have between the account and a name. */
export const ARN_TYPES: Readonly<Record<string, { readonly service: 'iam' | 'sts'; readonly type: string }>> =
  {
    user: { service: 'iam', type: 'user/' },
    session: { service: 'iam', type: 'role/' },
    root: { service: 'iam', type: 'root' },
    federatedUser: { service: 'sts', type: 'federated-user/' },
  }

/** Whether a text without wildcards is the ARN of a principal of a kind, of the role for a session. */
export function isArnOfKind(text: string, kind: string): boolean {
  const found = /^arn:aws[a-z0-9-]*:(iam|sts)::\d{12}:([a-z-]+\/?)(?:.*\/)?([\w+=,.@-]*)$/s.exec(text)
  const { service, type } = ARN_TYPES[kind] ?? {}
  return (
    found !== null && found[1] === service && found[2] === type && (found[3] === '') === (kind === 'root')
  )
}

/** What keys that follow from who asks are for a kind; those that are absent are in no request of it. */
export function kindViews(kind: string): Readonly<Record<string, KeyView>> {
  const found = PRINCIPAL_KINDS.find(({ name }) => name === kind)
  return found?.keys ?? SINGLE_KINDS[kind as keyof typeof SINGLE_KINDS] ?? {}
}

/** Of whom only the name tells anything apart: identity providers, canonical users, and nobody. */
export const SINGLE_KINDS: Readonly<
  Record<'provider' | 'canonicalUser' | 'anonymous', Readonly<Record<string, KeyView>>>
> = {
  provider: {},
  canonicalUser: { 'aws:principalisawsservice': constant('false') },
  anonymous: {
    'aws:principalaccount': constant('anonymous'),
    'aws:principaltype': constant('Anonymous'),
    'aws:userid': constant('anonymous'),
  },
}
