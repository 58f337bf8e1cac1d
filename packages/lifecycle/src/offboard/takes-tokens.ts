import type { ServiceSignIn } from '@ringfence/plan'

/** Whether all tokens of one subject of another way in open a way in as well. */
export function takesTokens(way: ServiceSignIn, other: ServiceSignIn, subject: string): boolean {
  return (
    way.arn === other.arn &&
    way.audience === other.audience &&
    way.subjects.some((pattern) => covers(pattern, subject))
  )
}

/**
 * Whether a pattern takes every text that another one takes. It reads the other as a text, in which a `*` stands for many
 * and so is taken by `*` alone; in the time of one text by the other.
 */
function covers(pattern: string, other: string): boolean {
  let [at, from] = [0, 0]
  let star: { readonly at: number; from: number } | undefined
  while (from < other.length) {
    const wanted = pattern[at]
    if (wanted === '*') {
      star = { at, from }
      at += 1
    } else if (wanted === other[from] || (wanted === '?' && other[from] !== '*')) {
      at += 1
      from += 1
    } else if (star === undefined) return false
    else {
      star.from += 1
      at = star.at + 1
      from = star.from
    }
  }
  return /^\**$/.test(pattern.slice(at))
}
