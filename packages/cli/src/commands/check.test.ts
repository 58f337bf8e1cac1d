import { checkPlan, namesOf } from '@ringfence/check'
import type { Plan, PolicyStatement } from '@ringfence/plan'
import { loadActionCatalogue } from '@ringfence/policy'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CheckResult } from '../check/report.js'
import { printCheck } from '../check/report.js'
import { printCheckJson } from '../check/report-json.js'
import { exitCode } from '../exit-code.js'
import { golden } from '../golden.js'
import { memoryIo } from '../memory-io.js'
import { colorsOf } from '../output/color.js'
import { loadPlan } from '../plan-file.js'
import { run } from '../run.js'

const examples = join(import.meta.dirname, '../../../../examples')
const acme = join('acme-ai', 'ringfence.yaml')

const check = async (...args: string[]) => {
  const io = memoryIo({ cwd: examples })
  const code = await run(['check', ...args], io)
  return { code, ...io.written }
}

/** The example with statements of its policies changed, by `ID Sid`. */
async function checkChanged(
  changes: Readonly<Record<string, Partial<PolicyStatement>>>,
): Promise<CheckResult & { readonly sources: ReadonlyMap<string, string> }> {
  const loaded = await loadPlan(acme, memoryIo({ cwd: examples }))
  if (!loaded.ok) throw new Error('the example is wrong')
  const { declaration, plan, sources } = loaded
  const left = new Set(Object.keys(changes))
  const resources = plan.resources.map((resource): Plan['resources'][number] => {
    if (!('policy' in resource)) return resource
    const Statement = resource.policy.Statement.map((statement) => {
      const key = `${resource.id} ${statement.Sid}`
      return left.delete(key) ? { ...statement, ...changes[key] } : statement
    })
    return { ...resource, policy: { ...resource.policy, Statement } }
  })
  expect([...left]).toEqual([])
  const catalogue = await loadActionCatalogue()
  const { account, findings } = checkPlan(declaration, { ...plan, resources }, { catalogue })
  return { findings, names: namesOf(account, 'file'), region: plan.region, sources }
}

const broken = {
  'dataset/web-crawl/bucket-policy TlsOnly': { Action: 's3:PutObject' },
  'dataset/annotations/bucket-policy WritersOnly': {
    Condition: {
      StringNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:user/ringfence/acme/mary' },
    },
  },
  'dataset/feedback/bucket-policy ReadersOnly': {
    Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:user/*' } },
  },
}

describe('check', () => {
  it('proves everything of the example', async () => {
    const { code, stderr, stdout } = await check(acme)
    expect(code).toBe(exitCode.ok)
    expect(stderr).toBe('')
    expect(stdout).toBe(golden('check-acme-ai.txt', stdout))
    expect(stdout).toMatch(/ok: \d+ guarantees, all proved for every request\n$/)
  })

  it('says how a folder is checked', async () => {
    const { code, stderr } = await check('acme-ai')
    expect([code, stderr]).toEqual([exitCode.usage, expect.stringContaining('or put --account before it')])
  })

  it('tells on stderr, or in the document, what it does not prove', async () => {
    const file = acme.replace('acme-ai', 'seed-3-training-platform-access')
    const { code, stderr } = await check(file)
    expect(code).toBe(exitCode.ok)
    expect(stderr).toBe(golden('check-seed-3-not-proved.txt', stderr))
    const { notProved } = JSON.parse((await check('--json', file)).stdout) as { readonly notProved: string[] }
    expect(notProved.map((note) => `not proved: ${note}\n`).join('')).toBe(stderr)
  })

  it('prints one JSON document', async () => {
    const { code, stdout } = await check('--json', acme)
    const { counts, findings, formatVersion, notProved, organization } = JSON.parse(stdout) as {
      readonly formatVersion: number
      readonly notProved: readonly string[]
      readonly organization: string
      readonly counts: Readonly<Record<string, number>>
      readonly findings: readonly { readonly proof: string; readonly declaredAt: readonly object[] }[]
    }
    expect({ code, formatVersion, organization }).toEqual({ code: 0, formatVersion: 1, organization: 'acme' })
    expect(notProved).toEqual([])
    expect(counts).toEqual({ proved: findings.length, refuted: 0, unknown: 0 })
    expect(findings.every(({ declaredAt, proof }) => proof === 'proved' && declaredAt.length > 0)).toBe(true)
  })

  it('tells what does not hold with the request, the command that sends it and the line', async () => {
    const { sources, ...result } = await checkChanged(broken)
    const text = printCheck(result, sources, colorsOf(memoryIo().stdout))
    expect(text).toBe(golden('check-refuted.txt', text))
    expect(text).toContain(
      'a user of the account who is not in the file, with any policy that allows s3:GetObject',
    )
    expect(text).toContain('member edgar cannot write annotations/raw/')
  })

  it('tells the same to programs', async () => {
    const { sources: _, ...result } = await checkChanged(broken)
    const { counts, findings } = JSON.parse(printCheckJson('acme', result, [])) as {
      readonly counts: { readonly refuted: number }
      readonly findings: readonly { readonly proof: string; readonly [key: string]: unknown }[]
    }
    const refuted = findings.filter(({ proof }) => proof === 'refuted')
    expect(refuted).toHaveLength(counts.refuted)
    for (const one of refuted)
      expect(one).toMatchObject({
        sentence: expect.any(String),
        expected: expect.any(String),
        request: { action: expect.any(String) },
        decision: expect.any(String),
      })
  })

  it('refuses a file that is not there', async () => {
    const { code, stderr } = await check('none.yaml')
    expect(code).toBe(exitCode.usage)
    expect(stderr).toContain('none.yaml')
  })
})
