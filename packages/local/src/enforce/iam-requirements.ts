import type { RequestContext } from '@ringfence/policy'
import type { Call, Requirement } from '../call.js'
import { iamArn } from '../iam/identifiers.js'
import { callingUser } from '../iam/operation.js'
import { nameKey } from '../iam/tables.js'
import { groupArn, roleArn, userArn } from './arns.js'
import { keys, requestTags, resourceTags, tagKeys } from './requirements.js'
import type { ResourceView } from './resource-view.js'

/** An action on a user; without a name it is the calling user, or the account's root. */
export function onUser(action: string, more?: (input: never) => RequestContext) {
  return (
    input: { readonly UserName?: string | undefined },
    call: Call,
    view: ResourceView,
  ): Requirement[] => [userRequirement(action, input.UserName, call, view, more?.(input as never))]
}

export function userRequirement(
  action: string,
  named: string | undefined,
  call: Call,
  view: ResourceView,
  more: RequestContext = {},
): Requirement {
  const { account } = call.caller
  const name = named ?? callingUser(call)
  if (name === undefined) return { action, resource: call.caller.principal, context: more }
  const user = view.iam.users.get(nameKey(account, name))
  return {
    action,
    resource: userArn(view.iam, account, name),
    context: {
      ...resourceTags(user?.tags, 'aws', 'iam'),
      ...keys({ 'iam:PermissionsBoundary': user?.boundary }),
      ...more,
    },
  }
}

export function onGroup(action: string, more?: (input: never) => RequestContext) {
  return (
    input: { readonly GroupName?: string | undefined },
    call: Call,
    view: ResourceView,
  ): Requirement[] => [
    {
      action,
      resource: groupArn(view.iam, call.caller.account, input.GroupName ?? ''),
      context: more?.(input as never) ?? {},
    },
  ]
}

export function onRole(action: string, more?: (input: never) => RequestContext) {
  return (
    input: { readonly RoleName?: string | undefined },
    call: Call,
    view: ResourceView,
  ): Requirement[] => {
    const role = view.iam.roles.get(nameKey(call.caller.account, input.RoleName ?? ''))
    return [
      {
        action,
        resource: roleArn(view.iam, call.caller.account, input.RoleName ?? ''),
        context: {
          ...resourceTags(role?.tags, 'aws', 'iam'),
          ...keys({ 'iam:PermissionsBoundary': role?.boundary }),
          ...more?.(input as never),
        },
      },
    ]
  }
}

export function onPolicy(action: string, more?: (input: never) => RequestContext) {
  return (
    input: { readonly PolicyArn?: string | undefined },
    call: Call,
    view: ResourceView,
  ): Requirement[] => {
    const arn = input.PolicyArn ?? ''
    const policy = view.iam.policies.get([call.caller.account, arn])
    return [
      {
        action,
        resource: arn,
        // Policies that AWS manages belong to nobody's account: the caller's own decides.
        resourceAccount: call.caller.account,
        context: { ...resourceTags(policy?.tags, 'aws', 'iam'), ...more?.(input as never) },
      },
    ]
  }
}

/** A list by path prefix, which AWS asks as a permission on the prefix. */
export function onPrefix(action: string, kind: string) {
  return (input: { readonly PathPrefix?: string | undefined }, call: Call): Requirement[] => [
    { action, resource: iamArn(call.caller.account, `${kind}${input.PathPrefix ?? '/'}`) },
  ]
}

export function onAccount(action: string) {
  return (): Requirement[] => [{ action, resource: '*' }]
}

export function onInstanceProfile(action: string, more?: (input: never) => RequestContext) {
  return (
    input: { readonly InstanceProfileName?: string | undefined },
    call: Call,
    view: ResourceView,
  ): Requirement[] => {
    const name = input.InstanceProfileName ?? ''
    const profile = view.iam.instanceProfiles.get(nameKey(call.caller.account, name))
    return [
      {
        action,
        resource: profile?.arn ?? iamArn(call.caller.account, `instance-profile/${name}`),
        context: { ...resourceTags(profile?.tags, 'aws', 'iam'), ...more?.(input as never) },
      },
    ]
  }
}

export function onArn<Member extends string>(
  action: string,
  member: Member,
  more?: (input: never) => RequestContext,
) {
  return (
    input: { readonly [Name in Member]?: string | undefined },
    call: Call,
    view: ResourceView,
  ): Requirement[] => {
    const arn = input[member] ?? ''
    const { account } = call.caller
    const found =
      view.iam.oidcProviders.get([account, arn]) ??
      view.iam.samlProviders.get([account, arn]) ??
      view.iam.mfaDevices.get([account, arn])
    return [
      {
        action,
        resource: arn,
        context: { ...resourceTags(found?.tags, 'aws', 'iam'), ...more?.(input as never) },
      },
    ]
  }
}

/** A row's requirements with those for the tags that the same request sets. */
export function withTags<
  Input extends { readonly Tags?: readonly { Key?: string; Value?: string }[] | undefined },
>(tagAction: string, row: (input: Input, call: Call, view: ResourceView) => readonly Requirement[]) {
  return (input: Input, call: Call, view: ResourceView): readonly Requirement[] => {
    const tags = requestTags(input.Tags)
    const plain = row(input, call, view)
    const tagged: Requirement[] = []
    for (const one of plain) tagged.push({ ...one, context: { ...one.context, ...tags } })
    if (input.Tags === undefined || input.Tags.length === 0) return tagged
    for (const one of plain) {
      tagged.push({ ...one, action: tagAction, context: { ...one.context, ...tags } })
    }
    return tagged
  }
}

export const policyArn = (input: { readonly PolicyArn?: string | undefined }) =>
  keys({ 'iam:PolicyARN': input.PolicyArn })
export const serviceCredential = (input: {
  readonly ServiceName?: string | undefined
  readonly CredentialAgeDays?: number | undefined
}) =>
  keys({
    'iam:ServiceSpecificCredentialServiceName': input.ServiceName,
    'iam:ServiceSpecificCredentialAgeDays': input.CredentialAgeDays,
  })
export const boundary = (input: { readonly PermissionsBoundary?: string | undefined }) =>
  keys({ 'iam:PermissionsBoundary': input.PermissionsBoundary })
export const setTags = (input: { readonly Tags?: readonly { Key?: string; Value?: string }[] | undefined }) =>
  requestTags(input.Tags)
export const dropTags = (input: { readonly TagKeys?: readonly string[] | undefined }) =>
  tagKeys(input.TagKeys)
