import type { Deployment, StackState } from '@ringfence/pulumi/deploy'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { tellFindings } from '../output/diagnostics.js'
import { cliErrorOf } from './cli-error-of.js'
import { openLocalFolder } from './local-folder.js'
import { localEnvironment } from './local-target.js'
import type { StackOptions } from './options.js'
import { requireStack } from './require-stack.js'
import type { DeployWorld } from './world.js'

/** Opens a stack that exists, to read what it holds: without AWS, and without credentials for it. */
export async function withStack(
  options: StackOptions,
  io: Io,
  world: DeployWorld,
  work: (deployment: Deployment, state: StackState) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { loadPlan } = await import('../plan-file.js')
  const loaded = await loadPlan(options.file, io)
  tellFindings(loaded.findings, loaded.sources, io, options)
  if (!loaded.ok) return exitCode.usage
  const { plan } = loaded
  const { currentBackend, planProgram, projectOf, pulumiEnvironment } =
    await import('@ringfence/pulumi/deploy')
  const own =
    options.target === 'aws'
      ? {}
      : await localEnvironment(
          await openLocalFolder(options.file, options.stack, io.cwd),
          await currentBackend(io.env),
          io.env,
        )
  try {
    const settings = {
      project: projectOf(plan),
      stack: options.stack,
      env: pulumiEnvironment({ ...io.env, ...own }, io.cwd),
      program: planProgram(plan, {}),
      component: plan.organization,
    }
    const deployment = await world.open(settings)
    try {
      return await work(deployment, requireStack({ state: await deployment.readState(), settings }))
    } finally {
      await deployment.close()
    }
  } catch (error) {
    throw cliErrorOf(error)
  }
}
