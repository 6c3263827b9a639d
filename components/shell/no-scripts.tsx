import { Alert } from '#components/ui/alert.tsx'

/** Tells people without scripts what doesn't work, on every page. */
export const NoScripts = () => (
  <Alert kind="warn" title="JavaScript is off" className="not-noscript:hidden mb-6">
    <p>
      You can read every page, create spaces, download kubeconfigs, and request or approve access. Buttons that open a
      dialog, live updates, logs and the shell need JavaScript.
    </p>
  </Alert>
)
