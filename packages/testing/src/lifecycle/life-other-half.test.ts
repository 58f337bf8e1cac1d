import { test } from 'vitest'
import { liveHalf } from './live-many.js'

test('the other half of the lives', { timeout: 1_800_000 }, () => liveHalf(1))
