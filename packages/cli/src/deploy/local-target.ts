import type { LocalAws, LocalCredentials } from '@ringfence/local'
import type { Plan } from '@ringfence/plan'
import { rm, writeFile } from 'node:fs/promises'
import { CliError } from '../cli-error.js'
import type { StartLocalAws } from '../commands/local.js'
import type { Io } from '../io.js'
import { clientSettings } from './aws-access.js'
import { administratorsOf } from './check-caller.js'
import { type LocalFolder, openLocalFolder } from './local-folder.js'
import type { Target } from './target.js'

/** The profile of the local management account, in the file that Pulumi's provider reads. */
const management = 'management'

/** Whose environment decides, and where the folder of a stack is. */
export interface LocalStack {
  readonly file: string
  readonly stack: string
  /** The backend that Pulumi's own settings name, if they name one. */
  readonly backend: string | undefined
}

/** What of Pulumi's own settings is missing, from the stack's folder: a backend in it, a passphrase of its own. */
export async function localEnvironment(
  folder: LocalFolder,
  backend: string | undefined,
  env: Io['env'],
): Promise<Readonly<Record<string, string>>> {
  const passphrase =
    env['PULUMI_CONFIG_PASSPHRASE'] !== undefined || env['PULUMI_CONFIG_PASSPHRASE_FILE'] !== undefined
  return {
    ...(backend === undefined ? { PULUMI_BACKEND_URL: `file://${folder.state}` } : {}),
    ...(passphrase ? {} : { PULUMI_CONFIG_PASSPHRASE_FILE: folder.passphrase }),
  }
}

/**
 * Starts the local AWS of a stack, with all that it held before, makes what the plan relies on, and signs in as an
 * administrator of the file. Pulumi's provider gets its credentials by a file that is gone afterwards.
 */
export async function openLocalTarget(
  { file, stack, backend }: LocalStack,
  plan: Plan,
  io: Io,
  start: StartLocalAws,
): Promise<Target> {
  const folder = await openLocalFolder(file, stack, io.cwd)
  const aws = await startLocal(folder, plan, io, start)
  let signedIn: LocalCredentials | undefined
  const close = async (): Promise<void> => {
    await rm(folder.credentials, { force: true })
    if (signedIn !== undefined) await signOut(aws, signedIn)
    await aws.close()
  }
  try {
    await aws.loadExternal(plan)
    const administrator = await signIn(aws, plan)
    signedIn = administrator
    const { identityCenter } = plan
    // Also where the plan has nothing for it: what an earlier one had is deleted by the profile that made it.
    const manager = await aws.addManagementAccount()
    const profiles = [printProfile('default', administrator), printProfile(management, manager)]
    await writeFile(folder.credentials, profiles.join('\n'), { mode: 0o600 })
    const { region, endpoint } = aws
    return {
      env: { ...(await localEnvironment(folder, backend, io.env)), ...credentialsFrom(folder, io.env) },
      program: {
        endpoint,
        managementProfile: management,
        identityCenterProfile: management,
      },
      account: { region, endpoint, credentials: administrator },
      management: { region, endpoint, credentials: manager },
      ...(identityCenter === undefined
        ? {}
        : { identityCenter: { region: identityCenter.region, endpoint, credentials: manager } }),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function startLocal(folder: LocalFolder, plan: Plan, io: Io, start: StartLocalAws): Promise<LocalAws> {
  const { account, region } = plan
  try {
    return await start({ account, region, ...folder.ports, dataDir: folder.data, nowMs: io.nowMs })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall !== 'listen') throw cause
    throw new CliError(
      'PORT_NOT_AVAILABLE',
      `port ${folder.ports.port}, on which the local AWS of this stack answers, is in use`,
      { hint: 'wait for the other command on this stack to end, or end what uses the port', cause },
    )
  }
}

/** Credentials of the first administrator of the file. */
async function signIn(aws: LocalAws, plan: Plan): Promise<LocalCredentials> {
  const [administrator] = administratorsOf(plan)
  if (administrator === undefined) throw new Error('every declared file has an administrator')
  if (administrator.kind === 'user') return aws.issueUserKey(administrator.name)
  return aws.issueRoleSession({
    roleArn: administrator.arn,
    sessionName: 'ringfence',
    principal: `arn:aws:iam::${plan.account}:root`,
    action: 'sts:AssumeRole',
  })
}

/** A user has two keys at most, so that each command gives its own back; a session ends by itself. */
async function signOut(aws: LocalAws, credentials: LocalCredentials): Promise<void> {
  if (credentials.sessionToken !== undefined) return
  const { DeleteAccessKeyCommand, IAMClient } = await import('@aws-sdk/client-iam')
  const { region, endpoint } = aws
  const client = new IAMClient(clientSettings({ region, endpoint, credentials }))
  await client.send(new DeleteAccessKeyCommand({ AccessKeyId: credentials.accessKeyId }))
  client.destroy()
}

function printProfile(name: string, credentials: LocalCredentials): string {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  return [
    `[${name}]`,
    `aws_access_key_id = ${accessKeyId}`,
    `aws_secret_access_key = ${secretAccessKey}`,
    ...(sessionToken === undefined ? [] : [`aws_session_token = ${sessionToken}`]),
    '',
  ].join('\n')
}

/** Nothing of AWS but the file: whatever else the environment says of AWS is of another account. */
function credentialsFrom(folder: LocalFolder, env: Io['env']): Readonly<Record<string, string | undefined>> {
  const others = Object.keys(env).filter((name) => name.startsWith('AWS_'))
  return {
    ...Object.fromEntries(others.map((name) => [name, undefined])),
    AWS_SHARED_CREDENTIALS_FILE: folder.credentials,
    AWS_CONFIG_FILE: folder.config,
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}
