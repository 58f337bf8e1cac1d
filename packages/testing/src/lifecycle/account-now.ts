import { type Account, importAccount } from '@ringfence/check'
import {
  paginateGetAccountAuthorizationDetails,
  type GetAccountAuthorizationDetailsResponse as Details,
} from '@aws-sdk/client-iam'
import { collect, type Aws, unlessGone } from '../pulumi-resource-aws/aws.js'

/**
 * What an account tells of itself, read by the official clients and imported as `check --account` does. Bucket
 * policies are read again only after `forgetBuckets`.
 */
export class AccountReader {
  readonly #policies = new Map<string, string>()

  constructor(
    private readonly aws: Aws,
    private readonly account: string,
  ) {}

  forgetBuckets(): void {
    this.#policies.clear()
  }

  async read(): Promise<Account> {
    if (this.#policies.size === 0) await this.#readBuckets()
    const files = [{ path: 'details.json', text: JSON.stringify(await this.#details()) }]
    for (const [bucket, text] of this.#policies) files.push({ path: `buckets/${bucket}/policy.json`, text })
    const imported = importAccount(files, { account: this.account })
    if (!imported.ok) throw new Error(JSON.stringify(imported.diagnostics))
    return imported.value
  }

  async #details(): Promise<object> {
    const client = await this.aws.iam()
    const pages = await collect<Details, Details>(
      paginateGetAccountAuthorizationDetails(
        { client },
        { Filter: ['User', 'Group', 'Role', 'LocalManagedPolicy'] },
      ),
      (page) => [page],
    )
    return {
      UserDetailList: pages.flatMap((page) => page.UserDetailList ?? []),
      GroupDetailList: pages.flatMap((page) => page.GroupDetailList ?? []),
      RoleDetailList: pages.flatMap((page) => page.RoleDetailList ?? []),
      Policies: pages.flatMap((page) => page.Policies ?? []),
    }
  }

  async #readBuckets(): Promise<void> {
    const s3 = await this.aws.s3()
    const { Buckets = [] } = await s3.listBuckets({})
    for (const { Name: Bucket = '' } of Buckets) {
      const answer = await unlessGone(s3.getBucketPolicy({ Bucket }), 'NoSuchBucketPolicy')
      this.#policies.set(Bucket, JSON.stringify(answer === undefined ? {} : { Policy: answer.Policy }))
    }
  }
}
