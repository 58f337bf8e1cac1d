import { parseDeclaration } from '@ringfence/plan'
import { describe, expect, it } from 'vitest'
import type { CliError } from '../cli-error.js'
import { actorId, actorsOf } from './actor.js'
import { chooseActors } from './choose-actors.js'

const parsed = parseDeclaration({
  file: 'ringfence.yaml',
  nowMs: 0,
  text: `
organization: acme
account: "111122223333"
region: eu-west-1
identityProvider: { saml: sso }
administrators: [role/admin]
members: { ada: {}, mallory: {}, susan: { signIn: federation, email: s@acme.example } }
teams: { research: [ada, mallory, susan], product: [susan] }
datasets: { corpus: {} }
platforms: { training: { kind: sagemaker, reads: [corpus] } }
grants: [{ to: research, can: read, on: corpus }, { to: product, can: train, on: training }]
`,
})
if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics))
const declaration = parsed.value

describe('actorsOf', () => {
  it('is everybody of the file in each of their roles, and outsiders whose names are free', () => {
    expect(actorsOf(declaration).map(actorId)).toEqual([
      'member/ada',
      'member/mallory',
      'member/susan@research',
      'member/susan@product',
      'platform/training',
      'administrator/role/admin',
      'undeclared/mallory-2',
      'stranger/999988887777',
      'anonymous',
    ])
  })
})

function chosen(as?: string): readonly string[] {
  return actorsOf(declaration).filter(chooseActors(declaration, as).only).map(actorId)
}

describe('chooseActors', () => {
  it('is everybody without --as, else one member in all of their roles', () => {
    expect(chosen()).toHaveLength(9)
    expect(chosen('ada')).toEqual(['member/ada'])
    expect(chosen('susan')).toEqual(['member/susan@research', 'member/susan@product'])
  })

  it.each([
    ['adda', 'did you mean --as ada?'],
    ['ADA', 'did you mean --as ada?'],
    ['platform-of-someone', '--as takes one of: ada, mallory, susan'],
  ])('refuses %s with a suggestion', (as, hint) => {
    let refused: unknown
    try {
      chooseActors(declaration, as)
    } catch (error) {
      refused = error
    }
    const error = refused as CliError
    expect([error.code, error.exitCode, error.options.hint]).toEqual(['MEMBER_UNKNOWN', 2, hint])
  })
})
