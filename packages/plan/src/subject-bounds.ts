/** How an issuer builds the subjects of its tokens, as far as bounds of a pattern hang on it. */
interface SubjectForm {
  /** What a pattern has to begin with, so that everything it takes belongs to one project. */
  readonly start: RegExp
  /** The same for people. */
  readonly words: string
}

/**
 * Issuers that many organizations share, and that put the project first into a subject. GitHub Docs, "OpenID Connect
 * reference": `repo:OWNER/REPOSITORY:…`; GitLab Docs, "OpenID Connect (OIDC) authentication using ID tokens":
 * `project_path:GROUP/PROJECT:…`. Neither allows a colon in the name of an owner, group or project, so the colon ends it.
 */
const forms: ReadonlyMap<string, SubjectForm> = new Map([
  [
    'token.actions.githubusercontent.com',
    { start: /^repo:[^*?:/]+\/[^*?:/]+:/, words: '"repo:OWNER/REPOSITORY:"' },
  ],
  ['gitlab.com', { start: /^project_path:[^*?:/]+(?:\/[^*?:/]+)+:/, words: '"project_path:GROUP/PROJECT:"' }],
])

/** Whether `*` or `?` stand in it, which a trust policy takes for any characters. */
export function isPattern(subject: string): boolean {
  return /[*?]/.test(subject)
}

/** Why a subject with wildcards may belong to somebody else; undefined where it cannot. `issuer` is host and path. */
export function unboundedBecause(subject: string, issuer: string): string | undefined {
  if (!isPattern(subject)) return undefined
  // An enterprise may have an issuer of its own, which is a path below the common one.
  const form = forms.get(issuer.replace(/\/.*$/s, ''))
  if (form === undefined)
    return `how ${issuer} builds its subjects is not known, so that nothing tells whose tokens the pattern takes`
  return form.start.test(subject)
    ? undefined
    : `the pattern takes tokens of several projects: only after ${form.words} may wildcards follow`
}
