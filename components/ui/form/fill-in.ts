type Control = HTMLInputElement | HTMLSelectElement

/** @returns the form's controls that correspond to URL parameters; not pickers, which have a name only without scripts */
const controlsOf = (form: HTMLFormElement): Control[] =>
  [...form.elements].filter(
    (one): one is Control =>
      (one instanceof HTMLInputElement || one instanceof HTMLSelectElement) &&
      one.name !== '' &&
      one.type !== 'hidden' &&
      one.role !== 'combobox',
  )

/** Updates a form's controls from the URL, which also changes by links and the browser's Back. */
export function fillIn(form: HTMLFormElement, address: URLSearchParams): void {
  for (const control of controlsOf(form)) {
    const { name, type } = control
    if (control instanceof HTMLInputElement && type === 'checkbox')
      control.checked = address.get(name) === control.value
    else control.value = address.get(name) ?? ''
  }
}

/** @returns whether a form had any input before the page’s scripts ran */
export const isFilledEarly = (form: HTMLFormElement): boolean => controlsOf(form).some(isTouched)

/** Whether a control differs from the page's initial value. */
function isTouched(control: Control): boolean {
  if (control instanceof HTMLSelectElement) {
    const { options, selectedIndex } = control
    const first = [...options].findIndex(({ defaultSelected }) => defaultSelected)
    return selectedIndex !== Math.max(first, 0)
  }
  if (control.type === 'checkbox') return control.checked !== control.defaultChecked
  // Browsers don’t show an invalid time.
  if (control.type === 'datetime-local' && control.value === '') return false
  return control.value !== control.defaultValue
}

/** Whether a control's value is selected rather than typed. */
export const isChosen = (control: unknown): control is HTMLSelectElement | HTMLInputElement =>
  control instanceof HTMLSelectElement || (control instanceof HTMLInputElement && control.type === 'checkbox')
