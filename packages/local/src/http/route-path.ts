import { AwsError } from '../aws-error.js'
import type { OperationSchema, ServiceSchema } from '../wire/service-schema.js'

/** An operation found by its path template, with the values of the template's labels. */
export interface PathRoute {
  readonly schema: OperationSchema
  readonly labels: Readonly<Record<string, string>>
}

/** Finds a REST operation by method and path template (`/v20180820/accesspoint/{Name}`); undefined where none fits. */
export function routePath(service: ServiceSchema, method: string, rawPath: string): PathRoute | undefined {
  const segments = rawPath.split('/')
  let best: (PathRoute & { readonly literal: number }) | undefined
  for (const schema of service.operations.values()) {
    if (schema.http?.method !== method) continue
    const template = (schema.http.uri.split('?')[0] ?? '').split('/')
    const labels = matchTemplate(template, segments)
    if (labels === undefined) continue
    const literal = template.length - Object.keys(labels).length
    if (best === undefined || literal > best.literal) best = { schema, labels, literal }
  }
  return best
}

function matchTemplate(
  template: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  const labels: Record<string, string> = {}
  for (let i = 0; i < template.length; i++) {
    const part = template[i] ?? ''
    const label = /^\{(\w+)(\+?)\}$/.exec(part)
    if (label === null) {
      if (segments[i] !== part) return undefined
    } else {
      const greedy = label[2] === '+'
      const tail = template.length - i - 1
      const raw = greedy ? segments.slice(i, segments.length - tail).join('/') : segments[i]
      if (!raw) return undefined
      labels[label[1] ?? ''] = decode(raw)
      if (greedy)
        return template.slice(i + 1).every((rest, at) => segments[segments.length - tail + at] === rest)
          ? labels
          : undefined
    }
  }
  return segments.length === template.length ? labels : undefined
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.", 400)
  }
}
