// What Pulumi starts for programs in other languages: by the executable in bin/, or by PulumiPlugin.yaml.
import { startProvider } from './dist/plugin/main.js'

// Not awaited: Pulumi's host loads this by `require`, which takes no module that waits.
void startProvider()
