/** A set of atoms: a number that only `AtomSets` can read. */
export type AtomSet = number

/** Sets of atoms for a search that unites the same few of them again and again. */
export interface AtomSets {
  /** The set of these bits. */
  of(bits: bigint): AtomSet
  bits(set: AtomSet): bigint
  union(one: AtomSet, other: AtomSet): AtomSet
  /** Whether the first has all that the second has. */
  includes(one: AtomSet, other: AtomSet): boolean
  /** Whether they have an atom in common. */
  meets(one: AtomSet, other: AtomSet): boolean
}

export const NO_ATOMS: AtomSet = 0

/** Sets of the bits of `all`: as they are where they fit into a small integer, else numbered. */
export function atomSets(all: bigint): AtomSets {
  return all < 1n << 30n ? SMALL : new NumberedSets()
}

const SMALL: AtomSets = {
  of: Number,
  bits: BigInt,
  union: (one, other) => one | other,
  includes: (one, other) => (one & other) === other,
  meets: (one, other) => (one & other) !== 0,
}

/** Gives each set that occurs a number, and remembers unions. */
class NumberedSets implements AtomSets {
  private readonly masks: bigint[] = [0n]
  private readonly numbers = new Map<bigint, AtomSet>([[0n, NO_ATOMS]])
  private readonly unions = new Map<number, AtomSet>()

  of(bits: bigint): AtomSet {
    const known = this.numbers.get(bits)
    if (known !== undefined) return known
    const number = this.masks.length
    this.masks.push(bits)
    this.numbers.set(bits, number)
    return number
  }

  bits(set: AtomSet): bigint {
    return this.masks[set]!
  }

  union(one: AtomSet, other: AtomSet): AtomSet {
    if (one === other || other === NO_ATOMS) return one
    if (one === NO_ATOMS) return other
    // Numbers of sets stay far below 2^26, so that two of them make one exact integer.
    const pair = Math.min(one, other) * 0x400_0000 + Math.max(one, other)
    const known = this.unions.get(pair)
    if (known !== undefined) return known
    const union = this.of(this.masks[one]! | this.masks[other]!)
    this.unions.set(pair, union)
    return union
  }

  includes(one: AtomSet, other: AtomSet): boolean {
    return this.union(one, other) === one
  }

  meets(one: AtomSet, other: AtomSet): boolean {
    return other !== NO_ATOMS && (this.masks[one]! & this.masks[other]!) !== 0n
  }
}
