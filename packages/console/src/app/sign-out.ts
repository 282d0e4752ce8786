/** Ends the session and starts over: nothing that was shown stays in the memory of the page. */
export async function signOut(): Promise<void> {
  await fetch('/api/auth/sign-out', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  });
  location.assign('/console/sign-in');
}
