import type { Path } from './locator.js'
import { describeStrangeCharacter } from './characters.js'
import type { Reporter } from './reporter.js'
import { show } from './secrets.js'

/** S3 keys have at most 1,024 bytes (S3 User Guide, "Naming objects"); a prefix leaves room for a name. */
const maxPrefixLength = 512

/** Checks a key prefix; `''` (everything) when none is given, undefined after an error. */
export function checkPrefix(under: string | undefined, path: Path, reporter: Reporter): string | undefined {
  if (under === undefined) return ''
  const wrong = problemOf(under)
  if (wrong === undefined) return under
  const fixed = `${under.replaceAll(/[*?]/g, '').replace(/^\/+/, '').replace(/\/*$/, '')}/`
  reporter.error('PREFIX_INVALID', path, `the prefix ${show(under)} ${wrong}`, {
    hint: hintFor(under, fixed),
  })
  return undefined
}

function hintFor(under: string, fixed: string): string {
  if (/^\/*$/.test(under)) return 'Leave "under" out to mean the whole store.'
  return fixed !== '/' && problemOf(fixed) === undefined
    ? `Write "${fixed}".`
    : 'Write one of plain letters, digits and marks such as "-" and "_" that ends in "/": "raw/".'
}

function problemOf(under: string): string | undefined {
  if (under === '') return 'is empty'
  const strange = describeStrangeCharacter(under)
  if (strange !== undefined) return `contains ${strange}`
  const special = /[*?$"\\{}]/.exec(under)
  if (special !== null) return `contains "${special[0]}", which means something else in a policy`
  if (under.startsWith('/')) return 'starts with "/", and keys do not'
  if (under.split('/').includes('..') || under.split('/').includes('.'))
    return 'contains "." or ".." as a step, which S3 takes literally'
  if (under.includes('//')) return 'contains an empty step ("//")'
  if (!under.endsWith('/'))
    return 'does not end in "/", so it would also cover other names that start with it'
  if (under.length > maxPrefixLength) return `has ${under.length} characters, more than ${maxPrefixLength}`
  return undefined
}
