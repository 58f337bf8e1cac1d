import type { Told } from './told.js'
import { Undetermined } from './undetermined.js'

/** The ARN of a queue by its URL, by which policies of queues name it. [SQS guide, "Queue and message identifiers"] */
export function queueArn(url: Told<string>): Told<string> {
  if (typeof url !== 'string') return url
  const match = /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?\/(\d{12})\/([\w.-]+)$/.exec(url)
  if (!match) return new Undetermined(`"${url}" is no URL of a queue`)
  const [, region, china, account, name] = match
  return `arn:${china ? 'aws-cn' : 'aws'}:sqs:${region}:${account}:${name}`
}
