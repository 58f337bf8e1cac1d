import * as fc from 'fast-check'

const joined = (pieces: readonly string[], minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...pieces), { minLength, maxLength }).map((parts) => parts.join(''))

const NAMES = [
  'GetObject',
  'Get*',
  '*Object',
  '?etObject',
  '*',
  'PutObject',
  'getobject',
  'Get*Tagging',
  '*e*t*',
]

/** Patterns of actions, drawn from few so that they meet. */
export const actionArbitrary: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constantFrom(...NAMES).map((name) => `s3:${name}`), weight: 8 },
  {
    arbitrary: joined(['Get', 'Put', 'Object', 'Acl', '*', '?', '*'], 1, 4).map((name) => `s3:${name}`),
    weight: 3,
  },
  { arbitrary: fc.constantFrom('ec2:Describe*', 'ec2:*', 'S3:Put*', 'a-b:get_x'), weight: 2 },
  { arbitrary: fc.constant('*'), weight: 1 },
)

const HEADS = [
  'arn:aws:s3:::',
  'arn:aws:s3:::',
  'arn:aws:s3:::',
  'arn:aws*:s3:::',
  'arn:aws:s3:*:*:',
  'arn:*:s3:::',
  'arn:aws:sqs:eu-west-1:111122223333:',
  'arn:aws:sqs:*:111122223333:',
  'arn:aws:sqs:eu-*-1:*:',
  'arn:aws:s?s:eu-west-?:11112222333?:',
  'arn:aws:*:*:aws:',
]
const RESTS = [
  'data',
  'data/*',
  'data/raw/*',
  'data/raw*',
  'data*',
  '*',
  'data/?',
  'data/*/x',
  'logs',
  '*raw*',
]

/** Patterns of resources; some with wildcards in the first five segments, some with odd characters. */
export const resourceArbitrary: fc.Arbitrary<string> = fc.oneof(
  {
    arbitrary: fc
      .tuple(fc.constantFrom(...HEADS.slice(0, 3), HEADS[0]!), fc.constantFrom(...RESTS))
      .map(glued),
    weight: 8,
  },
  { arbitrary: fc.tuple(fc.constantFrom(...HEADS), fc.constantFrom(...RESTS)).map(glued), weight: 3 },
  {
    arbitrary: joined(['data', '/', 'raw', '*', '?', '*', 'a', 'A', ':', '${*}', '"', '\\', 'é'], 1, 5).map(
      (rest) => `arn:aws:s3:::${rest}`,
    ),
    weight: 3,
  },
  { arbitrary: fc.constant('*'), weight: 1 },
)

function glued([head, rest]: readonly [string, string]): string {
  return head + rest
}

/** The pattern with a small fault: wider, narrower, or one character off; for `*` there is `narrower`. */
export function mutatePattern(pattern: string, at: number, narrower: string): string {
  if (pattern === '*') return narrower
  const colon = pattern.startsWith('arn:') ? pattern.split(':', 5).join(':').length : pattern.indexOf(':')
  const [head, rest] = [pattern.slice(0, colon + 1), pattern.slice(colon + 1)]
  // An escape is not cut into.
  const cut = rest.includes('${') ? rest.length : (at >> 3) % (rest.length + 1)
  switch (at % 8) {
    case 0:
      return `${head}${rest.slice(0, cut)}*`
    case 1:
      return `${head}${rest}*`
    case 2:
      return rest.length > 1 && !rest.endsWith('}') ? head + rest.slice(0, -1) : pattern
    case 3:
      return head + rest.replace('*', '?')
    case 4:
      return head + rest.replace('?', '*')
    case 5:
      return head + rest.replace('/*', '*')
    case 6:
      return head.startsWith('arn:') ? head.replace(':::', ':*:*:') + rest : head + rest.toLowerCase()
    default:
      return `${head}${rest.slice(0, cut)}*${rest.slice(cut)}`
  }
}
