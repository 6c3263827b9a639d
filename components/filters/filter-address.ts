/** @returns the address of a form's page with what is filled in as parameters */
export function filterAddress(form: HTMLFormElement): string {
  const filled = [...new FormData(form)].map(([name, value]) => [name, String(value).trim()] as const)
  const search = new URLSearchParams(Object.fromEntries(filled.filter(([, value]) => value !== '')))
  // A field may be called “action” too, and would be what `form.action` is.
  const path = form.getAttribute('action') ?? ''
  return search.size > 0 ? `${path}?${search}` : path
}
