import type {
  IamAccessKey,
  IamGroup,
  IamPolicy,
  IamPolicyAttachments,
  IamRole,
  IamUser,
  IamUserGroupMembership,
} from '../../plan.js'
import { policyJson } from '../print-json.js'
import type { Mapped, PlanIndex } from './mapped.js'
import { refuseExisting, tagList } from './mapped.js'

export function mapUser({ name, path, permissionsBoundary, tags }: IamUser): Mapped {
  return {
    as: 'resource',
    type: 'AWS::IAM::User',
    properties: {
      UserName: name,
      Path: path,
      PermissionsBoundary: permissionsBoundary,
      Tags: tagList(tags),
    },
  }
}

export function mapGroup({ name, path }: IamGroup): Mapped {
  return { as: 'resource', type: 'AWS::IAM::Group', properties: { GroupName: name, Path: path } }
}

export function mapRole(role: IamRole): Mapped {
  return {
    as: 'resource',
    type: 'AWS::IAM::Role',
    properties: {
      RoleName: role.name,
      Path: role.path,
      Description: role.description,
      AssumeRolePolicyDocument: policyJson(role.assumeRolePolicy),
      PermissionsBoundary: role.permissionsBoundary,
      MaxSessionDuration: role.maxSessionDuration,
      Tags: tagList(role.tags),
    },
  }
}

/** `AWS::IAM::ManagedPolicy` has no tags; `cloudFormationTemplate` says so once for all policies. */
export function mapPolicy({ name, path, description, policy }: IamPolicy): Mapped {
  return {
    as: 'resource',
    type: 'AWS::IAM::ManagedPolicy',
    properties: {
      ManagedPolicyName: name,
      Path: path,
      Description: description,
      PolicyDocument: policyJson(policy),
    },
  }
}

/**
 * Listed by the holder and not by the policies: the list of a holder is its whole list, so an update of the
 * stack takes away what was attached by hand.
 */
export function mapAttachments({ target, name, policyArns }: IamPolicyAttachments, index: PlanIndex): Mapped {
  const holder = index.holder(target, name)
  if (holder === undefined) return refuseExisting(`the ${target} "${name}"`)
  return { as: 'properties', of: holder, properties: { ManagedPolicyArns: policyArns } }
}

export function mapMembership({ user, groups }: IamUserGroupMembership, index: PlanIndex): Mapped {
  const member = index.holder('user', user)
  if (member === undefined) return refuseExisting(`the user "${user}"`)
  return { as: 'properties', of: member, properties: { Groups: groups } }
}

/**
 * No `AWS::IAM::AccessKey`: its secret can leave the stack only in the clear, by an output or into a store of
 * secrets, where it would be open to everybody who may read that, and the file says nothing of them.
 */
export function mapAccessKey({ user }: IamAccessKey): Mapped {
  return {
    as: 'nothing',
    why: {
      message: `the template has no access key for "${user}": CloudFormation could hand its secret over only in the clear`,
      hint: `aws iam create-access-key --user-name ${user}, once the stack is there`,
    },
  }
}
