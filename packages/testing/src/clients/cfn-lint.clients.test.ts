import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportPlan, type Plan } from '@ringfence/plan'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportedPlans } from '../export/exported-plans.js'

// AWS's own linter, with its schemas of all resource types, over every template that ringfence exports here.
const linter = join(import.meta.dirname, '../../../../.ringfence/clients/bin/cfn-lint')

let folder: string
beforeAll(() => {
  if (!existsSync(linter)) throw new Error('cfn-lint is not installed.\nTry: bash scripts/install-clients.sh')
  folder = mkdtempSync(join(tmpdir(), 'ringfence-cfn-lint-'))
  mkdirSync(join(folder, 'home'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Match {
  readonly Filename: string
  readonly Rule: { readonly Id: string }
  readonly Level: string
  readonly Message: string
}

/**
 * Everything that cfn-lint finds in each template, informational matches too; it reads no configuration of the
 * surroundings. One run for all of them: most of a run is reading the schemas.
 */
function lint(templates: readonly string[]): readonly (readonly string[])[] {
  const files = templates.map((_, index) => join(folder, `${index}.json`))
  for (const [index, file] of files.entries()) writeFileSync(file, templates[index]!)
  const { stdout, stderr, error } = spawnSync(
    linter,
    ['--format', 'json', '--include-checks', 'I', '--regions', 'eu-west-1', '--template', ...files],
    {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', HOME: join(folder, 'home') },
      timeout: 300_000,
    },
  )
  if (error !== undefined) throw error
  if (stdout.trim() === '') throw new Error(`cfn-lint said nothing\n${stderr}`)
  const matches = JSON.parse(stdout) as readonly Match[]
  return files.map((file) =>
    matches
      .filter(({ Filename }) => Filename === file)
      .map(({ Rule, Message }) => `${Rule.Id} ${Message.slice(0, 200)}`),
  )
}

function templateOf(plan: Plan): string {
  const exported = exportPlan(plan, 'cloudformation')
  if (!exported.ok) throw new Error(JSON.stringify(exported.diagnostics))
  return exported.value
}

const [, sample] = exportedPlans().find(([name]) => name.startsWith('seed-3-')) ?? expect.fail('no seed 3')
const mistakes: readonly (readonly [string, RegExp, (template: string) => string])[] = [
  ['an unknown property', /^E3002 /, (text) => text.replace('"BucketName"', '"BucketNam"')],
  ['an unknown type', /^E3006 /, (text) => text.replace('"AWS::S3::Bucket"', '"AWS::S3::Bukket"')],
  ['a wrong value', /^E3030 /, (text) => text.replace('"BucketOwnerEnforced"', '"Nobody"')],
  ['a missing property', /^E3003 /, (text) => text.replace('"AssumeRolePolicyDocument"', '"Description2"')],
  ['a dependency that is not there', /^E3005 /, (text) => text.replace(/"DependsOn":\["/, '$&X')],
  [
    'a rule about nothing',
    /^E(1701|1020|1722) /,
    (text) => text.replace('"AWS::AccountId"', '"AWS::Acount"'),
  ],
]

test('finds nothing in any template, informational matches included', () => {
  const plans = exportedPlans()
  const found = lint(plans.map(([, plan]) => templateOf(plan)))
  expect(Object.fromEntries(plans.map(([name], index) => [name, found[index]]))).toEqual(
    Object.fromEntries(plans.map(([name]) => [name, []])),
  )
})

test('finds a mistake of each kind', () => {
  const template = templateOf(sample)
  const spoilt = mistakes.map(([, , spoil]) => spoil(template))
  const found = lint(spoilt)
  for (const [index, [name, expected]] of mistakes.entries()) {
    expect(spoilt[index], name).not.toBe(template)
    expect(found[index], name).toContainEqual(expect.stringMatching(expected))
  }
})
