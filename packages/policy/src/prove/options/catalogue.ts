/** Actions that take the same types of resources. */
export interface ActionGroup {
  /** As AWS spells them. */
  readonly names: readonly string[]
  /** The same in lower case. */
  readonly folded: readonly string[]
  /** Forms of ARNs, such as `arn:${Partition}:s3:::${BucketName}`; none: requests have no resource. */
  readonly forms: readonly string[]
}

/** The known actions of AWS and the resources that they take. Services are read when they are asked for. */
export class ActionCatalogue {
  private readonly lines = new Map<string, string>()
  private readonly read = new Map<string, readonly ActionGroup[]>()

  constructor(chapters: readonly string[]) {
    for (const chapter of chapters)
      for (const line of chapter.split('\n')) this.lines.set(line.slice(0, line.indexOf('|')), line)
  }

  /** Prefixes of all services. */
  get services(): Iterable<string> {
    return this.lines.keys()
  }

  /** The actions of a service, by its prefix; none for a service that is not known. */
  groups(service: string): readonly ActionGroup[] {
    const known = this.read.get(service)
    if (known) return known
    const line = this.lines.get(service)
    const groups = line === undefined ? [] : readGroups(line)
    this.read.set(service, groups)
    return groups
  }
}

function readGroups(line: string): readonly ActionGroup[] {
  const [, printedForms = '', printedGroups = ''] = line.split('|')
  const forms = printedForms.split(' ')
  if (printedGroups === '') return []
  return printedGroups.split(';').map((group) => {
    const [numbers = '', printedNames = ''] = group.split('>')
    const names = printedNames.split(',')
    return {
      names,
      folded: names.map((name) => name.toLowerCase()),
      forms: numbers === '' ? [] : numbers.split(',').map((number) => forms[Number(number)]!),
    }
  })
}

let loaded: ActionCatalogue | undefined

/** The catalogue that comes with ringfence. It is large, so that only who needs it loads it. */
export async function loadActionCatalogue(): Promise<ActionCatalogue> {
  if (loaded) return loaded
  const { CATALOGUE_CHAPTERS } = await import('./catalogue-data.js')
  return (loaded = new ActionCatalogue(CATALOGUE_CHAPTERS))
}
