import type { Command } from 'commander'
import type { CommandContext } from '../command.js'
import {
  addProfileOptions,
  addStackOptions,
  type DeployOptions,
  type StackOptions,
} from '../deploy/options.js'
import { realWorld } from '../deploy/world.js'
import type { RevokeOptions } from '../keys/revoke.js'
import type { RotateOptions } from '../keys/rotate.js'
import type { ShowOptions } from '../keys/show.js'

/** Adds the commands under `keys`, each with arguments, options and action of its own. */
export function register(command: Command, context: CommandContext): void {
  const { io, done } = context
  addProfileOptions(
    addStackOptions(
      command.command('list').description('show every access key: its age, limit and last use'),
      'print the keys as JSON',
    ),
  ).action(async (file: string, options: Omit<DeployOptions, 'file'>) => {
    const { runKeysList } = await import('../keys/list.js')
    done(await runKeysList({ file, ...options }, io, realWorld))
  })
  addProfileOptions(
    addStackOptions(
      command.command('rotate').description('do the next step of rotations that is due'),
      'print what was done as JSON',
    ),
  )
    .argument('[member...]', 'begin or go on with the rotation of these; of nobody else')
    .option('--due', 'begin the rotation of every key that is over its limit', false)
    .option('--force', 'deactivate an old key that is still used', false)
    .option('--yes', 'do not ask; needed where there is no terminal', false)
    .action(async (file: string, members: string[], options: Omit<RotateOptions, 'file' | 'members'>) => {
      const { runKeysRotate } = await import('../keys/rotate.js')
      done(await runKeysRotate({ file, members, ...options }, io, realWorld))
    })
  addProfileOptions(
    addStackOptions(
      command.command('revoke').description('deactivate the keys of a member at once'),
      'print what was done as JSON',
    ),
  )
    .argument('<member>', 'whose keys')
    .argument('[key]', 'the id of one key; default: all keys of the member')
    .option('--yes', 'do not ask; needed where there is no terminal', false)
    .action(
      async (
        file: string,
        member: string,
        key: string | undefined,
        options: Omit<RevokeOptions, 'file' | 'member' | 'key'>,
      ) => {
        const { runKeysRevoke } = await import('../keys/revoke.js')
        done(
          await runKeysRevoke(
            { file, member, ...(key === undefined ? {} : { key }), ...options },
            io,
            realWorld,
          ),
        )
      },
    )
  addStackOptions(
    command.command('show').description('hand out the keys of a member'),
    'print the keys as JSON',
  )
    .argument('<member>', 'whose keys')
    .action(async (file: string, member: string, options: Omit<StackOptions, 'file'>) => {
      const { runKeysShow } = await import('../keys/show.js')
      done(await runKeysShow({ file, member, ...options } satisfies ShowOptions, io, realWorld))
    })
}
