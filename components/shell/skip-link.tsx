export const SkipLink = () => (
  <a
    href="#main"
    className="sr-only z-50 rounded-md bg-accent-fill px-3 py-2 text-on-fill focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
  >
    Skip to content
  </a>
)
