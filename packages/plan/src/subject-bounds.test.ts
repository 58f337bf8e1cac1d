import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { unboundedBecause } from './subject-bounds.js'

const github = 'token.actions.githubusercontent.com'

/** As IAM's StringLike reads a pattern. */
function takes(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's').test(text)
}

test.each([
  [github, 'repo:acme/trainer:ref:refs/tags/v*', true],
  [github, 'repo:acme/trainer:*', true],
  [github, 'repo:acme/trainer:environment:production', true],
  [`${github}/acme`, 'repo:acme/trainer:*', true],
  [`${github}/acme`, 'repo:acme/*', false],
  [github, 'repo:acme/*', false],
  [github, 'repo:acme/trainer*', false],
  [github, 'repo:acme/trainer?:ref:refs/heads/main', false],
  [github, 'repo:*/trainer:ref:refs/heads/main', false],
  [github, 'repo:acme/*:environment:production', false],
  [github, '*', false],
  [github, 'job_workflow_ref:*', false],
  ['gitlab.com', 'project_path:acme/ml/trainer:ref_type:tag:ref:v*', true],
  ['gitlab.com', 'project_path:acme/*:ref_type:branch:ref:main', false],
  ['gitlab.com', 'repo:acme/trainer:*', false],
  ['ci.acme.example', 'repo:acme/trainer:*', false],
  ['ci.acme.example', 'anything at all', true],
])('%s: %s is bounded: %s', (issuer, subject, bounded) => {
  expect(unboundedBecause(subject, issuer) === undefined).toBe(bounded)
})

test('no pattern that is let through takes a token of another repository', () => {
  const name = fc.stringMatching(/^[a-z]{1,2}$/)
  const part = fc.oneof(name, fc.stringMatching(/^[a-z*?:/]{0,4}$/))
  const patterns = fc
    .tuple(fc.constantFrom('repo:', 'repo:', '*', 'repo?'), part, fc.constantFrom('/', ':'), part, part)
    .map(([start, owner, between, repository, rest]) => `${start}${owner}${between}${repository}:${rest}*`)
  const seen = { bounded: 0 }
  fc.assert(
    fc.property(
      patterns,
      name,
      name,
      name,
      name,
      part,
      (pattern, owner, repository, other, elsewhere, rest) => {
        if (unboundedBecause(pattern, github) !== undefined || !/[*?]/.test(pattern)) return
        seen.bounded += 1
        const own = /^repo:([^/]+)\/([^:]+):/.exec(pattern)
        for (const [left, right] of [
          [owner, repository],
          [other, elsewhere],
        ])
          if (takes(pattern, `repo:${left}/${right}:${rest}`)) expect([left, right]).toEqual(own?.slice(1))
      },
    ),
    { numRuns: 5_000 },
  )
  expect(seen.bounded).toBeGreaterThan(50)
})
