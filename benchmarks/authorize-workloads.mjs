// What `authorize.mjs` measures: policies, layers and requests, made from a seed.
import { compileDocument } from '@ringfence/policy'

const ACCOUNT = '111122223333'
const OTHER_ACCOUNT = '444455556666'
const REQUESTS = 4096
const PRINCIPALS = 300
const RESOURCES = 400

/** A small generator with a seed (mulberry32): the same workload on every machine. */
function randomFrom(seed) {
  let state = seed
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
}

/** A copy with an identity of its own, as a string that has just come off the wire has. */
const fresh = (text) => Buffer.from(text).toString()
const pool = (count, make) => Array.from({ length: count }, (_, index) => make(index))

const compile = (kind, name, ...statements) =>
  compileDocument({ Version: '2012-10-17', Statement: statements }, { kind, name })
const allow = (action, resource, rest = {}) => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
  ...rest,
})
const deny = (action, resource, rest = {}) => ({
  Effect: 'Deny',
  Action: action,
  Resource: resource,
  ...rest,
})

const FULL = allow('*', '*')
const NO_TLS = { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }

/** (a) One identity policy of three statements: reads under a prefix, a listing, TLS only. */
export function smallWorkload() {
  const random = randomFrom(1)
  const policy = compile(
    'identity',
    'readers',
    allow(['s3:GetObject', 's3:GetObjectVersion'], 'arn:aws:s3:::datasets/raw/*'),
    allow('s3:ListBucket', 'arn:aws:s3:::datasets', { Condition: { StringLike: { 's3:prefix': 'raw/*' } } }),
    deny('s3:*', '*', NO_TLS),
  )
  const layers = { identityPolicies: [policy] }
  const principals = pool(PRINCIPALS, (index) => `arn:aws:iam::${ACCOUNT}:user/research/member-${index}`)
  const objects = pool(
    RESOURCES,
    (index) => `arn:aws:s3:::datasets/${index % 4 === 3 ? 'gold' : 'raw'}/part-${index}`,
  )
  return pool(REQUESTS, () => {
    const isListing = random(8) === 0
    return {
      layers,
      request: {
        principal: fresh(principals[random(PRINCIPALS)]),
        action: isListing ? 's3:ListBucket' : random(8) === 0 ? 's3:PutObject' : 's3:GetObject',
        resource: isListing ? 'arn:aws:s3:::datasets' : fresh(objects[random(RESOURCES)]),
        context: {
          'aws:SecureTransport': random(16) !== 0,
          ...(isListing ? { 's3:prefix': 'raw/2026/' } : {}),
        },
      },
    }
  })
}

/** The guardrails that every request of the mixed workload passes. */
function guardrails() {
  return {
    serviceControlPolicies: [
      [compile('serviceControl', 'scp-root', FULL)],
      [
        compile('serviceControl', 'scp-unit', FULL, deny(['organizations:*', 'account:*'], '*'), {
          Effect: 'Deny',
          NotAction: ['iam:*', 'sts:*', 's3:*', 'kms:*', 'sagemaker:*'],
          Resource: '*',
          Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1', 'eu-central-1'] } },
        }),
      ],
    ],
    resourceControlPolicies: [
      [
        compile('resourceControl', 'rcp', {
          ...deny(['s3:*', 'kms:*'], '*', {
            Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
          }),
          Principal: '*',
        }),
      ],
    ],
    vpcEndpointPolicies: [compile('vpcEndpoint', 'endpoint', { ...allow('*', '*'), Principal: '*' })],
    permissionsBoundary: [
      compile(
        'boundary',
        'boundary',
        allow(['s3:*', 'kms:*', 'sagemaker:*'], '*'),
        deny('s3:PutBucket*', '*'),
      ),
    ],
    publicAccessBlock: {
      blockPublicAcls: true,
      ignorePublicAcls: true,
      blockPublicPolicy: true,
      restrictPublicBuckets: true,
    },
  }
}

function teamPolicies(team) {
  const bucket = `arn:aws:s3:::acme-data-${team}`
  return [
    compile(
      'identity',
      `team-${team}-data`,
      allow(['s3:GetObject', 's3:GetObjectTagging', 's3:GetObjectVersion'], `${bucket}/raw/*`),
      allow(['s3:PutObject', 's3:AbortMultipartUpload'], `${bucket}/home/\${aws:username}/*`),
      allow('s3:ListBucket', bucket, {
        Condition: { StringLike: { 's3:prefix': ['raw/*', 'home/${aws:username}/*'] } },
      }),
    ),
    compile(
      'identity',
      `team-${team}-jobs`,
      allow(['sagemaker:CreateTrainingJob', 'sagemaker:StopTrainingJob'], '*', {
        Condition: { StringEquals: { 'aws:PrincipalTag/team': `team-${team}` } },
      }),
    ),
  ]
}

function bucketPolicy(team) {
  const bucket = `arn:aws:s3:::acme-data-${team}`
  const everyone = { Principal: '*' }
  return compile(
    'resource',
    bucket,
    { ...deny('s3:*', [bucket, `${bucket}/*`], NO_TLS), ...everyone },
    {
      ...deny(['s3:GetObject*', 's3:PutObject*', 's3:DeleteObject*'], `${bucket}/*`, {
        Condition: {
          ArnNotLike: {
            'aws:PrincipalArn': [
              `arn:aws:iam::${ACCOUNT}:user/team-${team}/*`,
              `arn:aws:iam::${ACCOUNT}:role/etl`,
            ],
          },
        },
      }),
      ...everyone,
    },
    { ...allow('s3:GetObject', `${bucket}/shared/*`), Principal: { AWS: OTHER_ACCOUNT } },
  )
}

/** (b) Eighty teams: 245 policies; users, role sessions and another account; every layer on every request. */
export function mixedWorkload() {
  const random = randomFrom(2)
  const shared = guardrails()
  const session = [compile('session', 'session', allow('s3:*', '*'))]
  const teams = pool(80, (team) => {
    const layers = { ...shared, identityPolicies: teamPolicies(team), resourcePolicy: bucketPolicy(team) }
    return { layers, sessionLayers: { ...layers, sessionPolicies: session } }
  })
  const actions = [
    's3:GetObject',
    's3:PutObject',
    's3:ListBucket',
    's3:GetObject',
    's3:DeleteObject',
    's3:GetObjectTagging',
  ]
  const workload = pool(REQUESTS, () => {
    const member = `member-${random(PRINCIPALS)}`
    const ownTeam = Number(member.slice('member-'.length)) % teams.length
    const team = random(8) === 0 ? random(teams.length) : ownTeam
    const action = actions[random(actions.length)]
    const kind = random(8)
    const principal =
      kind === 0
        ? `arn:aws:sts::${ACCOUNT}:assumed-role/etl/run-${random(50)}`
        : `arn:aws:iam::${kind === 1 ? OTHER_ACCOUNT : ACCOUNT}:user/team-${ownTeam}/${member}`
    const key = [`raw/part-${random(RESOURCES)}`, `home/${member}/x-${random(50)}`, `shared/${random(50)}`][
      random(3)
    ]
    const bucket = `arn:aws:s3:::acme-data-${team}`
    const isListing = action === 's3:ListBucket'
    return {
      layers: kind === 0 ? teams[team].sessionLayers : teams[team].layers,
      request: {
        principal: fresh(principal),
        action,
        resource: isListing ? bucket : fresh(`${bucket}/${key}`),
        resourceAccount: ACCOUNT,
        context: {
          'aws:SecureTransport': random(32) !== 0,
          'aws:SourceIp': `203.0.113.${random(256)}`,
          'aws:PrincipalOrgID': 'o-a1b2c3d4e5',
          'aws:RequestedRegion': 'eu-west-1',
          'aws:PrincipalTag/team': `team-${team}`,
          ...(isListing ? { 's3:prefix': 'raw/' } : {}),
        },
      },
    }
  })
  return { workload, policies: teams.length * 3 + 6 }
}

/** (c) One policy of 2,700 action patterns in 27 statements, a third of them with wildcards. */
export function largeWorkload() {
  const random = randomFrom(3)
  const verbs = ['Get', 'List', 'Put', 'Create', 'Delete', 'Update', 'Describe', 'Tag', 'Start', 'Stop']
  const actionOf = (index) => `service${index % 90}:${verbs[index % verbs.length]}Thing${index}`
  const statements = pool(27, (statement) =>
    allow(
      pool(100, (position) => {
        const index = statement * 100 + position
        return index % 3 === 0 ? `${actionOf(index)}*` : actionOf(index)
      }),
      statement % 2 === 0 ? '*' : `arn:aws:*:*:${ACCOUNT}:thing/*`,
    ),
  )
  const layers = { identityPolicies: [compile('identity', 'large', ...statements, deny('*', '*', NO_TLS))] }
  const principals = pool(PRINCIPALS, (index) => `arn:aws:iam::${ACCOUNT}:user/research/member-${index}`)
  const resources = pool(
    RESOURCES,
    (index) => `arn:aws:service${index % 90}:eu-west-1:${ACCOUNT}:thing/item-${index}`,
  )
  return pool(REQUESTS, () => ({
    layers,
    request: {
      principal: fresh(principals[random(PRINCIPALS)]),
      action: random(8) === 0 ? `other${random(50)}:Nothing` : fresh(actionOf(random(2700))),
      resource: fresh(resources[random(RESOURCES)]),
      context: { 'aws:SecureTransport': random(16) !== 0 },
    },
  }))
}

/** The same rules as `smallWorkload` in Cedar, with calls for the same requests. */
export function cedarWorkload(requests) {
  const policies = {
    read: `permit (principal in Group::"research", action in [Action::"GetObject", Action::"GetObjectVersion"], resource)
           when { resource.key like "raw/*" };`,
    list: `permit (principal in Group::"research", action == Action::"ListBucket", resource)
           when { context has prefix && context.prefix like "raw/*" };`,
    tls: `forbid (principal, action, resource) unless { context.secureTransport };`,
  }
  const group = { uid: { type: 'Group', id: 'research' }, attrs: {}, parents: [] }
  return {
    policies,
    calls: requests.map(({ request }) => {
      const user = { type: 'User', id: request.principal }
      const object = { type: 'Object', id: request.resource }
      const key = request.resource.slice('arn:aws:s3:::datasets/'.length)
      return {
        principal: user,
        action: { type: 'Action', id: request.action.slice('s3:'.length) },
        resource: object,
        context: {
          secureTransport: request.context['aws:SecureTransport'],
          ...(request.context['s3:prefix'] ? { prefix: request.context['s3:prefix'] } : {}),
        },
        entities: [
          group,
          { uid: user, attrs: {}, parents: [group.uid] },
          { uid: object, attrs: { key }, parents: [] },
        ],
      }
    }),
  }
}
