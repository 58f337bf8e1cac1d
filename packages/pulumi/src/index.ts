export { componentTypes } from './component-types.js'
