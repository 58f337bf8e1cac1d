import type { KeyAnswer, KeyUse } from '@ringfence/lifecycle'
import { count } from '../output/diagnostics.js'
import { printable } from '../output/printable.js'

const dayMs = 86_400_000
const hourMs = 3_600_000

/** `90 days`, `12 hours`: whole ones that are over. */
export function age(ms: number): string {
  return ms < 2 * dayMs ? count(Math.floor(ms / hourMs), 'hour') : count(Math.floor(ms / dayMs), 'day')
}

/** `2030-01-31T00:00:00Z` */
export function instant(timeMs: number): string {
  return new Date(Math.floor(timeMs / 1000) * 1000).toISOString().replace('.000Z', 'Z')
}

/** `last used at 2030-01-31T00:00:00Z by s3 in eu-west-1` */
export function useWords(use: KeyUse | undefined): string {
  if (use === undefined) return 'never used'
  const { atMs, service, region } = use
  const by = service === undefined ? '' : ` for ${printable(service)}`
  return `last used at ${instant(atMs)}${by}${region === undefined ? '' : ` in ${printable(region)}`}`
}

const done = {
  create: 'is made',
  deactivate: 'is deactivated',
  delete: 'is deleted',
  settle: 'is brought to what an earlier update had noted',
} as const

/** What a rotation does next, in a sentence without its subject's name. */
export function answerWords(answer: KeyAnswer): string {
  switch (answer.kind) {
    case 'step':
      return `key ${answer.generation} ${done[answer.change]}`
    case 'wait': {
      const what = answer.next === 'deactivate' ? 'works on; it is deactivated' : 'is inactive; it is deleted'
      return `key ${answer.generation} ${what} from ${instant(answer.untilMs)} on`
    }
    case 'inUse':
      return `key ${answer.generation} is still in use (${useWords(answer.use)}); --force deactivates it all the same`
    case 'noRoom':
      return `there is no room for a new key: the user has ${count(answer.undeclared, 'key')} that nobody declared (ringfence keys list)`
    case 'noWorkingKey':
      return 'every key is revoked; name the member to make a new one'
    case 'nothing':
      return answer.isDue ? 'its key is over its limit; --due rotates it' : 'nothing is due'
  }
}
