import { ScimError } from '../scim-error.js'

/**
 * Lower case, letters without their accents. What is written in another script, or cannot be seen, is refused: `а` of
 * Cyrillic looks like `a`, and would be somebody else.
 */
export function toAscii(text: string, attribute: string): string {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[\p{Pd}\p{Zs}]/gu, '-')
    .toLowerCase()
  for (const character of plain) {
    if ((character >= ' ' && character <= '~') || isPunctuation(character)) continue
    const replacement = letters[character]
    if (replacement === undefined)
      throw new ScimError(
        400,
        'invalidValue',
        `${attribute} contains ${describe(character)}, of which no name in AWS can be made; Latin letters are needed`,
      )
  }
  return [...plain].map((character) => letters[character] ?? character).join('')
}

/** Latin letters that are not a letter and an accent. */
const letters: Readonly<Record<string, string>> = {
  ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ħ: 'h', ŋ: 'n', ŧ: 't', ı: 'i',
} // prettier-ignore

function isPunctuation(character: string): boolean {
  return /^[\p{P}\p{S}]$/u.test(character)
}

function describe(character: string): string {
  const point = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  return /\p{C}|\p{Z}/u.test(character) ? `an invisible character (${point})` : `"${character}" (${point})`
}

/** The same for names that are easily taken for each other: `o` and `0`, `l` and `1`. */
export function lookOf(name: string): string {
  return name.replaceAll('0', 'o').replaceAll('1', 'l')
}
