import { canonicalText } from './canonical-text.js'

/** The four switches of a public access block, in whatever spelling. */
export interface AccessBlock {
  readonly blockPublicAcls?: boolean | undefined
  readonly ignorePublicAcls?: boolean | undefined
  readonly blockPublicPolicy?: boolean | undefined
  readonly restrictPublicBuckets?: boolean | undefined
}

/** Those that are on, so that none is the same as no block. */
export function accessBlock(block: AccessBlock): string {
  const { blockPublicAcls, ignorePublicAcls, blockPublicPolicy, restrictPublicBuckets } = block
  const switches = { blockPublicAcls, ignorePublicAcls, blockPublicPolicy, restrictPublicBuckets }
  const on = Object.entries(switches).filter(([, isOn]) => isOn === true)
  return on.map(([name]) => name).join(', ')
}

/** An algorithm, and the key by which ringfence and AWS call it. */
export function encryption(algorithm: string, key: string | undefined): string {
  return key === undefined ? algorithm : `${algorithm} by ${key}`
}

/** The one rule that ringfence sets. */
export function lifecycle(abortAfterDays: number): string {
  return `uploads are aborted after ${abortAfterDays} days`
}

/** What a bucket's rules come to: ringfence's own if that is all, else the rules themselves. */
export function lifecycleOf(rules: readonly LifecycleRule[]): string {
  const [rule, ...others] = rules
  const days = rule?.AbortIncompleteMultipartUpload?.DaysAfterInitiation
  if (rule === undefined || others.length > 0 || days === undefined) return canonicalText(rules)
  const { AbortIncompleteMultipartUpload: _, ID: __, Status, Filter, Prefix, ...more } = rule
  const all = (Prefix ?? '') === '' && Object.values(Filter ?? {}).every((value) => value === '')
  return all && Status === 'Enabled' && Object.keys(more).length === 0
    ? lifecycle(days)
    : canonicalText(rules)
}

/** As S3 gives a rule back. */
interface LifecycleRule {
  readonly ID?: string | undefined
  readonly Status?: string | undefined
  readonly Prefix?: string | undefined
  readonly Filter?: object | undefined
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation?: number | undefined } | undefined
}
