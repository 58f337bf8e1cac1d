/** What a declared file says about teams and members, read before its shape is known to be right. */
export interface NamesInFile {
  /** Teams that it declares or names as a grantee, as an owner or in a guarantee. */
  readonly teams: ReadonlySet<string>
  /** Names that stand where a member can: in a team, as a grantee or in a guarantee. */
  readonly members: ReadonlySet<string>
}

type Section = Readonly<Record<string, unknown>>

/** A mapping, or undefined. */
export function sectionOf(value: unknown): Section | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Section) : undefined
}

/** The list of a team, in its short form or its long one. */
export function membersOfTeam(team: unknown): readonly unknown[] | undefined {
  const list = sectionOf(team)?.['members'] ?? team
  return Array.isArray(list) ? (list as unknown[]) : undefined
}

export function namesInFile(value: Section): NamesInFile {
  const teams = new Set<string>()
  const members = new Set<string>()
  const addSubject = (text: unknown): void => {
    if (typeof text !== 'string') return
    if (!text.startsWith('members/')) teams.add(text.replace(/^teams\//, ''))
    if (!text.startsWith('teams/')) members.add(text.replace(/^members\//, ''))
  }
  for (const [name, team] of Object.entries(sectionOf(value['teams']) ?? {})) {
    teams.add(name)
    for (const member of membersOfTeam(team) ?? [])
      if (typeof member === 'string') members.add(member.replace(/^members\//, ''))
  }
  for (const grant of listOf(value['grants'])) addSubject(sectionOf(grant)?.['to'])
  for (const guarantee of listOf(value['guarantees']))
    addSubject(sectionOf(sectionOf(guarantee)?.['never'])?.['who'])
  for (const section of ['datasets', 'models'])
    for (const store of Object.values(sectionOf(value[section]) ?? {})) {
      const owner = sectionOf(store)?.['owner']
      if (typeof owner === 'string') teams.add(owner.replace(/^teams\//, ''))
    }
  return { teams, members }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : []
}
