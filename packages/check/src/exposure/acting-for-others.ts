import type { Policy, ProveOptions, Statement } from '@ringfence/policy'
import type { Account, AccountResource, AccountRole } from '../account/account.js'
import { arnsOf, type Layered, type TakeUnknown } from '../account/layers-of.js'
import { layersBeside } from '../account/who-else.js'
import { regionOf } from '../answers/region.js'
import { reached, type Reached } from './reached.js'

const SERVICE = { who: { kind: 'service' }, called: 'an AWS service', inAccount: false } as const

/** A bucket's ARN has no account: one of this name is not the account's. */
const STRANGE_BUCKET = 'somebody-elses-bucket'

/**
 * Whether an AWS service may use something because of a resource of another account, such as a topic that sends
 * messages, as far as the policy says for whom services act: where it names a service and nothing else, the service
 * is trusted to act for the right ones.
 */
export function reachedForOthers(
  account: Account,
  resource: AccountResource | AccountRole,
  actions: readonly string[],
  options: ProveOptions,
): Reached {
  const { account: id } = account
  const within = regionOf({
    actions,
    resources: arnsOf(resource),
    condition: {
      StringNotEquals: { 'aws:SourceAccount': id, 'aws:SourceOwner': id },
      ArnLike: { 'aws:SourceArn': ['arn:*:*:*:????????????:*', `arn:*:s3:::${STRANGE_BUCKET}`] },
      ArnNotLike: { 'aws:SourceArn': [`arn:*:*:*:${id}:*`, 'arn:*:s3:*:????????????:*'] },
    },
  })
  const layers = (take: TakeUnknown): Layered => {
    const { question, unknowns } = layersBeside(account, SERVICE, resource, take)
    const { resourcePolicy } = question.layers
    if (resourcePolicy === undefined) return { question, unknowns }
    const narrowed = { ...question.layers, resourcePolicy: sayingForWhom(resourcePolicy) }
    return { question: { ...question, layers: narrowed }, unknowns }
  }
  return reached(layers, within, options)
}

function sayingForWhom(policy: Policy): Policy {
  const statements = policy.statements.filter((one) => one.effect === 'Deny' || saysForWhom(one))
  return { ...policy, statements }
}

function saysForWhom({ conditions }: Statement): boolean {
  return conditions.some(({ key }) => /^aws:source(account|arn|org(id|paths))$/i.test(key))
}
