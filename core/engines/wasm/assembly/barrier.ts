// A barrier for a fixed team of threads on two i32 in shared memory: arrivals, then generation, both 0 at first.
// Spins a bounded while (steps of a program follow each other in microseconds), then sleeps.
// Sleeping traps on a browser's main thread: only workers may call it.

const GENERATION: usize = 4;

export function barrier(address: usize, threads: i32, spin: i32): void {
  // Read before arriving: afterwards the last thread may already have moved it on.
  const generation = atomic.load<i32>(address, GENERATION);
  if (atomic.add<i32>(address, 1) == threads - 1) {
    atomic.store<i32>(address, 0);
    atomic.add<i32>(address, 1, GENERATION);
    atomic.notify(address + GENERATION, -1);
    return;
  }
  for (let turn = 0; turn < spin; turn++) {
    if (atomic.load<i32>(address, GENERATION) != generation) return;
  }
  while (atomic.load<i32>(address, GENERATION) == generation) {
    atomic.wait<i32>(address + GENERATION, generation, -1);
  }
}
