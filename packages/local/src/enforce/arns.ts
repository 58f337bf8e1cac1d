import { iamArn } from '../iam/identifiers.js'
import type { IamTables } from '../iam/tables.js'
import { nameKey } from '../iam/tables.js'

/** The ARN of what a request names, with the path of the one that exists; else as if it had none. */
export function userArn(iam: IamTables, account: string, name: string): string {
  return iam.users.get(nameKey(account, name))?.arn ?? iamArn(account, `user/${name}`)
}

export function groupArn(iam: IamTables, account: string, name: string): string {
  return iam.groups.get(nameKey(account, name))?.arn ?? iamArn(account, `group/${name}`)
}

export function roleArn(iam: IamTables, account: string, name: string): string {
  return iam.roles.get(nameKey(account, name))?.arn ?? iamArn(account, `role/${name}`)
}

export function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`
}

export function objectArn(bucket: string, key: string): string {
  return `arn:aws:s3:::${bucket}/${key}`
}

/** The account in an ARN; empty for S3's. */
export function accountOf(arn: string): string {
  return arn.split(':', 5)[4] ?? ''
}
