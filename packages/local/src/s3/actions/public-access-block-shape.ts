import type { PublicAccessBlock } from '@ringfence/policy'
import { malformedXml } from './bucket-deps.js'

/** The element as S3 and S3 Control have it; what is absent is off. [API_PublicAccessBlockConfiguration] */
export interface PublicAccessBlockElement {
  BlockPublicAcls?: boolean | undefined
  IgnorePublicAcls?: boolean | undefined
  BlockPublicPolicy?: boolean | undefined
  RestrictPublicBuckets?: boolean | undefined
}

export function parsePublicAccessBlock(element: PublicAccessBlockElement | undefined): PublicAccessBlock {
  if (element === undefined) throw malformedXml()
  return {
    blockPublicAcls: element.BlockPublicAcls ?? false,
    ignorePublicAcls: element.IgnorePublicAcls ?? false,
    blockPublicPolicy: element.BlockPublicPolicy ?? false,
    restrictPublicBuckets: element.RestrictPublicBuckets ?? false,
  }
}

export function printPublicAccessBlock(block: PublicAccessBlock): Required<PublicAccessBlockElement> {
  return {
    BlockPublicAcls: block.blockPublicAcls,
    IgnorePublicAcls: block.ignorePublicAcls,
    BlockPublicPolicy: block.blockPublicPolicy,
    RestrictPublicBuckets: block.restrictPublicBuckets,
  }
}
