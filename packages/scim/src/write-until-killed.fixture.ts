import { emptyModel, perform, sampleOfSteps } from './directory-model.fixture.js'
import { openDirectory } from './index.js'

// A process that makes one change after the other, and says after each that it has been answered.
const [path = '', seed = '0'] = process.argv.slice(2)
const directory = openDirectory(path)
const model = emptyModel()
let done = 0
for (const step of sampleOfSteps(Number(seed))) {
  perform(step, directory, model)
  done += 1
  process.stdout.write(`${done}\n`)
  // Lets the parent's signal come at any time.
  await new Promise((resolve) => setImmediate(resolve))
}
