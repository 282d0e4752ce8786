/** How far each target has got. Kept in the database, so that nothing is left out after a crash. */
export interface PositionStore {
  /** Notes where a target begins, unless it has begun already. */
  begin(target: string, position: string): Promise<void>;
  /**
   * Takes a target for one node, so that not every node delivers the same, and gives its position. Undefined while
   * another node has it.
   *
   * @param until milliseconds since 1970; when they are over, another node may take it.
   */
  hold(target: string, holder: string, now: number, until: number): Promise<string | undefined>;
  /** Does nothing when another node has taken the target meanwhile. */
  save(target: string, holder: string, position: string): Promise<void>;
  /** Undefined for a target that has not begun. */
  read(target: string): Promise<string | undefined>;
}
