import type { AskedRequest, AwsCall, CallMaker } from './aws-call.js'

type Options = AwsCall['options']
type Subject = 'user' | 'role' | 'group'

const POLICY_FILE = 'policy.json holds the new policy'
const document: Options = [['policy-document', 'file://policy.json']]

/** A call about a user, role or group, by its name. */
function on(
  subject: Subject,
  operation: string,
  more: (asked: AskedRequest) => Options = () => [],
  notes: readonly string[] = [],
): CallMaker {
  return (asked) =>
    asked.name.startsWith(`${subject}/`)
      ? {
          operation: `iam ${operation}`,
          options: [[`${subject}-name`, asked.lastName], ...more(asked)],
          notes,
        }
      : `${asked.spelling} takes a ${subject}, and ${asked.resource} is none`
}

function onPolicy(operation: string, more: Options = [], notes: readonly string[] = []): CallMaker {
  return (asked) =>
    asked.name.startsWith('policy/')
      ? { operation: `iam ${operation}`, options: [['policy-arn', asked.resource], ...more], notes }
      : `${asked.spelling} takes a managed policy, and ${asked.resource} is none`
}

/** Which policy, where the request says it; else one that gives everything, for which such a request is sent. */
const policyArn = (asked: AskedRequest): Options => [
  ['policy-arn', asked.key('iam:PolicyARN') ?? 'arn:aws:iam::aws:policy/AdministratorAccess'],
]
const boundary = (asked: AskedRequest): Options => [
  [
    'permissions-boundary',
    asked.key('iam:PermissionsBoundary') ?? 'arn:aws:iam::aws:policy/AdministratorAccess',
  ],
]
const inline = (): Options => [['policy-name', 'everything'], ...document]
const tags = (asked: AskedRequest): Options => {
  const pairs = asked.keysUnder('aws:RequestTag/')
  const shown = pairs.length > 0 ? pairs : [['ringfence', 'tried']]
  return [['tags', JSON.stringify(shown.map(([Key, Value]) => ({ Key, Value })))]]
}

function each(
  start: string,
  call: (subject: Subject, operation: string) => CallMaker,
): Record<string, CallMaker> {
  return Object.fromEntries(
    (['user', 'role', 'group'] as const).map((subject) => {
      const [verb = '', noun = ''] = start.split(' ')
      return [
        `iam:${verb}${subject}${noun}`,
        call(subject, `${verb}-${subject}${noun === '' ? '' : `-${noun}`}`),
      ]
    }),
  )
}

/** Calls of IAM by action, in lower case. [iam reference of the AWS CLI; Service Authorization Reference, IAM] */
export const iamCalls: Readonly<Record<string, CallMaker>> = {
  ...each('get', (subject, operation) => on(subject, operation)),
  ...each('create', (subject, operation) =>
    subject === 'role'
      ? on('role', operation, () => [['assume-role-policy-document', 'file://policy.json']], [POLICY_FILE])
      : on(subject, operation),
  ),
  ...each('delete', (subject, operation) => on(subject, operation)),
  ...each('attach policy', (subject, operation) => on(subject, operation, policyArn)),
  ...each('detach policy', (subject, operation) => on(subject, operation, policyArn)),
  ...each('put policy', (subject, operation) => on(subject, operation, inline, [POLICY_FILE])),
  'iam:putuserpermissionsboundary': on('user', 'put-user-permissions-boundary', boundary),
  'iam:putrolepermissionsboundary': on('role', 'put-role-permissions-boundary', boundary),
  'iam:deleteuserpermissionsboundary': on('user', 'delete-user-permissions-boundary'),
  'iam:deleterolepermissionsboundary': on('role', 'delete-role-permissions-boundary'),
  'iam:createaccesskey': on('user', 'create-access-key'),
  'iam:createloginprofile': on('user', 'create-login-profile', () => [['password', 'PASSWORD']], [
    'put a password for PASSWORD',
  ]),
  'iam:updateloginprofile': on('user', 'update-login-profile', () => [['password', 'PASSWORD']], [
    'put a password for PASSWORD',
  ]),
  'iam:listaccesskeys': on('user', 'list-access-keys'),
  'iam:taguser': on('user', 'tag-user', tags),
  'iam:tagrole': on('role', 'tag-role', tags),
  'iam:updateassumerolepolicy': on('role', 'update-assume-role-policy', () => document, [POLICY_FILE]),
  'iam:addusertogroup': on('group', 'add-user-to-group', () => [['user-name', 'USER']], [
    'put the name of a user for USER',
  ]),
  'iam:removeuserfromgroup': on('group', 'remove-user-from-group', () => [['user-name', 'USER']], [
    'put the name of a user for USER',
  ]),
  'iam:createpolicy': (asked) =>
    asked.name.startsWith('policy/')
      ? {
          operation: 'iam create-policy',
          options: [['policy-name', asked.lastName], ['path', pathOf(asked)], ...document],
          notes: [POLICY_FILE],
        }
      : `${asked.spelling} takes a managed policy, and ${asked.resource} is none`,
  'iam:createpolicyversion': onPolicy('create-policy-version', document, [
    POLICY_FILE,
    'with --set-as-default IAM asks for iam:SetDefaultPolicyVersion as well',
  ]),
  'iam:setdefaultpolicyversion': onPolicy(
    'set-default-policy-version',
    [['version-id', 'v1']],
    ['list-policy-versions tells which versions there are'],
  ),
  'iam:getpolicy': onPolicy('get-policy'),
  'iam:deletepolicy': onPolicy('delete-policy'),
  'iam:passrole': () =>
    'iam:PassRole has no call of its own: AWS asks for it where a role is handed to a service, as in aws sagemaker create-training-job',
}

/** `/path/`, from `policy/path/name`; left out where it is the default. */
function pathOf({ name }: AskedRequest): string | undefined {
  const path = name.slice(name.indexOf('/'), name.lastIndexOf('/') + 1)
  return path === '/' ? undefined : path
}
