import type { RawConditionValue, RawContextValue } from '../reference/case.js'
import { OTHER_ACCOUNT, OWN_ACCOUNT } from './universe.js'

/** A condition key: what requests send for it, and what policies compare it to. */
export interface KeyAlphabet {
  readonly key: string
  /** Empty for keys that follow from principal and resource and are never sent. */
  readonly sent: readonly RawContextValue[]
  readonly expected: readonly RawConditionValue[]
}

/** Keys of one type and the operators for them. */
export interface Family {
  readonly operators: readonly string[]
  readonly keys: readonly KeyAlphabet[]
}

const VARIABLES = [
  '${aws:username}',
  '${aws:PrincipalTag/team}',
  "${aws:PrincipalTag/team, 'red'}",
  'r${?}d',
  '${*}',
  '${aws:TagKeys}',
]

/** Keys of an encryption context keep their letter case: grants compare it. */
export const ENCRYPTION_CONTEXT = 'kms:EncryptionContext:'

const SOURCE_TOPIC = `arn:aws:sns:eu-west-1:${OWN_ACCOUNT}:ada-topic`

/** String operators and their keys. */
export const STRINGS: Family = {
  operators: [
    'StringEquals',
    'StringNotEquals',
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
    'StringLike',
    'StringNotLike',
  ],
  keys: [
    {
      key: 'aws:PrincipalTag/team',
      sent: ['red', 'blue', '', 'r*', 'r?d'],
      expected: ['red', 'RED', 'blue', 'r*', '?ed', '*', '', ...VARIABLES],
    },
    {
      key: 's3:prefix',
      sent: ['raw/', 'raw/a', 'ada/x', 'red/x', 'ada'],
      expected: [
        'raw/*',
        'raw/',
        'RAW/A',
        '${aws:username}/*',
        '${aws:PrincipalTag/team}/?',
        '*',
        ...VARIABLES,
      ],
    },
    {
      key: 'aws:TagKeys',
      sent: [['team'], ['team', 'cost'], ['cost', 'red', 'ada'], [''], []],
      expected: ['team', 'cost', 'Team', '*', 't*', '', ...VARIABLES],
    },
    { key: 'aws:SourceVpce', sent: ['vpce-1', 'vpce-2'], expected: ['vpce-1', 'VPCE-1', 'vpce-*', 'vpce-2'] },
    {
      key: `${ENCRYPTION_CONTEXT}Team`,
      sent: ['red', 'blue'],
      expected: ['red', 'blue', 'r*', '${aws:username}'],
    },
    { key: 'kms:RequestAlias', sent: ['alias/aws/s3', 'alias/mine'], expected: ['alias/*', 'alias/mine'] },
    { key: `${ENCRYPTION_CONTEXT}Job`, sent: ['x'], expected: ['x', 'X'] },
    {
      key: 'kms:ResourceAliases',
      sent: [['alias/aws/s3'], ['alias/mine']],
      expected: ['alias/aws/*', 'alias/mine'],
    },
    { key: 's3:x-amz-acl', sent: ['private', 'public-read'], expected: ['private', 'public-*'] },
    {
      key: 'aws:PrincipalArn',
      sent: [],
      expected: [
        `arn:aws:iam::${OWN_ACCOUNT}:user/ada`,
        `arn:aws:iam::${OWN_ACCOUNT}:role/reader`,
        'arn:aws:iam::*:role/*',
        `arn:aws:iam::${OWN_ACCOUNT}:*`,
        'arn:aws:iam::${aws:PrincipalAccount}:*',
        'arn:*/${aws:username}',
        "arn:aws:iam::*:role/${aws:PrincipalTag/team, 'reader'}",
      ],
    },
    {
      key: 'aws:PrincipalAccount',
      sent: [],
      expected: [OWN_ACCOUNT, OTHER_ACCOUNT, '1*', 'anonymous', '${aws:ResourceAccount}'],
    },
    {
      key: 'aws:ResourceAccount',
      sent: [],
      expected: [OWN_ACCOUNT, OTHER_ACCOUNT, '4*', '${aws:PrincipalAccount}'],
    },
    { key: 'kms:CallerAccount', sent: [], expected: [OWN_ACCOUNT, OTHER_ACCOUNT, '1*', '*'] },
    { key: 'aws:PrincipalIsAWSService', sent: [], expected: ['true', 'false'] },
    { key: 'aws:PrincipalType', sent: [], expected: ['User', 'AssumedRole', 'Account', 'a*', 'Anonymous'] },
    { key: 'aws:username', sent: [], expected: ['ada', 'bob', 'ADA', 'e*', '${aws:PrincipalTag/team}'] },
    {
      key: 'aws:userid',
      sent: [],
      expected: [OWN_ACCOUNT, `${OWN_ACCOUNT}:fay`, 'anonymous', '1*', '*:s1', '*:${aws:PrincipalTag/team}'],
    },
  ],
}

/** Keys that AWS fills in together. */
const TIED: Family = {
  operators: STRINGS.operators,
  keys: [
    {
      key: 'aws:CalledVia',
      sent: [['a.amazonaws.com'], ['a.amazonaws.com', 'b.amazonaws.com'], ['b.amazonaws.com']],
      expected: ['a.amazonaws.com', 'b.amazonaws.com', 'A.amazonaws.com', '*.amazonaws.com', '?.*'],
    },
    ...['aws:CalledViaFirst', 'aws:CalledViaLast'].map((key) => ({
      key,
      sent: ['a.amazonaws.com', 'b.amazonaws.com', 'c.amazonaws.com'],
      expected: ['a.amazonaws.com', 'b.amazonaws.com', 'a*', '*'],
    })),
    { key: 'aws:ViaAWSService', sent: ['true', 'false'], expected: ['true', 'false', 't*'] },
    {
      key: 'aws:PrincipalOrgID',
      sent: ['o-1', 'o-2'],
      expected: ['o-1', 'o-2', 'o-?', '${aws:PrincipalTag/team}'],
    },
    {
      key: 'aws:PrincipalOrgPaths',
      sent: [['o-1/r-1/'], ['o-1/r-1/ou-1/'], ['o-2/r-1/'], ['o-1/r-1/', 'o-1/r-1/ou-1/']],
      expected: ['o-1/*', 'o-?/r-1/*', '*/ou-1/*', 'o-1/r-1/', 'O-1/R-1/', '${aws:PrincipalOrgID}/*', '*'],
    },
  ],
}

/** ARN operators and their keys. */
export const ARNS: Family = {
  operators: ['ArnEquals', 'ArnNotEquals', 'ArnLike', 'ArnNotLike'],
  keys: [
    {
      key: 'aws:SourceArn',
      sent: [SOURCE_TOPIC, `arn:aws:sns:eu-west-1:${OTHER_ACCOUNT}:red-topic`, `${SOURCE_TOPIC}:sub`],
      expected: [
        SOURCE_TOPIC,
        'arn:aws:sns:*:*:*',
        `arn:aws:sns:*:${OWN_ACCOUNT}:ada-t?pic`,
        'arn:aws:sns:*:*:${aws:username}-topic',
        'arn:aws:sns:*:*:${aws:PrincipalTag/team}-*',
        'arn:aws:*:eu-west-1:*:*:sub',
        'arn:aws:sqs:*:*:*',
      ],
    },
    {
      key: 'aws:PrincipalArn',
      sent: [],
      expected: [
        `arn:aws:iam::${OWN_ACCOUNT}:user/ada`,
        'arn:aws:iam::*:role/*',
        `arn:aws:iam::${OWN_ACCOUNT}:user/*`,
        'arn:aws:iam::*:user/${aws:username}',
      ],
    },
  ],
}

const NUMBERS: Family = {
  operators: [
    'NumericEquals',
    'NumericNotEquals',
    'NumericLessThan',
    'NumericLessThanEquals',
    'NumericGreaterThan',
    'NumericGreaterThanEquals',
  ],
  keys: [
    {
      key: 'aws:MultiFactorAuthAge',
      sent: [299, 300, 301, '300', 299.5],
      expected: [300, '300', '300.0', 301, 0, '299.5'],
    },
  ],
}

const DATES: Family = {
  operators: [
    'DateEquals',
    'DateNotEquals',
    'DateLessThan',
    'DateLessThanEquals',
    'DateGreaterThan',
    'DateGreaterThanEquals',
  ],
  keys: [
    {
      key: 'aws:CurrentTime',
      sent: ['2026-11-22T10:00:00Z', '2027-01-01T00:00:00Z', '2027-01-01T00:00:01Z', '1798761600'],
      expected: [
        '2027-01-01T00:00:00Z',
        '2027-01-01',
        '2027-01-01T01:00:00+01:00',
        '2026-11-22T10:00:00Z',
        '1798761600',
      ],
    },
  ],
}

const OTHERS: readonly Family[] = [
  {
    operators: ['Bool'],
    keys: [
      {
        key: 'aws:SecureTransport',
        sent: [true, false, 'true', 'FALSE'],
        expected: ['true', 'false', true, 'True', '${aws:SecureTransport}', "${aws:PrincipalTag/on, 'true'}"],
      },
    ],
  },
  {
    operators: ['BinaryEquals'],
    keys: [{ key: 'test:Blob', sent: ['QUJD', 'QUJE'], expected: ['QUJD', 'QUJE', 'QUI='] }],
  },
  {
    operators: ['IpAddress', 'NotIpAddress'],
    keys: [
      {
        key: 'aws:SourceIp',
        sent: ['203.0.113.7', '10.0.0.1', '10.255.255.255', '11.0.0.0', '2001:db8::1', '2001:db8:1::1'],
        expected: [
          '203.0.113.0/24',
          '203.0.113.7',
          '10.0.0.0/8',
          '10.0.0.1/32',
          '0.0.0.0/0',
          '202.0.0.0/7',
          '2001:db8::/32',
          '2001:0db8:0:0:0:0:0:1',
          '::/0',
        ],
      },
    ],
  },
]

/** All families, those with most operators twice. */
export const FAMILIES: readonly Family[] = [
  STRINGS,
  STRINGS,
  TIED,
  ARNS,
  NUMBERS,
  NUMBERS,
  DATES,
  DATES,
  ...OTHERS,
]
/** All keys of the families. */
export const ALL_KEYS = [...new Set(FAMILIES.flatMap((family) => family.keys))]
