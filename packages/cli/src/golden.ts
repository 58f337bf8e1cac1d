import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * For tests: the expected output that `goldens/<name>` holds. With `RINGFENCE_UPDATE_GOLDENS=1` it first writes
 * `actual` there: look at the difference before committing it.
 */
export function golden(name: string, actual: string): string {
  const path = join(import.meta.dirname, '../goldens', name)
  if (process.env['RINGFENCE_UPDATE_GOLDENS'] === '1') {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, actual)
  }
  return readFileSync(path, 'utf8')
}
