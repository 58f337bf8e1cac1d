import { accountOfPlan, type Account } from '@ringfence/check'
import { rolesLeft } from '@ringfence/lifecycle'
import { startLocalAws, type LocalAws, type LocalCredentials } from '@ringfence/local'
import {
  buildPlan,
  nothingKept,
  parseDeclaration,
  withRevocation,
  type AccessSummary,
  type Declaration,
  type Kept,
  type Plan,
} from '@ringfence/plan'
import { clientsOf } from '../engine/account-state.js'
import { Provider } from '../pulumi-resource-aws/provider.js'
import { resourceTypes } from '../pulumi-resource-aws/resource-types.js'
import { AccountReader } from './account-now.js'
import { nameless } from './nameless.js'
import { SmallEngine, type Kill, type Operation } from './small-engine.js'
import { emailOf, names, printOrganization, type SmallOrganization } from './small-organization.js'
import { mayTakeOn, whatIsAllowed, type Credential } from './what-is-allowed.js'

/** A declared file at an instant. */
interface Declared {
  readonly text: string
  readonly declaration: Declaration
  /** Of the plan of the file alone: what the file gives. */
  readonly account: Account
}

/** How an update goes. */
export interface Course {
  readonly pick: (below: number) => number
  readonly kill?: Kill
}

/** An account to which files are deployed one after another, and which is looked at after every operation. */
export class SmallLife {
  /** The files that an update is on its way from and to; one when it is done. */
  #inPlay: readonly Declared[]
  #kept: Kept = nothingKept
  /** As the stack notes it: of the last update that was done. */
  #accessBefore: AccessSummary | undefined
  readonly #sessions: (Credential & { readonly kind: 'session' })[] = []
  readonly #engine: SmallEngine
  readonly #reader: AccountReader
  readonly #local: LocalAws
  #nowMs: number

  private constructor(options: {
    readonly local: LocalAws
    readonly first: Declared
    readonly provider: Provider
    readonly administrator: LocalCredentials
    readonly nowMs: number
  }) {
    const { local, first, provider, administrator, nowMs } = options
    this.#local = local
    this.#inPlay = [first]
    this.#nowMs = nowMs
    this.#engine = new SmallEngine(provider)
    this.#reader = new AccountReader(clientsOf(local, administrator), local.account)
  }

  /** Starts an account and deploys a first file to it. */
  static async start(organization: SmallOrganization, nowMs: number): Promise<SmallLife> {
    const first = declare(organization, nowMs)
    const plan = planOf(first, nothingKept)
    const local = await startLocalAws({ account: plan.account, region: plan.region })
    await local.loadExternal(plan)
    const administrator = await local.issueUserKey('deployer')
    const provider = await providerFor(local, administrator)
    const life = new SmallLife({ local, first, provider, administrator, nowMs })
    await life.deploy(organization, { pick: () => 0 })
    return life
  }

  get nowMs(): number {
    return this.#nowMs
  }

  wait(milliseconds: number): void {
    this.#nowMs += milliseconds
  }

  /**
   * Deploys a file as `up` does, with a second run where somebody leaves a role; false where that was killed. Throws
   * where somebody has what no file in play gives.
   */
  async deploy(organization: SmallOrganization, course: Course): Promise<boolean> {
    const target = declare(organization, this.#nowMs)
    this.#inPlay = [...this.#inPlay, target]
    const left = rolesLeft(this.#accessBefore, this.#engine.recorded(), target.declaration)
    const kills = [course.kill, undefined]
    const runs = left.length === 0 ? 1 : 2
    for (let run = 0; run < runs; run++) {
      for (const { role } of left) this.#kept = withRevocation(this.#kept, role, this.#nextSecond())
      const kill = kills[run]
      const isDone = await this.#engine.update(planOf(target, this.#kept), {
        pick: course.pick,
        ...(kill === undefined ? {} : { kill }),
        onOperation: (operation) => this.#after(operation, course.pick),
      })
      if (!isDone) return false
    }
    this.#accessBefore = planOf(target, this.#kept).access
    this.#inPlay = [target]
    await this.#look()
    return true
  }

  /** The account as it is, and as it would be if it had only ever seen the last file. */
  async both(): Promise<{ readonly deployed: object; readonly fresh: object }> {
    const { account, region } = this.#local
    const local = await startLocalAws({ account, region })
    try {
      await local.load(planOf(this.#inPlay.at(-1)!, this.#kept))
      const reader = new AccountReader(clientsOf(local, await local.issueUserKey('deployer')), account)
      return { deployed: nameless(await this.#reader.read()), fresh: nameless(await reader.read()) }
    } finally {
      await local.close()
    }
  }

  close(): Promise<void> {
    return this.#local.close()
  }

  /** A second passes, and people who may take on a role do so now and then. */
  async #after(operation: Operation, pick: (below: number) => number): Promise<void> {
    this.#nowMs += 1000
    if (operation.type.startsWith('aws:s3/')) this.#reader.forgetBuckets()
    const account = await this.#look(operation)
    for (const role of account.roles)
      for (const name of names)
        if (pick(3) === 0 && mayTakeOn(account, role, emailOf(name), this.#nowMs))
          this.#sessions.push({
            kind: 'session',
            name,
            role: role.name,
            roleId: role.uniqueId,
            issuedAtMs: this.#nowMs,
          })
  }

  /** Nobody may be allowed what none of the files in play allows them at this instant. */
  async #look(operation?: Operation): Promise<Account> {
    if (operation === undefined) this.#reader.forgetBuckets()
    const account = await this.#reader.read()
    const users = names.map((name): Credential => ({ kind: 'user', name }))
    for (const credential of [...users, ...this.#sessions]) {
      const had = whatIsAllowed(account, credential, this.#nowMs)
      const given = new Set(this.#inPlay.flatMap((file) => [...givenBy(file, credential, this.#nowMs)]))
      const more = [...had].filter((request) => !given.has(request))
      const when = operation === undefined ? 'the update' : `${operation.kind} of ${operation.name}`
      const files = this.#inPlay.map(({ text }) => text).join('---\n')
      if (more.length > 0)
        throw new Error(
          `after ${when}, ${JSON.stringify(credential)} may ${more.join(', ')}, which no file gives:\n${files}`,
        )
      if (operation === undefined && credential.kind === 'user' && given.size > had.size)
        throw new Error(
          `after ${when}, ${credential.name} may not do all of ${[...given].join(', ')}:\n${files}`,
        )
    }
    return account
  }

  #nextSecond(): string {
    return new Date(Math.floor(this.#nowMs / 1000) * 1000 + 1000).toISOString().replace('.000Z', 'Z')
  }
}

/** What a file gives somebody at an instant; in a session only to whom the file lets take on the role. */
function givenBy(file: Declared, credential: Credential, nowMs: number): ReadonlySet<string> {
  if (credential.kind === 'user') return whatIsAllowed(file.account, credential, nowMs)
  const role = file.account.roles.find(({ name }) => name === credential.role)
  const isIn = role !== undefined && mayTakeOn(file.account, role, emailOf(credential.name), nowMs)
  return isIn ? whatIsAllowed(file.account, credential, nowMs) : new Set()
}

function declare(organization: SmallOrganization, nowMs: number): Declared {
  const text = printOrganization(organization)
  const declared = parseDeclaration({ file: 'ringfence.yaml', text, nowMs })
  if (!declared.ok) throw new Error(`${text}\n${JSON.stringify(declared.diagnostics)}`)
  const file = { text, declaration: declared.value }
  return { ...file, account: accountOfPlan(planOf(file, nothingKept)) }
}

function planOf({ declaration, text }: Omit<Declared, 'account'>, kept: Kept): Plan {
  const built = buildPlan(declaration, {}, kept)
  if (!built.ok) throw new Error(`${text}\n${JSON.stringify(built.diagnostics)}`)
  return built.value
}

async function providerFor(local: LocalAws, administrator: LocalCredentials): Promise<Provider> {
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
