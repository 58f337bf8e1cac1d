/** An identity provider with one issuer for all of its customers: a claim of the token tells whose somebody is. */
export interface SharedProvider {
  readonly name: string
  /** The issuer without its scheme, as IAM has it in the provider's ARN and in condition keys. */
  readonly host: string
  /** The condition key that trust policies have to look at. */
  readonly key: string
  /** What stands before and after the name of a customer in that claim; empty: the name is all of it, or anywhere. */
  readonly before: string
  readonly after: string
  /** A value that names one customer. */
  readonly example: string
}

const bySubject = (
  name: string,
  host: string,
  [before, after]: readonly [string, string],
  example: string,
): SharedProvider => ({ name, host, key: `${host}:sub`, before, after, example })

const byAudience = (name: string, host: string, example: string): SharedProvider => ({
  name,
  host,
  key: `${host}:aud`,
  before: '',
  after: '',
  example,
})

const TURBONOMIC = [
  'rh-oidc.s3.us-east-1.amazonaws.com/22ejnvnnturfmt6km08idd0nt4hekbn7',
  'rh-oidc.s3.us-east-1.amazonaws.com/23e3sd27sju1hoou6ohfs68vbno607tr',
  'rh-oidc.s3.us-east-1.amazonaws.com/23ne21h005qjl3n33d8dui5dlrmv2tmg',
  'rh-oidc.s3.us-east-1.amazonaws.com/24jrf12m5dj7ljlfb4ta2frhrcoadm26',
  'oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb',
  'oidc.op1.openshiftapps.com/2c51blsaqa9gkjt0o9rt11mle8mmropu',
]

/** Cognito needs no provider in the account. */
export const COGNITO = byAudience(
  'Amazon Cognito',
  'cognito-identity.amazonaws.com',
  'eu-west-1:12345678-1234-1234-1234-123456789012',
)

/**
 * The providers of which IAM knows that they are shared, and what it requires trust policies to look at.
 * [IAM User Guide, "Identity-provider controls for shared OIDC providers"]
 */
export const SHARED_PROVIDERS: readonly SharedProvider[] = [
  COGNITO,
  {
    name: 'Azure Sentinel',
    host: 'sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d',
    key: 'sts:RoleSessionName',
    before: '',
    after: '',
    example: 'MicrosoftSentinel_WORKSPACE-ID',
  },
  bySubject(
    'Buildkite',
    'agent.buildkite.com',
    ['organization:', ':'],
    'organization:ORGANIZATION:pipeline:PIPELINE:*',
  ),
  bySubject('Codefresh', 'oidc.codefresh.io', ['account:', ':'], 'account:ACCOUNT-ID:pipeline:PIPELINE-ID:*'),
  bySubject('DVC Studio', 'studio.datachain.ai/api', ['', ''], 'credentials:TEAM/*'),
  bySubject(
    'GitHub Actions',
    'token.actions.githubusercontent.com',
    ['repo:', '/'],
    'repo:ORGANIZATION/REPOSITORY:ref:refs/heads/BRANCH',
  ),
  bySubject(
    'GitHub audit log streaming',
    'oidc-configuration.audit-log.githubusercontent.com',
    ['', ''],
    'https://github.com/ENTERPRISE',
  ),
  bySubject(
    'GitHub vstoken',
    'vstoken.actions.githubusercontent.com',
    ['repo:', '/'],
    'repo:ORGANIZATION/REPOSITORY:*',
  ),
  bySubject(
    'GitLab',
    'gitlab.com',
    ['project_path:', '/'],
    'project_path:GROUP/PROJECT:ref_type:branch:ref:BRANCH',
  ),
  ...TURBONOMIC.map((host) =>
    bySubject('IBM Turbonomic', host, ['', ''], 'system:serviceaccount:NAMESPACE:t8c-operator'),
  ),
  byAudience('Pulumi Cloud', 'api.pulumi.com/oidc', 'aws:ORGANIZATION'),
  byAudience('sandboxes.cloud', 'sandboxes.cloud', 'ORGANIZATION'),
  bySubject(
    'Scalr',
    'scalr.io',
    ['account:', ':'],
    'account:ACCOUNT:environment:ENVIRONMENT:workspace:WORKSPACE',
  ),
  bySubject('Shisho Cloud', 'tokens.cloud.shisho.dev', ['', ''], 'job:ORGANIZATION:*'),
  bySubject(
    'Terraform Cloud',
    'app.terraform.io',
    ['organization:', ':'],
    'organization:ORGANIZATION:project:PROJECT:workspace:WORKSPACE:run_phase:*',
  ),
  bySubject('Upbound', 'proidc.upbound.io', ['', ''], 'mcp:ORGANIZATION/CONTROL-PLANE:provider:provider-aws'),
  byAudience('Vercel', 'oidc.vercel.com', 'https://vercel.com/TEAM'),
]
