const reservedPrefixes = ['xn--', 'sthree-', 'amzn-s3-demo-']
const reservedSuffixes = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3']

/**
 * Whether a general purpose bucket may have the name.
 * [S3 guide, "General purpose bucket naming rules"]
 */
export function isBucketName(name: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !reservedPrefixes.some((prefix) => name.startsWith(prefix)) &&
    !reservedSuffixes.some((suffix) => name.endsWith(suffix))
  )
}

/**
 * Whether the name lies in the account's own namespace in a region: `PREFIX-ACCOUNT-REGION-an`.
 * [S3 guide, "Namespaces for general purpose buckets"]
 */
export function isAccountRegionalName(name: string, account: string, region: string): boolean {
  const suffix = `-${account}-${region}-an`
  return name.endsWith(suffix) && name.length > suffix.length
}
