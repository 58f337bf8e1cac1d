import type { Canonical } from './canonical-text.js'

/** A text as far as it is like others: what it says, and the names in it. */
export interface Said {
  /** The same for the same text without its names. */
  readonly outline: number
  /** A number for each name, in the order in which they come first. */
  readonly names: readonly number[]
  /** Whether a name in it may be any other one. */
  readonly isNameFree: boolean
}

/** Keys of what is said, which are the same where it differs in nothing but names. Texts are looked through once. */
export class Likeness {
  private readonly outlines = new Map<string, number>()
  private readonly names = new Map<string, number>()
  private readonly ofObjects = new WeakMap<object, Said>()
  private readonly ofTexts = new Map<string, Said>()

  constructor(private readonly canonical: Canonical) {}

  said(text: string): Said {
    let said = this.ofTexts.get(text)
    if (said === undefined) this.ofTexts.set(text, (said = this.lookInto(text)))
    return said
  }

  private lookInto(text: string): Said {
    const outline = this.canonical.outlineOf(text)
    if (outline === undefined) return { outline: numberIn(this.outlines, text), names: [], isNameFree: false }
    return {
      outline: numberIn(this.outlines, outline.text),
      names: outline.names.map((name) => numberIn(this.names, name)),
      isNameFree: true,
    }
  }

  /** The same of an object that always says the same. */
  saidBy(object: object, textOf: () => string): Said {
    let said = this.ofObjects.get(object)
    if (said === undefined) this.ofObjects.set(object, (said = this.said(textOf())))
    return said
  }

  /**
   * Texts one after the other, with the names numbered through all of them: two keys are the same where the texts
   * written together would be. Where one of them tells names apart, all names stay what they are.
   */
  keyOf(parts: readonly Said[]): string {
    const isNameFree = parts.every((part) => part.isNameFree)
    const numbers = new Map<number, number>()
    let key = isNameFree ? '' : '='
    for (const { names, outline } of parts) {
      key += `|${outline}`
      for (const name of names) {
        let number = isNameFree ? numbers.get(name) : name
        if (number === undefined) numbers.set(name, (number = numbers.size))
        key += ` ${number}`
      }
    }
    return key
  }
}

function numberIn(numbers: Map<string, number>, text: string): number {
  let number = numbers.get(text)
  if (number === undefined) numbers.set(text, (number = numbers.size))
  return number
}
