import { test } from 'vitest'
import { liveHalf } from './live-many.js'

test(
  'whatever joins, moves, leaves, ends and is killed, nobody has what no file gives, and the end is a fresh deployment',
  { timeout: 1_800_000 },
  () => liveHalf(0),
)
