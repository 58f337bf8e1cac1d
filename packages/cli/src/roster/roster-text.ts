/** A roster's text as it is kept: without a byte order mark, with line ends of Unix, so that a diff shows people only. */
export function keptRosterText(text: string): string {
  const plain = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  return plain.endsWith('\n') ? plain : `${plain}\n`
}
