/** Letters that look like ASCII ones, by code point; the ones that are seen in practice. */
const lookAlikes: Readonly<Record<string, string>> = {
  а: 'a', е: 'e', о: 'o', р: 'p', с: 'c', у: 'y', х: 'x', і: 'i', ј: 'j', ѕ: 's', ԁ: 'd', ԛ: 'q', ԝ: 'w', һ: 'h',
  ӏ: 'l', к: 'k', м: 'm', н: 'h', т: 't', в: 'b', г: 'r', А: 'A', В: 'B', Е: 'E', К: 'K', М: 'M', Н: 'H', О: 'O',
  Р: 'P', С: 'C', Т: 'T', Х: 'X', α: 'a', ο: 'o', ρ: 'p', ν: 'v', ι: 'i', κ: 'k', υ: 'u', χ: 'x', γ: 'y', τ: 't',
  ı: 'i', ɑ: 'a', ɡ: 'g', ƅ: 'b', '‐': '-', '‑': '-', '‒': '-', '–': '-', '—': '-', '−': '-', '⁄': '/', '∕': '/',
} // prettier-ignore

const scripts: readonly (readonly [RegExp, string])[] = [
  [/\p{Script=Cyrillic}/u, 'Cyrillic'],
  [/\p{Script=Greek}/u, 'Greek'],
  [/\p{Script=Armenian}/u, 'Armenian'],
  [/\p{Script=Cherokee}/u, 'Cherokee'],
  [/\p{Script=Hebrew}/u, 'Hebrew'],
  [/\p{Script=Arabic}/u, 'Arabic'],
]

/** `U+0430` */
export function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

/** The ASCII text that `text` is easily taken for, where every strange character has one. */
export function asciiTwin(text: string): string | undefined {
  let twin = ''
  for (const character of text.normalize('NFKC')) {
    if (character >= ' ' && character <= '~') twin += character
    else if (lookAlikes[character] !== undefined) twin += lookAlikes[character]
    else {
      const base = character.normalize('NFD')[0]
      if (base === undefined || base < ' ' || base > '~') return undefined
      twin += base
    }
  }
  return twin
}

/** Describes the first character that is not printable ASCII, or undefined. */
export function describeStrangeCharacter(text: string): string | undefined {
  for (const character of text) {
    if (character >= ' ' && character <= '~') continue
    const point = codePointName(character)
    if (/\p{C}|\p{Z}/u.test(character)) return `an invisible character (${point})`
    const script = scripts.find(([pattern]) => pattern.test(character))?.[1]
    const twin = asciiTwin(character)
    const alike = twin === undefined || twin === '' ? '' : `, which looks like "${twin}"`
    return `"${character}" (${point}${script === undefined ? '' : `, ${script}`})${alike}`
  }
  return undefined
}
