/** Memory of its own for each thread, where a kernel keeps what need not outlive one call. */
let scratchAt: usize = 0;

/** Called by the runtime before the first kernel of a team and whenever the team asks for more scratch. */
export function setScratch(at: usize): void {
  scratchAt = at;
}

export function scratch(): usize {
  return scratchAt;
}
