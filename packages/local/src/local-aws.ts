import type { Plan } from '@ringfence/plan'
import type { Decision } from '@ringfence/policy'
import type { ServiceName } from './call.js'
import type { OperationInput, OperationName, OperationOutput } from './http/operations.js'

export interface LocalCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  /** Epoch milliseconds; absent for long-lived keys. */
  readonly expiresAtMs?: number
}

export interface LocalAwsOptions {
  /** 12 digits: the account that exists from the start. */
  readonly account: string
  readonly region: string
  /** Default 0: a free port. */
  readonly port?: number
  /** The second, plain port, on which `aws:SecureTransport` is false. Default 0. */
  readonly plainPort?: number
  /** Real TLS on the main port with a certificate made at start. */
  readonly tls?: boolean
  /** Keeps everything here across restarts. Without it: a temporary folder, removed by `close`. */
  readonly dataDir?: string
  /** Default `Date.now`. Signatures, expiry, `aws:CurrentTime` and job states follow it. */
  readonly nowMs?: () => number
  /** One CloudTrail-shaped event a request, without secrets. */
  readonly onEvent?: (event: CloudTrailEvent) => void
  /** Bucket defaults of before April 2023: ACLs on, no public access block. */
  readonly legacyBucketDefaults?: boolean
  /**
   * The public keys (JSON Web Keys) with which an OIDC issuer, such as `https://token.example`, signs: nothing is
   * fetched from a network. Default: none, so that AssumeRoleWithWebIdentity refuses every token.
   */
  readonly webIdentityKeys?: (issuer: string) => readonly Readonly<Record<string, unknown>>[]
}

/** The fields of a CloudTrail record that the local AWS fills, plus its own decision. */
export interface CloudTrailEvent {
  readonly eventVersion: '1.11'
  readonly eventTime: string
  readonly eventSource: string
  readonly eventName: string
  readonly awsRegion: string
  readonly sourceIPAddress: string
  readonly userAgent: string
  readonly userIdentity: Readonly<Record<string, unknown>>
  readonly requestParameters: Readonly<Record<string, unknown>> | null
  readonly responseElements: Readonly<Record<string, unknown>> | null
  readonly requestID: string
  readonly eventID: string
  readonly readOnly: boolean
  readonly recipientAccountId: string
  readonly errorCode?: string
  readonly errorMessage?: string
  readonly additionalEventData?: {
    /** Each permission that was asked, in order, with its decision. */
    readonly authorization?: readonly {
      readonly principal: string
      readonly action: string
      readonly resource: string
      readonly decision: Decision
    }[]
  }
}

/** A running local AWS. */
export interface LocalAws {
  readonly account: string
  readonly region: string
  /** `http://127.0.0.1:PORT` (or https with `tls`): stands for TLS. */
  readonly endpoint: string
  /** Plain HTTP: `aws:SecureTransport` is false. */
  readonly plainEndpoint: string
  /** PEM of the certificate made at start, with `tls`. */
  readonly certificate?: string
  /** The root user of the account. */
  readonly root: LocalCredentials
  /** Makes another account and gives its root user's credentials. */
  addAccount(account: string): Promise<LocalCredentials>
  /**
   * Makes the organization of which the account is a member, if there is none, and gives the root user's
   * credentials of its management account: 999999999999, or 888888888888 where that is the account itself.
   */
  addManagementAccount(): Promise<LocalCredentials>
  /**
   * Enables IAM Identity Center in the organization of `addManagementAccount`, whose management account administers it.
   * Rejects with RangeError where there is another instance.
   */
  addIdentityCenter(identity: {
    /** `arn:aws:sso:::instance/ssoins-…` */
    readonly instance: string
    /** `d-…` */
    readonly identityStore: string
    readonly region: string
  }): Promise<void>
  /**
   * Creates every resource of the plan as the account's root would, through the same operations that clients
   * call, so that what AWS would refuse is refused. External administrators that do not exist are made, with
   * AdministratorAccess and no keys; external identity providers likewise. Service control policies are attached
   * by the management account, which is made for them.
   */
  load(plan: Plan): Promise<void>
  /**
   * Makes what the plan relies on and does not itself create, and nothing else: for a plan that is then deployed
   * over the wire.
   */
  loadExternal(plan: Plan): Promise<void>
  /**
   * What an operation answers to whom credentials are of, without the wire and a signature: the same permissions are
   * asked and the same code runs. Rejects with `AwsError`.
   */
  call<Service extends ServiceName, Name extends OperationName<Service> & string>(
    credentials: LocalCredentials,
    service: Service,
    operation: Name,
    input: OperationInput<Service, Name>,
  ): Promise<OperationOutput<Service, Name>>
  /** New long-lived credentials of an IAM user of the account. */
  issueUserKey(userName: string): Promise<LocalCredentials>
  /**
   * Credentials of a role as a trusted party would get them: the trust policy is evaluated by `authorize` for
   * `principal` (a service's host name, an identity provider's ARN, or any ARN) with `context`; rejects with
   * an AccessDenied `AwsError` otherwise.
   */
  issueRoleSession(options: {
    readonly roleArn: string
    readonly sessionName: string
    readonly principal: string
    readonly action: 'sts:AssumeRole' | 'sts:AssumeRoleWithSAML' | 'sts:AssumeRoleWithWebIdentity'
    readonly context?: Readonly<Record<string, string | readonly string[]>>
    readonly tags?: Readonly<Record<string, string>>
    readonly durationSeconds?: number
  }): Promise<LocalCredentials>
  /**
   * Credentials of a permission set in the account, as the access portal of Identity Center gives them to a user of its
   * identity store; rejects with an `AwsError` (ForbiddenException) who is not assigned.
   */
  signInByIdentityCenter(options: {
    readonly userName: string
    /** Its name. */
    readonly permissionSet: string
  }): Promise<LocalCredentials>
  /**
   * Stores an object as its bucket's owner would, with the bucket's default encryption, but asks no policy. Not
   * reachable over the wire. Rejects with `AwsError`.
   */
  putObject(options: {
    readonly bucket: string
    readonly key: string
    readonly body: Uint8Array | AsyncIterable<Uint8Array>
    readonly contentType?: string
  }): Promise<void>
  /** Stops answering, and removes the folder if it was a temporary one. */
  close(): Promise<void>
}
