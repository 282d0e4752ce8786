/** The database cannot be used. The message is for whoever runs the installation. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
}
