/** A value of one condition key: AWS sends strings; a list where the key is multi-valued. */
export type ContextValue = string | number | boolean | readonly (string | number | boolean)[]

/** The condition keys of a request. Names are case-insensitive, as on AWS. */
export type RequestContext = Readonly<Record<string, ContextValue>>

/** One request to AWS, as IAM sees it. */
export interface AuthorizationRequest {
  /**
   * Who asks: the ARN of a user, role, role session (`arn:aws:sts::…:assumed-role/…`), federated user
   * session or account root; the host name of a service (`sagemaker.amazonaws.com`); the ARN of an identity
   * provider (SAML or OIDC); or `anonymous`.
   */
  readonly principal: string
  /** `service:Name`, case-insensitive. */
  readonly action: string
  /** The ARN of the resource, or `*` for actions that take none. */
  readonly resource: string
  /**
   * The account that owns the resource, 12 digits. Default: the account in the resource's ARN; where the ARN
   * has none (S3), the principal's own account.
   */
  readonly resourceAccount?: string
  /**
   * Condition keys. Those that follow from the principal (`aws:PrincipalArn`, `aws:PrincipalAccount`,
   * `aws:PrincipalType`, `aws:username`, `aws:userid` where derivable) and from the resource
   * (`aws:ResourceAccount`) are filled in when they are absent here.
   */
  readonly context?: RequestContext
  /**
   * The canonical user ID (64 hexadecimal digits) of the principal's account, where it is known. A policy's
   * `CanonicalUser` matches nobody without it.
   */
  readonly canonicalUserId?: string
}
