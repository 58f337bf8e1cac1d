import { buildPlan, type Declaration, parseDeclaration } from '@ringfence/plan'
import { expect, test } from 'vitest'
import { whatStays } from './what-stays.js'

function declared(...members: readonly string[]): Declaration {
  const parsed = parseDeclaration({
    file: 'ringfence.yaml',
    nowMs: 0,
    text: `organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
members: { ${members.map((name) => `${name}: {}`).join(', ')} }
teams: { research: [${members.join(', ')}] }
datasets: { raw: {} }
grants: [{ to: research, can: read, on: raw }]
`,
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics))
  return parsed.value
}

/** Who is there while an update from one file to another takes away. */
function thereMeanwhile(before: Declaration, after: Declaration): readonly string[] {
  const built = buildPlan(before)
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  return whatStays(after, built.value.access).declaration.members.map(({ name }) => name)
}

test('whoever joins is there, unless the name is still that of somebody who leaves but for its case', () => {
  expect(thereMeanwhile(declared('ada', 'bob'), declared('bob', 'grace'))).toEqual(['bob', 'grace'])
  expect(thereMeanwhile(declared('ada', 'bob'), declared('Ada', 'bob'))).toEqual(['bob'])
  expect(thereMeanwhile(declared('Ada', 'bob'), declared('Ada', 'bob'))).toEqual(['Ada', 'bob'])
})
