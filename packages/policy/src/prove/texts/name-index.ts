import { compileGlob, globMatches, type Glob, type ResolvedPart } from '../../match/glob.js'
import { atomSets, NO_ATOMS, type AtomSet, type AtomSets } from './atom-sets.js'
import type { StringPattern } from './partition.js'
import { ANY, type Token } from './pattern.js'

/** Finds the patterns of actions that take a name: most are names themselves, or a prefix and a star. */
export class NameIndex {
  private readonly sets: AtomSets
  private readonly exact = new Map<string, AtomSet>()
  private readonly prefixes: { readonly prefix: string; readonly atoms: AtomSet }[] = []
  private readonly globs: { readonly glob: Glob; readonly atoms: AtomSet }[] = []

  constructor(patterns: readonly StringPattern[]) {
    this.sets = atomSets(patterns.reduce((all, { atoms }) => all | atoms, 0n))
    for (const { atoms: bits, automaton } of patterns) {
      const { tokens } = automaton
      const atoms = this.sets.of(bits)
      const wildcard = tokens.findIndex((token) => token < 0)
      if (wildcard < 0) this.exact.set(textOf(tokens), atoms)
      else if (wildcard === tokens.length - 1 && tokens[wildcard] === ANY)
        this.prefixes.push({ prefix: textOf(tokens.slice(0, -1)), atoms })
      else this.globs.push({ glob: compileGlob(partsOf(tokens)), atoms })
    }
  }

  /** The atoms of all patterns that take the name, which is in lower case; `bits` reads them. */
  atoms(name: string): AtomSet {
    const { sets } = this
    let held = this.exact.get(name) ?? NO_ATOMS
    for (const { atoms, prefix } of this.prefixes) if (name.startsWith(prefix)) held = sets.union(held, atoms)
    for (const { atoms, glob } of this.globs)
      if (!sets.includes(held, atoms) && globMatches(glob, name)) held = sets.union(held, atoms)
    return held
  }

  bits(atoms: AtomSet): bigint {
    return this.sets.bits(atoms)
  }
}

function textOf(tokens: readonly Token[]): string {
  return String.fromCharCode(...tokens)
}

function partsOf(tokens: readonly Token[]): ResolvedPart[] {
  return tokens.map((token) => {
    if (token >= 0) return { type: 'literal', text: String.fromCharCode(token) }
    return { type: token === ANY ? 'any' : 'one' }
  })
}
