import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { root, writeCommand } from './document-snippets.js'

// The workflows of examples/ci are read as YAML, and each step that calls ringfence is run as it stands, by bash, with the
// real command, in a repository with an example's file: so no command, option or exit code in them is wrong.
interface Step {
  readonly name?: string
  readonly uses?: string
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
}
interface Workflow {
  readonly permissions: object
  readonly jobs: Readonly<Record<string, Job>>
}
interface GitlabJob {
  readonly script: readonly string[]
}

const ci = join(root, 'examples/ci')
const workflow = parse(readFileSync(join(ci, '.github/workflows/ringfence.yml'), 'utf8')) as Workflow
const gitlab = parse(readFileSync(join(ci, '.gitlab-ci.yml'), 'utf8')) as Readonly<Record<string, unknown>>
const gitlabJobs = ['review', 'new-access', 'comment', 'up', 'expiring'] as const

let folder: string
let base: string
const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.example', ...args], {
    cwd: folder,
    encoding: 'utf8',
  }).trim()

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-ci-'))
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  writeCommand(bin)
  // What `npx` does once the lock file is installed.
  writeFileSync(join(bin, 'npx'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 })
  copyFileSync(
    join(root, 'examples/seed-1-user-data-segregation/ringfence.yaml'),
    join(folder, 'ringfence.yaml'),
  )
  git('init', '-q', '-b', 'main')
  git('add', 'ringfence.yaml')
  git('commit', '-q', '-m', 'one')
  base = git('rev-parse', 'HEAD')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a script as a runner does, in an environment without any credentials. */
function runScript(script: string, env: Readonly<Record<string, string>> = {}) {
  const path = `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`
  return spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: path,
      HOME: folder,
      NO_COLOR: '1',
      AWS_EC2_METADATA_DISABLED: 'true',
      GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
      GITHUB_OUTPUT: join(folder, 'output'),
      ...env,
    },
  })
}

const ofGithub: Readonly<Record<string, () => string>> = {
  'github.event.pull_request.base.sha': () => base,
  'vars.PULUMI_BACKEND_URL': () => `file://${folder}`,
  'vars.PULUMI_SECRETS_PROVIDER': () => 'passphrase',
}

/** A text where the runner puts in what it knows. */
function fill(text: string): string {
  return text.replaceAll(/\$\{\{\s*([^}]+?)\s*\}\}/g, (_, name: string) => {
    const value = ofGithub[name]
    if (value === undefined) throw new Error(`the test knows nothing of ${name}`)
    return value()
  })
}

function filled(env: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([key, value]) => [key, fill(value)]))
}

/** The step of a job that calls a command of ringfence. */
function runStep(job: string, command: string) {
  const { env, steps } = workflow.jobs[job]!
  const found = steps.filter(({ run }) => run?.includes(`npx ringfence ${command} `))
  expect(found, `${job}: ${command}`).toHaveLength(1)
  return runScript(found[0]!.run!, { ...filled(env), ...filled(found[0]!.env) })
}

/** The lines of a job that call ringfence. */
function runGitlab(job: string, command: string, env: Readonly<Record<string, string>> = {}) {
  const { script } = gitlab[job] as GitlabJob
  const found = script.filter((line) => line.includes(`npx ringfence ${command} `))
  expect(found, `${job}: ${command}`).toHaveLength(1)
  return runScript(found[0]!, { CI_MERGE_REQUEST_DIFF_BASE_SHA: base, ...env })
}

/** Without credentials, or without Pulumi, `up` ends there: the command line is right. */
function expectStopped({
  status,
  stderr,
}: {
  readonly status: number | null
  readonly stderr: string
}): void {
  expect(stderr).toMatch(/CREDENTIALS_|PULUMI_NOT_FOUND|PLUGIN_NOT_FOUND|AWS_NOT_REACHABLE/)
  expect([1, 3]).toContain(status)
}

/** A file in which somebody gains something. */
function widen(): void {
  const path = join(folder, 'ringfence.yaml')
  const text = readFileSync(path, 'utf8')
  const wider = text.replace(/can: (?:read\b|\[read[^\]]*\])/, 'can: [read, write, delete]')
  expect(wider).not.toBe(text)
  writeFileSync(path, wider)
}

const restore = (): string => git('checkout', '-q', 'ringfence.yaml')

describe('the workflow of GitHub', () => {
  it('pins every action, and gives each job no more than it needs', () => {
    const uses = Object.values(workflow.jobs).flatMap(({ steps }) => steps.flatMap((step) => step.uses ?? []))
    expect(uses.length).toBeGreaterThan(8)
    for (const one of uses) expect(one).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/)
    expect(workflow.permissions).toEqual({})
    expect(
      Object.fromEntries(Object.entries(workflow.jobs).map(([name, job]) => [name, job.permissions])),
    ).toEqual({
      review: { contents: 'read' },
      'new-access': { 'pull-requests': 'read', statuses: 'write' },
      comment: { 'pull-requests': 'write' },
      up: { contents: 'read', 'id-token': 'write' },
      expiring: { contents: 'read' },
    })
    // No secret but the token of the run, so no long-lived key; and nothing that somebody else writes in a script.
    const text = readFileSync(join(ci, '.github/workflows/ringfence.yml'), 'utf8')
    expect(text).not.toMatch(/secrets\.|aws-access-key|AKIA/)
    for (const { steps } of Object.values(workflow.jobs))
      for (const { run = '' } of steps) expect(run).not.toContain('${{')
  })

  it('knows every call of ringfence that is tested here', () => {
    const calls = Object.entries(workflow.jobs).flatMap(([job, { steps }]) =>
      steps.flatMap(({ run = '' }) =>
        [...run.matchAll(/npx ringfence (\S+)/g)].map((match) => `${job} ${match[1]}`),
      ),
    )
    expect(calls).toEqual(['review fmt', 'review check', 'review diff', 'up up', 'expiring expiring'])
  })

  it('lets a file through whose promises are proved', () => {
    for (const command of ['fmt', 'check']) expect(runStep('review', command).status).toBe(0)
  }, 240_000)

  it('tells who gains, and that it takes an approval', () => {
    rmSync(join(folder, 'output'), { force: true })
    expect(runStep('review', 'diff').status).toBe(0)
    expect(readFileSync(join(folder, 'output'), 'utf8')).toBe('code=0\n')
    widen()
    try {
      expect(runStep('review', 'diff').status).toBe(0)
      expect(readFileSync(join(folder, 'output'), 'utf8')).toBe('code=0\ncode=5\n')
      expect(readFileSync(join(folder, 'access.md'), 'utf8')).toMatch(/^\| ➕ \| member anna \| write/m)
    } finally {
      restore()
    }
  }, 240_000)

  it.each([
    ['0', '', 'success'],
    ['5', '', 'pending'],
    ['5', 'REVIEW_REQUIRED', 'pending'],
    ['5', 'CHANGES_REQUESTED', 'pending'],
    ['5', 'APPROVED', 'success'],
  ])('sets a status by who gains (%s) and who has approved ("%s"): %s', (code, decision, state) => {
    const told = join(folder, 'told')
    rmSync(told, { force: true })
    const gh = `#!/bin/sh\nif [ "$1" = pr ]; then echo '${decision}'; else printf '%s\\n' "$@" > '${told}'; fi\n`
    writeFileSync(join(folder, 'bin', 'gh'), gh, { mode: 0o755 })
    const [step] = workflow.jobs['new-access']!.steps
    const statuses = 'repos/acme/access/statuses/0123'
    expect(runScript(step!.run!, { URL: 'https://x', STATUSES: statuses, CODE: code }).status).toBe(0)
    const said = readFileSync(told, 'utf8').split('\n')
    expect(said).toEqual(expect.arrayContaining([statuses, 'context=ringfence/new-access', `state=${state}`]))
  })

  it('has owners for every file: a roster gives access too', () => {
    for (const owners of ['.github/CODEOWNERS', '.gitlab/CODEOWNERS']) {
      const lines = readFileSync(join(ci, owners), 'utf8').split('\n')
      expect(lines.find((line) => /^[^#]/.test(line))).toMatch(/^\* +@acme\/data-stewards$/)
    }
  })

  it('deploys with options that there are', () => {
    expectStopped(runStep('up', 'up'))
  }, 120_000)

  it('is green where nothing ends soon, and red where something does', () => {
    expect(runStep('expiring', 'expiring').status).toBe(0)
    endSoon()
    try {
      expect(runStep('expiring', 'expiring').status).toBe(7)
    } finally {
      restore()
    }
  }, 120_000)
})

/** A grant in the file ends tomorrow. */
function endSoon(): void {
  const path = join(folder, 'ringfence.yaml')
  const text = readFileSync(path, 'utf8')
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
  const ending = text.replace(/^( +- \{ to: [^}]+?) \}/m, `$1, until: ${tomorrow} }`)
  expect(ending).not.toBe(text)
  writeFileSync(path, ending)
}

describe('the pipeline of GitLab', () => {
  it('knows every call of ringfence that is tested here', () => {
    const calls = gitlabJobs.flatMap((job) =>
      (gitlab[job] as GitlabJob).script.flatMap((line) =>
        [...line.matchAll(/npx ringfence (\S+)/g)].map((match) => `${job} ${match[1]}`),
      ),
    )
    expect(calls).toEqual([
      'review fmt',
      'review check',
      'review diff',
      'new-access diff',
      'up up',
      'expiring expiring',
    ])
    expect(Object.keys(gitlab)).toEqual(['stages', 'default', ...gitlabJobs])
  })

  it('lets a file through whose promises are proved, and tells who gains', () => {
    for (const command of ['fmt', 'check', 'diff']) expect(runGitlab('review', command).status).toBe(0)
  }, 240_000)

  it('looks at every merge request: a roster gives access too', () => {
    for (const job of ['review', 'new-access', 'comment'] as const)
      for (const rule of (gitlab[job] as { readonly rules: readonly object[] }).rules)
        expect(Object.keys(rule)).toEqual(['if'])
  })

  it('asks for an approval of new access', () => {
    expect(runGitlab('new-access', 'diff').status).toBe(0)
    widen()
    try {
      expect(runGitlab('new-access', 'diff').status).not.toBe(0)
      expect(runGitlab('new-access', 'diff', { CI_MERGE_REQUEST_APPROVED: 'true' }).status).toBe(0)
    } finally {
      restore()
    }
  }, 240_000)

  it('deploys with options that there are', () => {
    const env = { PULUMI_SECRETS_PROVIDER: 'passphrase', PULUMI_BACKEND_URL: `file://${folder}` }
    expectStopped(runGitlab('up', 'up', env))
  }, 120_000)

  it('lists what ends soon', () => {
    expect(runGitlab('expiring', 'expiring').status).toBe(0)
  }, 120_000)
})
