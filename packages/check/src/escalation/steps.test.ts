import { readFileSync } from 'node:fs'
import { loadActionCatalogue } from '@ringfence/policy'
import { describe, expect, it } from 'vitest'
import type { SignInStep, Step } from './step.js'
import { allActions, publicPaths, steps } from './steps.js'
import { combinations } from './steps-on-iam.js'

const page = readFileSync(new URL('../../../../docs/escalation.md', import.meta.url), 'utf8')
const catalogue = await loadActionCatalogue()

function code(texts: readonly string[]): string {
  return texts.map((text) => `\`${text}\``).join(', ')
}

/** However wide the columns are. */
function normal(row: string): string {
  return row.replaceAll(/ +/g, ' ')
}

function isKnown(action: string): boolean {
  const [service = '', name = ''] = action.split(':')
  return catalogue.groups(service).some(({ names }) => names.includes(name))
}

/** The row of the page about a step. */
function rowOf(step: Step): string {
  const pass = step.kind === 'passRole' ? ['iam:PassRole'] : []
  const actions = [...new Set([...pass, ...step.asks.map(({ action }) => action)])]
  return `| ${code([step.id])} | ${step.publicIds.join(', ')} | ${code(actions)} | ${needsOf(step)} |`
}

function needsOf(step: Step): string {
  if (step.kind === 'become') return step.needs === undefined ? '' : becoming[step.needs]
  if (step.kind === 'signIn') return signingIn(step)
  if (step.kind !== 'passRole' && step.kind !== 'takeOver') return ''
  const services = step.services.map((service) => `\`${service.replace('.amazonaws.com', '')}\``)
  const trust =
    services.length === 0
      ? 'a role that trusts any other service'
      : `a role that trusts ${services.join(' or ')}`
  const profile = step.instanceProfile === true ? ['an instance profile with it'] : []
  const other =
    step.kind === 'passRole' && step.otherProfile === true ? ['an instance profile with another role'] : []
  const through =
    step.kind === 'passRole' && step.through === true
      ? ['a role that it may assume, which is what one becomes']
      : []
  const thing = step.thing === undefined ? [] : [step.thing.replace('{target}', 'it')]
  return [trust, ...profile, ...other, ...through, ...thing].join('; ')
}

const becoming = {
  freeKey: 'a user with fewer than two access keys',
  noFreeKey: 'a user with two access keys',
  loginProfile: 'a user with a password',
  noLoginProfile: 'a user without a password',
}

function signingIn({ makes, newAudience, provider, thing }: SignInStep): string {
  const there =
    makes === true
      ? 'that the role trusts and that is not there'
      : `of the account that the role trusts${newAudience === true ? ' with any audience' : ''}`
  const words = thing === undefined ? [] : [thing.replace('{host}', 'it').replace('{target}', 'the role')]
  return [`${provider === 'saml' ? 'a SAML' : 'an OIDC'} provider ${there}`, ...words].join('; ')
}

describe('docs/escalation.md', () => {
  it('has a row for each step, and no other', () => {
    const rows = page.split('\n').filter((line) => /^\| `[a-z]/.test(line))
    expect(rows.map(normal)).toEqual(steps.map(rowOf).map(normal))
  })

  it('names the public paths that are two steps', () => {
    for (const { publicId, steps: ids } of combinations)
      expect(page).toContain(`${publicId}: ${ids.map((id) => `\`${id}\``).join(' and ')}`)
  })

  it('says how many paths there are, and of which day', () => {
    expect(page).toContain(`${publicPaths.count} paths of ${publicPaths.list}, as of ${publicPaths.asOf}`)
  })
})

describe('the table of steps', () => {
  it('asks for actions that AWS has', () => {
    expect(allActions.filter((action) => !isKnown(action))).toEqual([])
  })

  it('calls each step by a name of its own', () => {
    expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length)
  })
})
