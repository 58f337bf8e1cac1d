import type { PolicyKind } from '../layers.js'

/** What a kind of policy admits. */
export interface KindRules {
  /** For messages, with its article. */
  readonly title: string
  readonly principal: 'required' | 'forbidden' | 'everyoneOnly'
  readonly notPrincipal: boolean
  readonly notAction: boolean
  readonly resource: 'required' | 'forbidden' | 'optional'
  /** IAM and Organizations take letters and digits in a Sid, the services more. */
  readonly strictSid: boolean
  /** What to do about a principal where none is admitted. */
  readonly principalHint?: string
  readonly resourceHint?: string
}

const attached = (title: string): KindRules => ({
  title,
  principal: 'forbidden',
  notPrincipal: false,
  notAction: true,
  resource: 'required',
  strictSid: true,
  principalHint: 'remove it: who the policy is attached to is its principal',
})

/**
 * The elements that each kind of policy has. [elements_principal, elements_resource; Organizations guide: SCP
 * syntax, RCP syntax; VPC guide: endpoint policies]
 */
export const KIND_RULES: Readonly<Record<PolicyKind, KindRules>> = {
  identity: attached('an identity policy'),
  session: attached('a session policy'),
  boundary: attached('a permissions boundary'),
  serviceControl: {
    ...attached('a service control policy'),
    principalHint: 'remove it: an SCP holds for every principal of the accounts it is attached to',
  },
  resource: {
    title: 'a resource policy',
    principal: 'required',
    notPrincipal: true,
    notAction: true,
    resource: 'optional',
    strictSid: false,
  },
  vpcEndpoint: {
    title: 'a VPC endpoint policy',
    principal: 'required',
    notPrincipal: true,
    notAction: true,
    resource: 'required',
    strictSid: false,
  },
  trust: {
    title: 'a trust policy',
    principal: 'required',
    notPrincipal: true,
    notAction: true,
    resource: 'forbidden',
    strictSid: true,
    resourceHint: 'remove it: the resource of a trust policy is the role that carries it',
  },
  resourceControl: {
    title: 'a resource control policy',
    principal: 'everyoneOnly',
    notPrincipal: false,
    notAction: false,
    resource: 'required',
    strictSid: true,
    principalHint: 'write "Principal": "*" and narrow it with conditions such as aws:PrincipalArn',
  },
}
