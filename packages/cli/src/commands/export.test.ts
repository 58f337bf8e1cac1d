import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportTargets } from '@ringfence/plan'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCode } from '../exit-code.js'
import { memoryIo, type MemoryIoOptions } from '../memory-io.js'
import { run } from '../run.js'
import { printStartingFile } from '../starting-file.js'

const nowMs = () => Date.UTC(2026, 0, 1)
const full = printStartingFile(nowMs())
const people = Array.from({ length: 501 }, (_, index) => `m${index}`)
const large = `organization: acme
account: '111122223333'
region: eu-west-1
administrators: [role/platform-admin]
members: {${people.map((name) => `${name}: {}`).join(', ')}}
teams: {all: [${people.join(', ')}]}
datasets: {d: {}}
grants: [{to: all, can: read, on: d}]
`

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-export-'))
  writeFileSync(join(folder, 'ringfence.yaml'), full)
  writeFileSync(join(folder, 'wrong.yaml'), full.replace('[ada]', '[adda]'))
  writeFileSync(join(folder, 'large.yaml'), large)
})
afterAll(() => rmSync(folder, { recursive: true }))

const ringfence = async (argv: readonly string[], options: MemoryIoOptions = {}) => {
  const io = memoryIo({ cwd: folder, nowMs, ...options })
  return { code: await run(argv, io), ...io.written }
}

describe('export', () => {
  it('prints a CloudFormation template on stdout, and on stderr what it cannot hold', async () => {
    const { code, stdout, stderr } = await ringfence(['export', '--to', 'cloudformation', 'ringfence.yaml'])
    expect(code).toBe(exitCode.ok)
    expect(JSON.parse(stdout)).toMatchObject({ AWSTemplateFormatVersion: '2010-09-09' })
    expect(stderr).toMatch(/^ringfence\.yaml:\d+:\d+: warning\[EXPORT_LEFT_OUT\]: CloudFormation has no /m)
    expect(stderr).toMatch(/^ {2}Try: aws s3control put-public-access-block --account-id 111122223333 /m)
    expect(stderr).toMatch(/\n\d warnings\n$/)
  })

  it('prints a Terraform configuration on stdout', async () => {
    const { code, stdout } = await ringfence(['export', 'ringfence.yaml', '--to', 'terraform'])
    expect(code).toBe(exitCode.ok)
    expect(JSON.parse(stdout)).toMatchObject({ terraform: expect.anything(), resource: expect.anything() })
  })

  it.each(exportTargets)('prints the same for %s each time', async (target) => {
    const argv = ['export', '--to', target, 'ringfence.yaml']
    expect(await ringfence(argv)).toEqual(await ringfence(argv))
  })

  it('knows the targets of the plan package, and no others', async () => {
    const { code, stderr } = await ringfence(['export', '--to', 'bicep', 'ringfence.yaml'])
    expect(code).toBe(exitCode.usage)
    expect(stderr).toContain(`Allowed choices are ${exportTargets.join(', ')}.`)
    expect((await ringfence(['export', 'ringfence.yaml'])).code).toBe(exitCode.usage)
  })

  it('tells mistakes on stderr, and prints nothing', async () => {
    const { code, stdout, stderr } = await ringfence(['export', '--to', 'terraform', 'wrong.yaml'])
    expect([code, stdout]).toEqual([exitCode.usage, ''])
    expect(stderr).toMatch(/^wrong\.yaml:\d+:\d+: error\[NAME_UNKNOWN\]: /m)
  })

  it('prints nothing of what does not fit into a template', async () => {
    const { code, stdout, stderr } = await ringfence(['export', '--to', 'cloudformation', 'large.yaml'])
    expect([code, stdout]).toEqual([exitCode.usage, ''])
    expect(stderr).toMatch(/^error\[EXPORT_TOO_LARGE\]: the template would have \d+ resources; /m)
    expect((await ringfence(['export', '--to', 'terraform', 'large.yaml'])).code).toBe(exitCode.ok)
  })
})
