import type { PublicAccessBlock } from './layers.js'

const OFF: PublicAccessBlock = {
  blockPublicAcls: false,
  ignorePublicAcls: false,
  blockPublicPolicy: false,
  restrictPublicBuckets: false,
}

/**
 * Account and bucket settings together: the stricter of each counts; absent settings block nothing.
 * [S3 guide, "Block public access settings"]
 */
export function combinePublicAccessBlocks(
  a: PublicAccessBlock | undefined,
  b: PublicAccessBlock | undefined,
): PublicAccessBlock {
  const first = a ?? OFF
  const second = b ?? OFF
  return {
    blockPublicAcls: first.blockPublicAcls || second.blockPublicAcls,
    ignorePublicAcls: first.ignorePublicAcls || second.ignorePublicAcls,
    blockPublicPolicy: first.blockPublicPolicy || second.blockPublicPolicy,
    restrictPublicBuckets: first.restrictPublicBuckets || second.restrictPublicBuckets,
  }
}
