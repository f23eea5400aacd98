#define _GNU_SOURCE
#include "CBench.h"

#include <time.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

int64_t cbench_heap_bytes(void) {
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
  const struct mallinfo2 info = mallinfo2();
  return (int64_t)(info.uordblks + info.hblkhd);
#else
  return -1;
#endif
}

int64_t cbench_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t cbench_addition_chain(int64_t steps) {
  uint64_t value = (uint64_t)steps, other = value | 1;
  const int64_t start = cbench_now();
  for (int64_t i = 0; i < steps; i += 8) {
    // The compiler may neither merge nor drop what passes through here.
#define STEP __asm__ volatile("" : "+r"(value)); value += other;
    STEP STEP STEP STEP STEP STEP STEP STEP
#undef STEP
  }
  __asm__ volatile("" : : "r"(value));
  return cbench_now() - start;
}
