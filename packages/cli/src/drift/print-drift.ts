import type { Aspect, Difference } from '@ringfence/lifecycle'
import type { Colors } from '../output/color.js'
import { count } from '../output/diagnostics.js'
import { printable } from '../output/printable.js'
import type { Makers } from './read-events.js'

const words: Readonly<Record<Aspect, string>> = {
  exists: 'the whole of it',
  path: 'path',
  description: 'description',
  tag: 'tag',
  boundary: 'permissions boundary',
  attachment: 'attached policy',
  inlinePolicy: 'inline policy',
  group: 'membership in',
  accessKey: 'access key',
  password: 'password',
  sshKey: 'SSH public key',
  serviceCredential: 'service-specific credential',
  signingCertificate: 'signing certificate',
  trust: 'trust policy',
  sessionDuration: 'longest session, in seconds',
  instanceProfile: 'instance profile',
  document: 'policy',
  version: 'value labelled',
  target: 'attachment to',
  accessBlock: 'public access block',
  ownership: 'object ownership',
  encryption: 'encryption',
  versioning: 'versioning',
  lifecycle: 'lifecycle rules',
  replication: 'replication',
  website: 'website',
  enabled: 'enabled',
  rotation: 'rotation',
  keyGrant: 'grant of the key',
}

/** Each thing with what differs in it, and who made that. */
export function printDrift(differences: readonly Difference[], makers: Makers, colors: Colors): string {
  if (differences.length === 0) return `${colors.bold('Drift')}: none\n`
  const lines: string[] = []
  let last = ''
  for (const difference of differences) {
    const { thing } = difference
    if (thing !== last) lines.push(`  ${colors.bold(printable(thing.replace('/', ' ')))}`)
    last = thing
    lines.push(`    ${printDifference(difference, colors)}`)
    const maker = makers.of.get(difference)
    if (maker !== undefined) {
      const from = maker.from === undefined ? '' : ` from ${printable(maker.from)}`
      lines.push(`      ${maker.event} by ${printable(maker.by)} at ${maker.at}${from}`)
    }
  }
  const note = makers.note === undefined ? '' : `${colors.yellow('note')}: ${makers.note}\n`
  return (
    `${colors.bold('Drift')}: ${count(differences.length, 'difference')}: ` +
    `nobody declared it (+), missing (-), changed (~)\n${lines.map((line) => `${line}\n`).join('')}${note}`
  )
}

function printDifference(difference: Difference, colors: Colors): string {
  const { change, aspect, name, declared, found, recorded } = difference
  const sign = { undeclared: colors.red('+'), missing: colors.red('-'), changed: colors.yellow('~') }[change]
  const which = name === undefined || name === '' ? '' : ` ${printable(name)}`
  const values =
    change === 'changed' && isShort(declared) && isShort(found)
      ? `: ${printable(found ?? '')} instead of ${printable(declared ?? '')}`
      : ''
  const noted =
    recorded === 'asFound'
      ? " (so in the stack's state: the file has changed since `up`, or `refresh` noted it)"
      : ''
  return `${sign} ${words[aspect]}${which}${values}${noted}`
}

/** Documents are no help in one line; `--json` has them. */
function isShort(value: string | undefined): boolean {
  return value !== undefined && value.length <= 100 && !value.startsWith('{')
}

/** For `--json`. */
export function describeDifference(difference: Difference, makers: Makers) {
  const maker = makers.of.get(difference)
  return { ...difference, ...(maker === undefined ? {} : { made: maker }) }
}
