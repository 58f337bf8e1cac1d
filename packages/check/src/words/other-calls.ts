import type { AskedRequest, AwsCall, CallMaker } from './aws-call.js'

type Options = AwsCall['options']

/** A call about a key; through another service KMS is never called by the caller itself. */
function onKey(
  operation: string,
  more: (asked: AskedRequest) => Options = () => [],
  notes: readonly string[] = [],
): CallMaker {
  return (asked) => {
    const via = asked.key('kms:ViaService')
    if (via !== undefined)
      return `KMS gets this request from ${via}, which sends it for the caller; such as for reading or writing an object that the key encrypts`
    const key = asked.key('kms:ResourceAliases') ?? asked.resource
    if (key.includes('*') || (key === asked.resource && !/^key\/.|^alias\/./.test(asked.name)))
      return `${asked.spelling} takes a key, and ${asked.resource} names none`
    return { operation: `kms ${operation}`, options: [['key-id', key], ...more(asked)], notes }
  }
}

function encryptionContext(asked: AskedRequest): Options {
  const pairs = asked.keysUnder('kms:EncryptionContext:')
  return [['encryption-context', pairs.length === 0 ? undefined : JSON.stringify(Object.fromEntries(pairs))]]
}

function ofSageMaker(type: string, operation: string, option: string, body?: string): CallMaker {
  return (asked) => {
    if (!asked.name.startsWith(`${type}/`))
      return `${asked.spelling} takes a ${type}, and ${asked.resource} is none`
    const more: Options = body === undefined ? [] : [['cli-input-json', `file://${body}`]]
    return {
      operation: `sagemaker ${operation}`,
      options: [[option, asked.name.slice(type.length + 1)], ...more],
      notes:
        body === undefined
          ? []
          : [`${body} holds the rest of the request; --generate-cli-skeleton shows its shape`],
    }
  }
}

function assumeRole(operation: string, more: Options, notes: readonly string[]): CallMaker {
  return (asked) => {
    if (!asked.name.startsWith('role/'))
      return `${asked.spelling} takes a role, and ${asked.resource} is none`
    const session = asked.key('sts:RoleSessionName') ?? 'ringfence'
    const isPlain = operation === 'assume-role'
    const tags = isPlain ? asked.keysUnder('aws:RequestTag/') : []
    return {
      operation: `sts ${operation}`,
      options: [
        ['role-arn', asked.resource],
        ['role-session-name', operation === 'assume-role-with-saml' ? undefined : session],
        ['external-id', isPlain ? asked.key('sts:ExternalId') : undefined],
        ['source-identity', isPlain ? asked.key('sts:SourceIdentity') : undefined],
        [
          'tags',
          tags.length === 0 ? undefined : JSON.stringify(tags.map(([Key, Value]) => ({ Key, Value }))),
        ],
        ...more,
      ],
      notes,
    }
  }
}

/** Calls of KMS, STS and SageMaker by action, in lower case. [kms, sts, sagemaker references of the AWS CLI] */
export const otherCalls: Readonly<Record<string, CallMaker>> = {
  'kms:decrypt': onKey(
    'decrypt',
    (asked) => [['ciphertext-blob', 'fileb://ciphertext'], ...encryptionContext(asked)],
    ['ciphertext is a file that the key has encrypted'],
  ),
  'kms:encrypt': onKey('encrypt', (asked) => [
    ['plaintext', 'fileb:///dev/null'],
    ...encryptionContext(asked),
  ]),
  'kms:generatedatakey': onKey('generate-data-key', (asked) => [
    ['key-spec', 'AES_256'],
    ...encryptionContext(asked),
  ]),
  'kms:generatedatakeywithoutplaintext': onKey('generate-data-key-without-plaintext', (asked) => [
    ['key-spec', 'AES_256'],
    ...encryptionContext(asked),
  ]),
  'kms:describekey': onKey('describe-key'),
  'kms:getkeypolicy': onKey('get-key-policy', () => [['policy-name', 'default']]),
  'kms:putkeypolicy': onKey(
    'put-key-policy',
    () => [
      ['policy-name', 'default'],
      ['policy', 'file://policy.json'],
    ],
    ['policy.json holds the new policy'],
  ),
  'kms:schedulekeydeletion': onKey('schedule-key-deletion'),
  'kms:disablekey': onKey('disable-key'),
  'kms:enablekey': onKey('enable-key'),
  'kms:disablekeyrotation': onKey('disable-key-rotation'),
  'kms:listgrants': onKey('list-grants'),
  'kms:creategrant': onKey(
    'create-grant',
    (asked) => [
      ['grantee-principal', asked.key('kms:GranteePrincipal') ?? 'PRINCIPAL_ARN'],
      ['operations', asked.key('kms:GrantOperations') ?? 'Decrypt'],
    ],
    ['put the ARN of a principal for PRINCIPAL_ARN, where it stands'],
  ),
  'sts:assumerole': assumeRole('assume-role', [], []),
  'sts:assumerolewithsaml': assumeRole(
    'assume-role-with-saml',
    [
      ['principal-arn', 'PROVIDER_ARN'],
      ['saml-assertion', 'file://assertion'],
    ],
    [
      'put the ARN of the SAML provider for PROVIDER_ARN',
      'assertion is what the provider has signed, in base64',
    ],
  ),
  'sts:assumerolewithwebidentity': assumeRole(
    'assume-role-with-web-identity',
    [['web-identity-token', 'file://token']],
    ['token is what the provider has signed'],
  ),
  'sts:tagsession': () =>
    'sts:TagSession has no call of its own: STS asks for it where sts assume-role has --tags',
  'sts:getcalleridentity': () => ({ operation: 'sts get-caller-identity', options: [] }),
  'sagemaker:createtrainingjob': ofSageMaker(
    'training-job',
    'create-training-job',
    'training-job-name',
    'job.json',
  ),
  'sagemaker:describetrainingjob': ofSageMaker('training-job', 'describe-training-job', 'training-job-name'),
  'sagemaker:stoptrainingjob': ofSageMaker('training-job', 'stop-training-job', 'training-job-name'),
  'sagemaker:listtrainingjobs': () => ({ operation: 'sagemaker list-training-jobs', options: [] }),
  'sagemaker:createmodel': ofSageMaker('model', 'create-model', 'model-name', 'model.json'),
  'sagemaker:deletemodel': ofSageMaker('model', 'delete-model', 'model-name'),
  'sagemaker:describemodel': ofSageMaker('model', 'describe-model', 'model-name'),
  'sagemaker:createendpointconfig': ofSageMaker(
    'endpoint-config',
    'create-endpoint-config',
    'endpoint-config-name',
    'config.json',
  ),
  'sagemaker:deleteendpoint': ofSageMaker('endpoint', 'delete-endpoint', 'endpoint-name'),
  'sagemaker:describeendpoint': ofSageMaker('endpoint', 'describe-endpoint', 'endpoint-name'),
  'sagemaker:invokeendpoint': (asked) =>
    asked.name.startsWith('endpoint/')
      ? {
          operation: 'sagemaker-runtime invoke-endpoint',
          options: [
            ['endpoint-name', asked.name.slice('endpoint/'.length)],
            ['body', 'fileb:///dev/null'],
          ],
          output: '/dev/null',
        }
      : `${asked.spelling} takes an endpoint, and ${asked.resource} is none`,
}
