// C0 without tab and newline, DEL, C1, and the marks that reorder or hide text (https://trojansource.codes).
// oxlint-disable-next-line no-control-regex -- control characters are the point
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** Text of others, safe for a terminal: what would move the cursor or hide text becomes `\u{…}`. */
export function printable(text: string): string {
  return text.replace(unsafe, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
}

/** As `printable`, but of the same length, so that columns still fit: each becomes U+FFFD. */
export function printableInPlace(text: string): string {
  return text.replace(unsafe, '\ufffd')
}
