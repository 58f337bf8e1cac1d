import type { Statement } from '../policy.js'

/** Whether a statement has policy variables where they are expanded. */
export function hasVariables({ conditions, resource }: Statement): boolean {
  const texts = [
    ...(resource?.patterns ?? []).flatMap((pattern) => (pattern.type === 'arn' ? pattern.segments : [])),
    ...conditions.flatMap(({ values }) => values.flatMap((value) => ('text' in value ? [value.text] : []))),
  ]
  return texts.some(({ parts }) => parts.some(({ type }) => type === 'variable'))
}
