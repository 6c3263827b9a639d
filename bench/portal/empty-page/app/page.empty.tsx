/** The least that a page of Next's can be: what ours are measured against. */
export default function Page() {
  return <h1>Empty</h1>
}
