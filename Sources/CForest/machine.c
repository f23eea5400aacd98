// What the processor can do, and a scratch memory for each thread.
#include "CForest.h"

#include <pthread.h>
#include <stdlib.h>

bool cforest_has_avx512(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("gfni") && __builtin_cpu_supports("popcnt");
#else
  return false;
#endif
}

bool cforest_has_avx2(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt");
#else
  return false;
#endif
}

typedef struct {
  void *memory;
  size_t bytes;
} scratch;

static _Thread_local scratch thread_scratch;
// Only for its destructor: a thread that ends gives its scratch back.
static pthread_key_t at_exit_key;
static pthread_once_t at_exit_once = PTHREAD_ONCE_INIT;
static bool has_key;

static void make_key(void) { has_key = pthread_key_create(&at_exit_key, free) == 0; }

void *cforest_scratch(size_t bytes) {
  if (thread_scratch.bytes >= bytes) return thread_scratch.memory;
  pthread_once(&at_exit_once, make_key);
  if (!has_key) return NULL;
  bytes = (bytes + 63) / 64 * 64;
  void *memory = aligned_alloc(64, bytes);
  if (memory == NULL) return NULL;
  if (pthread_setspecific(at_exit_key, memory) != 0) {
    free(memory);
    return NULL;
  }
  free(thread_scratch.memory);
  thread_scratch = (scratch){.memory = memory, .bytes = bytes};
  return memory;
}
