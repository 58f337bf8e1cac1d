/**
 * The logical id of a resource: the words of its id in the plan and, because logical ids are letters and digits
 * only and so `a-b` and `a.b` would meet, a checksum of the id. It depends on the id alone: what is added to a
 * file renames nothing that was there, and CloudFormation would replace what is renamed.
 */
export function logicalId(id: string): string {
  const words = id.split(/[^A-Za-z0-9]+/).map((word) => word.charAt(0).toUpperCase() + word.slice(1))
  return `${words.join('')}${checksum(id)}`
}

/** 32-bit FNV-1a of the text's UTF-16 code units, as eight hexadecimal digits. */
function checksum(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0).toString(16).toUpperCase().padStart(8, '0')
}
