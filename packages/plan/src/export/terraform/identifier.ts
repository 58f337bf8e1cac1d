/**
 * The name of a block: the resource's id in the plan with `/` as `__` and every other character that Terraform
 * does not take (and `_` itself) as `_` and its code in hexadecimal. No two ids share a name, and a name depends on
 * its id alone: what is added to a file renames nothing that was there, and Terraform would replace what is
 * renamed.
 */
export function identifier(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9-]/gu, (character) =>
    character === '/' ? '__' : `_${(character.codePointAt(0) ?? 0).toString(16)}`,
  )
}
