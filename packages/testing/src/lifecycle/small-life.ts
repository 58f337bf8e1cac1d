import { accountOfPlan, type Account } from '@ringfence/check'
import { startLocalAws, type LocalAws } from '@ringfence/local'
import { buildPlan, parseDeclaration, type Declaration, type Plan } from '@ringfence/plan'
import { clientsOf } from '../engine/account-state.js'
import { Provider } from '../pulumi-resource-aws/provider.js'
import { resourceTypes } from '../pulumi-resource-aws/resource-types.js'
import { AccountReader } from './account-now.js'
import { SmallEngine, type Kill, type Operation } from './small-engine.js'
import { names, printOrganization, type SmallOrganization } from './small-organization.js'
import { whatIsAllowed, type Credential } from './what-is-allowed.js'

/** A declared file and the plan that it becomes at some instant. */
export interface Planned {
  readonly text: string
  readonly declaration: Declaration
  readonly plan: Plan
  readonly account: Account
}

export function planned(organization: SmallOrganization, nowMs: number): Planned {
  const text = printOrganization(organization)
  const declared = parseDeclaration({ file: 'ringfence.yaml', text, nowMs })
  const built = declared.ok ? buildPlan(declared.value) : declared
  if (!declared.ok || !built.ok) throw new Error(`${text}\n${JSON.stringify(built.diagnostics)}`)
  return { text, declaration: declared.value, plan: built.value, account: accountOfPlan(built.value) }
}

/** An account to which files are deployed one after another, and which is looked at after every operation. */
export class SmallLife {
  /** The files that an update is on its way from and to; one when it is done. */
  #inPlay: readonly Planned[]
  #nowMs: number
  readonly #engine: SmallEngine
  readonly #reader: AccountReader

  private constructor(
    private readonly local: LocalAws,
    first: Planned,
    provider: Provider,
    administrator: Parameters<typeof clientsOf>[1],
    nowMs: number,
  ) {
    this.#inPlay = [first]
    this.#nowMs = nowMs
    this.#engine = new SmallEngine(provider)
    this.#reader = new AccountReader(clientsOf(local, administrator), local.account)
  }

  /** Starts an account and deploys a first file to it. */
  static async start(organization: SmallOrganization, nowMs: number): Promise<SmallLife> {
    const first = planned(organization, nowMs)
    const { account, region } = first.plan
    const local = await startLocalAws({ account, region })
    await local.loadExternal(first.plan)
    const administrator = await local.issueUserKey('deployer')
    const provider = await providerFor(local, administrator)
    const life = new SmallLife(local, first, provider, administrator, nowMs)
    await life.deploy(organization, { pick: () => 0 })
    return life
  }

  get nowMs(): number {
    return this.#nowMs
  }

  wait(milliseconds: number): void {
    this.#nowMs += milliseconds
  }

  /** Deploys a file; false where that was killed. Throws where somebody has what no file in play gives. */
  async deploy(
    organization: SmallOrganization,
    { pick, kill }: { readonly pick: (below: number) => number; readonly kill?: Kill },
  ): Promise<boolean> {
    const target = planned(organization, this.#nowMs)
    this.#inPlay = [...this.#inPlay, target]
    const isDone = await this.#engine.update(target.plan, {
      pick,
      ...(kill === undefined ? {} : { kill }),
      onOperation: (operation) => this.#look(operation),
    })
    if (!isDone) return false
    this.#inPlay = [target]
    await this.#look()
    return true
  }

  /** The account as it is, and as it would be if it had only ever seen the last file. */
  async both(): Promise<{ readonly deployed: object; readonly fresh: object }> {
    const target = this.#inPlay.at(-1)!
    const { account, region } = this.local
    const local = await startLocalAws({ account, region })
    try {
      await local.load(target.plan)
      const reader = new AccountReader(clientsOf(local, await local.issueUserKey('deployer')), account)
      return { deployed: nameless(await this.#reader.read()), fresh: nameless(await reader.read()) }
    } finally {
      await local.close()
    }
  }

  close(): Promise<void> {
    return this.local.close()
  }

  /** Nobody may be allowed what none of the files in play allows them at this instant. */
  async #look(operation?: Operation): Promise<void> {
    if (operation === undefined || operation.type.startsWith('aws:s3/')) this.#reader.forgetBuckets()
    const account = await this.#reader.read()
    for (const name of names) {
      const credential: Credential = { kind: 'user', name }
      const given = new Set(
        this.#inPlay.flatMap((one) => [...whatIsAllowed(one.account, credential, this.#nowMs)]),
      )
      const had = whatIsAllowed(account, credential, this.#nowMs)
      const more = [...had].filter((request) => !given.has(request))
      if (more.length > 0)
        throw new Error(
          `after ${operation === undefined ? 'the update' : `${operation.kind} of ${operation.name}`} ${name} may ` +
            `${more.join(', ')}, which is in none of\n${this.#inPlay.map(({ text }) => text).join('---\n')}`,
        )
      if (operation === undefined && given.size > had.size)
        throw new Error(`${name} may not do all of ${[...given].join(', ')} by\n${this.#inPlay.at(-1)?.text}`)
    }
  }
}

/** Without what tells how an account came to be: ids, the order of lists, and versions that are in force no more. */
function nameless(account: Account): object {
  const without = <Thing extends { readonly uniqueId?: string }>({ uniqueId: _, ...thing }: Thing) => thing
  const users = account.users.map(without).map((user) => ({ ...user, groups: user.groups.toSorted() }))
  const managedPolicies = account.managedPolicies.map(({ arn, versions }) => ({
    arn,
    inForce: versions.find(({ isDefault }) => isDefault)?.document,
  }))
  const byArn = <Thing extends { readonly arn: string }>(things: readonly Thing[]): unknown[] =>
    things
      .map((thing) =>
        'attached' in thing ? { ...thing, attached: [...(thing.attached as string[])].toSorted() } : thing,
      )
      .toSorted((one, other) => (one.arn < other.arn ? -1 : 1))
  return {
    ...account,
    users: byArn(users),
    roles: byArn(account.roles.map(without)),
    groups: byArn(account.groups),
    managedPolicies: byArn(managedPolicies),
    resources: byArn(account.resources),
  }
}

async function providerFor(
  local: LocalAws,
  administrator: { readonly accessKeyId: string; readonly secretAccessKey: string },
): Promise<Provider> {
  // The provider takes credentials from the environment alone.
  process.env['AWS_ACCESS_KEY_ID'] = administrator.accessKeyId
  process.env['AWS_SECRET_ACCESS_KEY'] = administrator.secretAccessKey
  const services = ['iam', 'kms', 'organizations', 's3', 's3control', 'sagemaker', 'sts']
  const endpoints = Object.fromEntries(services.map((service) => [service, local.endpoint]))
  const provider = new Provider(resourceTypes)
  await provider.configure({
    region: local.region,
    endpoints: JSON.stringify([endpoints]),
    s3UsePathStyle: 'true',
  })
  return provider
}
