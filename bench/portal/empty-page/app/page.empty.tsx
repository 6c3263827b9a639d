/** The smallest page that Next can serve: what ours are measured against. */
export default function Page() {
  return <h1>Empty</h1>
}
