/** What actions do to a thing, by the action in lower case with `*` at its end for all that begin alike. */
const VERBS: readonly (readonly [string, string])[] = [
  ['s3:getobjectacl', 'read the ACL of'],
  ['s3:getobjectversionacl', 'read the ACL of'],
  ['s3:getobjecttagging', 'read the tags of'],
  ['s3:getobjectversiontagging', 'read the tags of'],
  ['s3:getobjectattributes', 'read the attributes of'],
  ['s3:getobjectversionattributes', 'read the attributes of'],
  ['s3:getobject', 'read'],
  ['s3:getobjectversion', 'read old versions of'],
  ['s3:restoreobject', 'restore'],
  ['s3:listbucket', 'list the names in'],
  ['s3:listbucketversions', 'list all versions in'],
  ['s3:listbucketmultipartuploads', 'list the uploads to'],
  ['s3:putobjectacl', 'change the ACL of'],
  ['s3:putobjectversionacl', 'change the ACL of'],
  ['s3:putobjecttagging', 'change the tags of'],
  ['s3:putobject', 'write'],
  ['s3:deleteobject', 'delete'],
  ['s3:deleteobjectversion', 'delete versions of'],
  ['s3:getbucketpolicy', 'read the policy of'],
  ['s3:putbucketpolicy', 'change the policy of'],
  ['s3:deletebucketpolicy', 'delete the policy of'],
  ['s3:putbucketacl', 'change the ACL of'],
  ['s3:putbucketpublicaccessblock', 'change the public access block of'],
  ['s3:putbucketversioning', 'change the versioning of'],
  ['s3:putencryptionconfiguration', 'change the encryption of'],
  ['s3:putlifecycleconfiguration', 'change the lifecycle of'],
  ['s3:putreplicationconfiguration', 'change the replication of'],
  ['s3:deletebucket', 'delete the bucket of'],
  ['kms:decrypt', 'decrypt with'],
  ['kms:encrypt', 'encrypt with'],
  ['kms:generatedatakey*', 'make data keys with'],
  ['kms:creategrant', 'let others use'],
  ['kms:putkeypolicy', 'change the policy of'],
  ['kms:schedulekeydeletion', 'delete'],
  ['kms:disablekey', 'switch off'],
  ['sts:assumerole*', 'assume'],
  ['iam:passrole', 'pass'],
  ['iam:createaccesskey', 'make access keys for'],
  ['iam:createloginprofile', 'set a first password for'],
  ['iam:updateloginprofile', 'set another password for'],
  ['iam:attachuserpolicy', 'attach policies to'],
  ['iam:attachrolepolicy', 'attach policies to'],
  ['iam:attachgrouppolicy', 'attach policies to'],
  ['iam:putuserpolicy', 'write inline policies of'],
  ['iam:putrolepolicy', 'write inline policies of'],
  ['iam:putgrouppolicy', 'write inline policies of'],
  ['iam:updateassumerolepolicy', 'change the trust policy of'],
  ['iam:createpolicyversion', 'write new versions of'],
  ['iam:setdefaultpolicyversion', 'choose the version in force of'],
  ['iam:addusertogroup', 'add users to'],
  ['iam:deleteuserpermissionsboundary', 'remove the boundary of'],
  ['iam:deleterolepermissionsboundary', 'remove the boundary of'],
  ['iam:putuserpermissionsboundary', 'change the boundary of'],
  ['iam:putrolepermissionsboundary', 'change the boundary of'],
  ['sagemaker:createtrainingjob', 'start'],
  ['sagemaker:stoptrainingjob', 'stop'],
  ['sagemaker:invokeendpoint', 'invoke'],
]

const EXACT = new Map(VERBS.filter(([action]) => !action.endsWith('*')))
const STARTS = VERBS.filter(([action]) => action.endsWith('*'))

/** `read`, `list the names in`, …, for people; `send s3:PutBucketCORS to` where there is no better word. */
export function actionVerb(action: string): string {
  const folded = action.toLowerCase()
  const known = EXACT.get(folded) ?? STARTS.find(([start]) => folded.startsWith(start.slice(0, -1)))?.[1]
  return known ?? `send ${action} to`
}

/** What a person would call doing something to data; actions that are none of them are `other`. */
export type Doing = 'read' | 'list' | 'write' | 'delete' | 'assume' | 'train' | 'deploy' | 'invoke' | 'other'

const DOINGS: readonly (readonly [RegExp, Doing])[] = [
  [/^s3:(?:getobject|restoreobject|listobject)/, 'read'],
  [/^s3:listbucket(?:versions|multipartuploads)?$/, 'list'],
  [/^s3:(?:putobject|replicateobject|replicatetags|abortmultipartupload|updateobjectencryption)/, 'write'],
  [/^s3:(?:listmultipartuploadparts|objectowneroverridetobucketowner)$/, 'write'],
  [/^s3:(?:deleteobject|replicatedelete|bypassgovernanceretention)/, 'delete'],
  [/^kms:decrypt$/, 'read'],
  [/^kms:(?:encrypt|generatedatakey|reencryptto)/, 'write'],
  [/^sts:assumerole/, 'assume'],
  [/^sagemaker:(?:\w*trainingjob)/, 'train'],
  [/^sagemaker:invokeendpoint/, 'invoke'],
  [/^sagemaker:(?:create|delete|update|describe)(?:endpoint|endpointconfig|model)$/, 'deploy'],
]

/** Which doing an action, such as `s3:GetObject`, is part of. Letter case does not matter. */
export function doingOf(action: string): Doing {
  const folded = action.toLowerCase()
  return DOINGS.find(([pattern]) => pattern.test(folded))?.[1] ?? 'other'
}

const MOST_ACTIONS = 4

/**
 * Actions as people would say them: `read, list, write`; what has no such word by its own name, at most four of them
 * and a count of the rest. In the order of the words, then of the actions.
 */
export function doingWords(actions: readonly string[]): string {
  const order: readonly Doing[] = ['read', 'list', 'write', 'delete', 'assume', 'train', 'deploy', 'invoke']
  const doings = new Set(actions.map(doingOf))
  const others = [...new Set(actions.filter((action) => doingOf(action) === 'other'))]
  const rest = others.length - MOST_ACTIONS
  const named = rest > 1 ? [...others.slice(0, MOST_ACTIONS), `${rest} more actions`] : others
  return [...order.filter((doing) => doings.has(doing)), ...named].join(', ')
}
