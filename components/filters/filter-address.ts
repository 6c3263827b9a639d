/** @returns the URL of a form's page with the form's values as parameters */
export function filterAddress(form: HTMLFormElement): string {
  const filled = [...new FormData(form)].map(([name, value]) => [name, String(value).trim()] as const)
  const search = new URLSearchParams(Object.fromEntries(filled.filter(([, value]) => value !== '')))
  // `form.action` returns a field with the name “action”, if there is one.
  const path = form.getAttribute('action') ?? ''
  return search.size > 0 ? `${path}?${search}` : path
}
