import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as pulumi from '@pulumi/pulumi'
import { startLocalAws, type LocalAws, type LocalCredentials } from '@ringfence/local'
import { buildPlan, parseDeclaration, parseRoster, type Declaration, type Plan } from '@ringfence/plan'
import { Organization } from '@ringfence/pulumi'
import type { Aws } from '../pulumi-resource-aws/aws.js'
import { accountState, clientsOf, type AccountState } from './account-state.js'
import { startEngineRun, type EngineRun, type EngineStack } from './engine-run.js'

const examples = join(import.meta.dirname, '..', '..', '..', '..', 'examples')
const managementProfile = 'management'

/** The declared files that the repository comes with. */
export const exampleNames = [
  'seed-1-user-data-segregation',
  'seed-2-automated-user-provisioning',
  'seed-3-training-platform-access',
  'seed-4-data-leakage-prevention',
  'seed-5-centralized-policies',
  'acme-ai',
  'roster',
] as const

export interface Declared {
  readonly text: string
  /** Of the roster beside it, where it has one. */
  readonly rosterText?: string
  readonly declaration: Declaration
  readonly plan: Plan
}

/** An example's declared file, after `edit` if there is one. */
export function declare(name: string, edit: (text: string) => string = (text) => text): Declared {
  const text = edit(readFileSync(join(examples, name, 'ringfence.yaml'), 'utf8'))
  const beside = join(examples, name, 'roster.csv')
  const rosterText = existsSync(beside) ? readFileSync(beside, 'utf8') : undefined
  const roster =
    rosterText === undefined ? undefined : parseRoster({ file: 'roster.csv', text: rosterText }).value
  const declaration = parseDeclaration({ file: 'ringfence.yaml', text, nowMs: Date.now(), roster })
  if (!declaration.ok) throw new Error(JSON.stringify(declaration.diagnostics))
  const plan = buildPlan(declaration.value)
  if (!plan.ok) throw new Error(JSON.stringify(plan.diagnostics))
  const own = rosterText === undefined ? {} : { rosterText }
  return { text, ...own, declaration: declaration.value, plan: plan.value }
}

/** Text replaced exactly once, so that an edit of an example that changed is noticed. */
export function replaceOnce(text: string, from: string, to: string): string {
  if (text.split(from).length !== 2) throw new Error(`not exactly once in the file: ${from}`)
  return text.replace(from, to)
}

/** An account to which an administrator deploys declared files by the component `Organization`. */
export interface OrganizationRun {
  readonly run: EngineRun
  /** The stack, with the program for this declared file. */
  stackOf(declared: Declared): Promise<EngineStack>
  state(): Promise<AccountState>
  /** Clients for what somebody does by hand. */
  asAdministrator(): Promise<Aws>
  close(): Promise<void>
}

/** Prepares `aws` (default: a new one) for a first deployment: what the plan relies on is there, nothing else. */
export async function startOrganizationRun(plan: Plan, aws?: LocalAws): Promise<OrganizationRun> {
  const local = aws ?? (await startLocalAws({ account: plan.account, region: plan.region }))
  await local.loadExternal(plan)
  const run = await startEngineRun({ aws: local, deployAs: (to) => administratorOf(plan, to) })
  const management = await local.addManagementAccount()
  await run.addProfile(managementProfile, management)
  return {
    run,
    stackOf: async ({ rosterText, text }) => {
      const file = join(run.folder, 'ringfence.yaml')
      await writeFile(file, text)
      if (rosterText !== undefined) await writeFile(join(run.folder, 'roster.csv'), rosterText)
      return run.stack(async () => {
        pointProvidersAt(run)
        const { access: _, ...outputs } = new Organization(plan.organization, { file, managementProfile })
        return outputsOf(outputs)
      })
    },
    state: () => accountState(local, { management }),
    asAdministrator: async () => clientsOf(local, await administratorOf(plan, local)),
    close: async () => {
      await run.close()
      if (aws === undefined) await local.close()
    },
  }
}

/** The state of an account into which the plan was loaded directly. */
export async function loadedState(plan: Plan): Promise<AccountState> {
  const local = await startLocalAws({ account: plan.account, region: plan.region })
  try {
    const management = await local.addManagementAccount()
    await local.load(plan)
    return await accountState(local, { management })
  } finally {
    await local.close()
  }
}

/** The state of an account that has only what the plan relies on. */
export async function emptyState(plan: Plan): Promise<AccountState> {
  const local = await startLocalAws({ account: plan.account, region: plan.region })
  try {
    const management = await local.addManagementAccount()
    await local.loadExternal(plan)
    return await accountState(local, { management })
  } finally {
    await local.close()
  }
}

/** In a program: whatever provider of AWS it makes deploys to the run's local AWS. */
export function pointProvidersAt({ providerArgs }: EngineRun): void {
  const { endpoints, s3UsePathStyle } = providerArgs
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
    type === 'pulumi:providers:aws'
      ? {
          // As the class Provider hands its arguments on: all but texts as JSON.
          props: {
            ...props,
            endpoints: pulumi.output(endpoints).apply((all) => JSON.stringify(all)),
            s3UsePathStyle: pulumi.output(s3UsePathStyle).apply((style) => JSON.stringify(style)),
          },
          opts,
        }
      : undefined,
  )
}

function administratorOf(plan: Plan, aws: LocalAws): Promise<LocalCredentials> {
  const role = plan.external.find(
    (one) => one.kind === 'role' && 'purpose' in one && one.purpose === 'administrator',
  )
  if (role === undefined) throw new Error('the plan relies on no role of administrators')
  return aws.issueRoleSession({
    roleArn: role.arn,
    sessionName: 'deployment',
    principal: `arn:aws:iam::${aws.account}:root`,
    action: 'sts:AssumeRole',
  })
}

/** The outputs among the members of a component. */
function outputsOf(component: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(component).filter(([, value]) => pulumi.Output.isInstance(value)))
}
