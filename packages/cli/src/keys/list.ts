import {
  type AccountKey,
  type DeclaredKeys,
  declaredKeys,
  isOverLimit,
  type MemberKey,
  undeclaredKeys,
  works,
} from '@ringfence/lifecycle'
import type { DeployOptions } from '../deploy/options.js'
import { describeStack, printStack } from '../deploy/preview-stack.js'
import { requireStack } from '../deploy/require-stack.js'
import { withSession } from '../deploy/session.js'
import type { DeployWorld } from '../deploy/world.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { type Colors, colorsOf } from '../output/color.js'
import { count } from '../output/diagnostics.js'
import { printable } from '../output/printable.js'
import { age, instant, useWords } from './key-words.js'
import { keysOfStack } from './keys-of-stack.js'

/** Shows the keys of the file and all others of the account. Exits with 7 if one that works is over its limit. */
export async function runKeysList(options: DeployOptions, io: Io, world: DeployWorld): Promise<ExitCode> {
  return withSession(options, io, world, async (session) => {
    requireStack(session)
    const onAws = await world.readAccountKeys(session.target.account)
    const members = declaredKeys(keysOfStack(session), onAws)
    const others = undeclaredKeys(keysOfStack(session), onAws)
    const nowMs = io.nowMs()
    const over = members.flatMap(({ keys, rules }) =>
      keys.filter((key) => works(key) && isOverLimit(key, rules, nowMs)),
    )
    if (options.json) {
      const document = {
        ...describeStack(session),
        members: members.map((one) => describeMember(one, nowMs)),
        undeclared: others.map((key) => ({ user: key.user, ...describeOnAws(key, nowMs) })),
        overLimit: over.length,
      }
      io.stdout.write(`${JSON.stringify(document)}\n`)
    } else {
      const colors = colorsOf(io.stdout)
      io.stdout.write(
        [
          `${printStack(session, colors)}\n\n`,
          ...(members.length === 0 ? ['Nobody has a key by the file.\n'] : []),
          ...members.map((one) => printMember(one, nowMs, colors)),
          printOthers(others, nowMs, colors),
        ].join(''),
      )
    }
    return over.length === 0 ? exitCode.ok : exitCode.unexpectedChanges
  })
}

function printMember({ member, rules, keys }: DeclaredKeys, nowMs: number, colors: Colors): string {
  const limit =
    rules.rotateAfterMs === undefined ? 'no limit of age' : `to rotate after ${age(rules.rotateAfterMs)}`
  const lines = keys.map((key) => {
    const { generation, onAws } = key
    if (onAws === undefined) return `  ${generation}  ${colors.yellow('not on AWS')}\n`
    const old = `${age(nowMs - onAws.createdMs)} old`
    const shown = works(key) && isOverLimit(key, rules, nowMs) ? colors.red(`${old}, over its limit`) : old
    return `  ${generation}  ${onAws.id}  ${onAws.status}, ${shown}, ${useWords(onAws.lastUse)}\n`
  })
  return `${colors.bold(printable(member))}: ${limit}, end at ${rules.until}\n${lines.join('')}`
}

function printOthers(keys: readonly AccountKey[], nowMs: number, colors: Colors): string {
  if (keys.length === 0) return ''
  const lines = keys.map(
    ({ user, id, status, createdMs, lastUse }) =>
      `  ${printable(user)}  ${id}  ${status}, ${age(nowMs - createdMs)} old, ${useWords(lastUse)}\n`,
  )
  return `\n${colors.yellow('Declared by nobody')}: ${count(keys.length, 'key')}\n${lines.join('')}`
}

function describeMember({ member, rules, keys }: DeclaredKeys, nowMs: number) {
  const { until, rotateAfterMs, overlapMs } = rules
  return {
    member,
    until,
    ...(rotateAfterMs === undefined ? {} : { rotateAfterMs }),
    overlapMs,
    keys: keys.map((key) => describeKey(key, isOverLimit(key, rules, nowMs), nowMs)),
  }
}

function describeKey(key: MemberKey, overLimit: boolean, nowMs: number) {
  const { generation, status, inactiveSinceMs, onAws } = key
  return {
    generation,
    ...(onAws === undefined ? { status: 'missing', kept: status } : describeOnAws(onAws, nowMs)),
    ...(inactiveSinceMs === undefined ? {} : { inactiveSince: instant(inactiveSinceMs) }),
    overLimit: works(key) && overLimit,
  }
}

function describeOnAws({ id, status, createdMs, lastUse }: NonNullable<MemberKey['onAws']>, nowMs: number) {
  return {
    id,
    status,
    createdAt: instant(createdMs),
    ageMs: nowMs - createdMs,
    ...(lastUse === undefined
      ? {}
      : { lastUse: { at: instant(lastUse.atMs), service: lastUse.service, region: lastUse.region } }),
  }
}
