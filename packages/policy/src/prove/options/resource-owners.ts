import { Undecided, type Bounds } from '../bounds.js'
import { TIED_OWNER, tiesTo, type TargetedTie } from './dimension.js'
import { holdsWhenPresent } from './key-options.js'
import { RESOURCE_KEYS } from './key-shapes.js'
import { ACCOUNTS, wordLanguage } from '../texts/language.js'
import { partitionTexts, type StringPattern } from '../texts/partition.js'
import { ANY, ANY_DIGITS, ANY_WITHIN, COLON, literalTokens, ONE_DIGIT, type Token } from '../texts/pattern.js'
import { confine } from './principal-kinds.js'
import type { KeyUse, Term } from '../search/term.js'
import { addConditionPatterns, PatternSet } from '../texts/text-patterns.js'
import { splitByTies, type Tie } from '../variables/ties.js'

/** A condition on `aws:ResourceAccount`, with a bit of its own. */
interface OwnerUse extends KeyUse {
  readonly atom: bigint
}

/** One owner for each way in which the conditions on it can hold. */
export interface OwnerOption {
  /** Bits of the statements whose conditions on the owner do not hold. */
  readonly failed: bigint
  /** 12 digits. */
  readonly owner: string
  readonly ties: readonly TargetedTie[]
}

/**
 * What conditions ask of `aws:ResourceAccount`: it is the account in the ARN, and where there is none any account.
 * [reference_policies_condition-keys, aws:ResourceAccount]
 */
export interface OwnerTerm {
  /** Patterns of the owner by itself, with atoms of their own. */
  readonly alone: readonly StringPattern[]
  /** Patterns of ARNs that have an account, with the same atoms. */
  readonly inArn: readonly StringPattern[]
  readonly ties: readonly Tie[]
  /** Owners of what has no account in its ARN. */
  readonly free: readonly OwnerOption[]
  /** Statements that have a condition on the owner. */
  readonly asking: bigint
  /** The first bit of its atoms. */
  readonly firstAtom: bigint
  /** The first bit behind those that are taken. */
  readonly next: number
  /** Bits of the statements whose conditions do not hold for an ARN with these atoms. */
  failedAt(atoms: bigint): bigint
}

/** Undefined where no statement asks for the owner. Atoms are bits from `first` on; `owner` where there is one only. */
export function ownerTerm(
  term: Term,
  first: number,
  bounds: Bounds,
  owner?: string,
): OwnerTerm | undefined | Undecided {
  const uses: OwnerUse[] = []
  for (const [key, { uses: ofKey }] of term.keys)
    if (RESOURCE_KEYS.has(key))
      for (const use of ofKey) uses.push({ ...use, atom: 1n << BigInt(first + uses.length) })
  if (uses.length === 0) return undefined
  const firstTie = first + uses.length
  const alone = ownerPatterns(uses, firstTie, (account) => account)
  if (alone instanceof Undecided) return alone
  const inArn = ownerPatterns(uses, firstTie, (account) => [...HEAD, ...account, COLON, ANY])
  if (inArn instanceof Undecided) return inArn
  const language = owner === undefined ? ACCOUNTS : wordLanguage(owner)
  const classes = partitionTexts(alone.patterns, { language, bounds, what: 'aws:ResourceAccount' })
  if (classes instanceof Undecided) return classes
  const tied = splitByTies(classes, alone.ties)
  if (tied instanceof Undecided) return tied
  const free = new Map<bigint, OwnerOption>()
  for (const { atoms, text, ties } of tied) {
    const failed = failedUses(uses, atoms)
    if (!free.has(failed)) free.set(failed, { failed, owner: text, ties: tiesTo(TIED_OWNER, ties) })
  }
  return {
    alone: alone.patterns,
    inArn: inArn.patterns,
    ties: inArn.ties,
    free: [...free.values()],
    asking: uses.reduce((all, { statement }) => all | statement, 0n),
    firstAtom: 1n << BigInt(first),
    next: firstTie + inArn.ties.length,
    failedAt: (atoms) => failedUses(uses, atoms),
  }
}

/** `arn:…:…:…:`, behind which the account stands. */
const HEAD: readonly Token[] = [...literalTokens('arn:'), ...[1, 2, 3].flatMap(() => [ANY_WITHIN, COLON])]

function ownerPatterns(
  uses: readonly OwnerUse[],
  firstTie: number,
  around: (account: readonly Token[]) => readonly Token[],
): PatternSet | Undecided {
  const set = new PatternSet(firstTie)
  for (const { atom, condition } of uses) {
    const { family, source } = condition.operator
    if (family === 'null') continue
    if (!['string', 'stringIgnoreCase', 'stringLike', 'arn'].includes(family))
      return new Undecided('notSupported', `${condition.key} is compared by ${source}`)
    const undecided = addConditionPatterns(set, condition, atom, (tokens) => {
      const account = confine(tokens, ANY_DIGITS, ONE_DIGIT, /\d/)
      return account ? [around(account)] : []
    })
    if (undecided) return undecided
  }
  return set
}

function failedUses(uses: readonly OwnerUse[], atoms: bigint): bigint {
  let failed = 0n
  for (const { atom, condition, statement } of uses) {
    const { family, negated } = condition.operator
    // Every request has an owner.
    const holds = family === 'null' ? holdsWhenPresent(condition) : ((atoms & atom) !== 0n) !== negated
    if (!holds) failed |= statement
  }
  return failed
}
