import { describe, expect, it } from 'vitest'
import { parseDeclaration } from '@ringfence/plan'
import { notProvedOf } from './not-proved.js'

const head = `organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
members: { ada: {} }
teams: { research: [ada] }
`
const platform = 'platforms: { training: { kind: sagemaker } }\n'

function notesOf(rest: string): readonly string[] {
  const result = parseDeclaration({ file: 'acme.yaml', text: head + rest, nowMs: 0 })
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return notProvedOf(result.value)
}

describe('what a check leaves unsaid', () => {
  it('is about people who write IAM, without a guardrail', () => {
    expect(notesOf('')).toEqual([expect.stringContaining('may write IAM')])
    expect(notesOf('guardrail: serviceControlPolicy\n')).toEqual([])
  })

  it('names the platforms, without a guardrail', () => {
    expect(notesOf(platform)).toEqual([
      expect.stringMatching(/^Jobs and endpoints of the platform training are not fenced/),
      expect.stringContaining('may write IAM'),
    ])
    expect(notesOf(`${platform}guardrail: serviceControlPolicy\n`)).toEqual([])
  })
})
