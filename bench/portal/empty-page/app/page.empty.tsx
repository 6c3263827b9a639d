/** The smallest page that Next can serve, as a reference. */
export default function Page() {
  return <h1>Empty</h1>
}
