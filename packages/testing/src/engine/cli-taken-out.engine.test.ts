import { Identitystore } from '@aws-sdk/client-identitystore'
import { Organizations } from '@aws-sdk/client-organizations'
import { SSOAdmin } from '@aws-sdk/client-sso-admin'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CliRun, startCliRun } from './cli-run.js'
import { type LastCalls, startLastCalls } from './start-last-calls.js'

const InstanceArn = 'arn:aws:sso:::instance/ssoins-0123456789abcdef'
const IdentityStoreId = 'd-0123456789'
// Identity Center's home is another region than the account's.
const home = 'eu-central-1'
const dev = ['ringfence.yaml', '--stack', 'dev', '--yes']

const bySaml = `organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
identityProvider: { saml: corp }
members:
  susan: { signIn: federation, email: susan@acme.example }
teams:
  product: [susan]
datasets:
  logs: { destroyWithObjects: true }
grants:
  - { to: product, can: [read, write], on: logs }
`
const center = `{ instance: '${InstanceArn}', identityStore: ${IdentityStoreId}, region: ${home}, provision: true }`
const byCenter = bySaml.replace('{ saml: corp }', `{ identityCenter: ${center} }`)
const guarded = `${bySaml}guardrail: serviceControlPolicy\n`

let cli: CliRun
let calls: LastCalls
let sso: SSOAdmin
let store: Identitystore
let organizations: Organizations
beforeAll(async () => {
  cli = await startCliRun(bySaml)
  const { endpoint } = cli.aws
  calls = await startLastCalls(endpoint)
  const credentials = await cli.aws.addManagementAccount()
  await cli.aws.addIdentityCenter({ instance: InstanceArn, identityStore: IdentityStoreId, region: home })
  await cli.engine.addProfile('people', credentials)
  sso = new SSOAdmin({ endpoint, region: home, credentials })
  store = new Identitystore({ endpoint, region: home, credentials })
  organizations = new Organizations({ endpoint, region: 'us-east-1', credentials })
})
afterAll(async () => {
  await calls?.close()
  await cli?.close()
})

/** What is there beside the account, of the kinds that stay without a stack. */
async function elsewhere() {
  const { PermissionSets = [] } = await sso.listPermissionSets({ InstanceArn })
  const assigned = PermissionSets.map(async (PermissionSetArn) => {
    const one = { InstanceArn, PermissionSetArn, AccountId: '111122223333' }
    return (await sso.listAccountAssignments(one)).AccountAssignments?.length
  })
  const { Groups = [] } = await store.listGroups({ IdentityStoreId })
  const { Users = [] } = await store.listUsers({ IdentityStoreId })
  const { Policies = [] } = await organizations.listPolicies({ Filter: 'SERVICE_CONTROL_POLICY' })
  return {
    assigned: await Promise.all(assigned),
    groups: Groups.map(({ DisplayName }) => DisplayName),
    users: Users.map(({ UserName }) => UserName),
    guardrails: Policies.filter(({ AwsManaged }) => AwsManaged !== true).map(({ Name }) => Name),
  }
}
const nothing = { assigned: [], groups: [], users: [], guardrails: [] }

it.each([
  ['CreateUser', byCenter, { users: ['susan@acme.example'] }],
  ['CreatePermissionSet', byCenter, { assigned: [0] }],
  ['CreateAccountAssignment', byCenter, { assigned: [1] }],
  ['CreatePolicy', guarded, { guardrails: ['acme-guardrail'] }],
] as const)(
  'what an up has made by %s as it was killed goes with a file that has no such thing, and that takes no profile',
  async (operation, file, there) => {
    await cli.declare(file)
    const through = { AWS_ENDPOINT_URL: calls.endpoint }
    const killed = cli.start(['up', ...dev, '--management-profile', 'people'], through)
    calls.arm(operation, killed.kill)
    expect((await killed.ended).code).toBe(null)
    expect(await elsewhere()).toMatchObject(there)

    await cli.declare(bySaml)
    const { code, stderr } = await cli.run(['up', ...dev], through)
    expect([code, code === 0 ? '' : stderr]).toEqual([0, ''])
    expect(await elsewhere()).toEqual(nothing)
  },
)
