import type { Plan } from '@ringfence/plan'
import type { DeclaredWorld } from '../declared-world.js'
import type { Answer, Finding } from '../finding.js'

/** A check that came to its end: what it was of, and what it found. */
export interface LastCheck {
  readonly plan: Plan
  readonly world: DeclaredWorld
  readonly kept: Kept
}

/** What of a check before is found again where it hangs on nothing that has changed; only what is proved is kept. */
export class Kept {
  /** Groups of answers, by what they are about and its name. */
  private readonly answers: AnswersByKind
  private readonly before: AnswersByKind | undefined
  /** By list, in its order. */
  private readonly lists: Map<string, (FindingsAt | undefined)[]>

  /**
   * `isOfSameThings`: there are all things that there were, and no other ones, so that what nobody asks for this time is
   * kept as well. The check before is not to be used any more: its parts are taken over.
   */
  constructor(before: Kept | undefined, isOfSameThings: boolean) {
    this.before = before?.answers
    this.answers = (isOfSameThings ? before?.answers : undefined) ?? new Map()
    this.lists = before?.lists ?? new Map()
  }

  /** Answers about something: those of the check before where nothing that they hang on has changed. */
  remember(
    kind: string,
    name: string,
    isUnchanged: boolean,
    compute: () => readonly Answer[],
  ): readonly Answer[] {
    const known = isUnchanged ? this.before?.get(kind)?.get(name) : undefined
    const answers = known ?? compute()
    let ofKind = this.answers.get(kind)
    if (ofKind === undefined) this.answers.set(kind, (ofKind = new Map()))
    if (known !== undefined || areProved(answers)) ofKind.set(name, answers)
    else ofKind.delete(name)
    return answers
  }

  /**
   * Findings about what stands in a place of a list: the same objects as before where it has its name still, nothing that
   * the answers hang on has changed, and neither has the place in the file, which has to be the same object.
   */
  findings(
    list: string,
    index: number,
    { name, place }: Named,
    isUnchanged: boolean,
    find: () => readonly Finding[],
  ): readonly Finding[] {
    let all = this.lists.get(list)
    if (all === undefined) this.lists.set(list, (all = []))
    const known = all[index]
    if (isUnchanged && known?.place === place && known.name === name) return known.findings
    const findings = find()
    all[index] = findings.every(({ answer }) => answer.proof === 'proved')
      ? { name, place, findings }
      : undefined
    return findings
  }
}

type AnswersByKind = Map<string, Map<string, readonly Answer[]>>

interface Named {
  readonly name: string
  readonly place: object
}

interface FindingsAt extends Named {
  readonly findings: readonly Finding[]
}

export function areProved(answers: readonly Answer[]): boolean {
  return answers.every(({ proof }) => proof === 'proved')
}
